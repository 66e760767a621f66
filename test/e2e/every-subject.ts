import { mintCredentials, openAuthority } from '../../coordinator/identity/authority.js';
import { everything } from '../contract/bus-server-fixture.js';

/** Credentials that allow everything, as no identity of a site has them: made with the home's own keys. */
export async function credentialsForEverySubject(home: string): Promise<Uint8Array> {
  const identity = { role: 'operator', id: 'everyone' } as const;
  const options = { issuedUnixMs: Date.now(), permissions: everything };
  return new TextEncoder().encode(mintCredentials(await openAuthority(home), identity, options));
}
