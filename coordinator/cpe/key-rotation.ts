/** What changing the keys of a site takes on the machine where it is done. */
import { connect } from 'nats';
import { readBusCredentials } from '../../proto/bus-credentials.js';
import { busTls } from '../../proto/bus-tls.js';
import { mintCredentials, openAuthority } from '../identity/authority.js';
import { createNkey, parseNkeySeed } from '../identity/nkey.js';
import { replaceSiteCa } from '../identity/site-ca.js';
import { renewServerCertificate } from './bus-certificate.js';
import { ensureCredentials, ensureOwnIdentities } from './credentials.js';
import type { SiteConfig } from './site-config.js';

const probeLifeMs = 300_000;
const dialMs = 5_000;

/** Looks whether every server of the bus takes what a key has signed; false as well where one cannot be reached. */
export function signingProbe(home: string, servers: readonly string[], seed: string): () => Promise<boolean> {
  const signing = parseNkeySeed('account', seed);
  return async () => {
    const authority = { ...(await openAuthority(home)), signing };
    const now = Date.now();
    const probe = { user: createNkey('user'), issuedUnixMs: now, expiresUnixMs: now + probeLifeMs };
    const text = mintCredentials(authority, { role: 'viewer', id: 'key-probe' }, probe);
    const { authenticator, authorities } = readBusCredentials(text);
    const tls = busTls(authorities);
    const common = { authenticator, reconnect: false, timeout: dialMs, ...(tls === undefined ? {} : { tls }) };
    const taken = await Promise.all(
      servers.map((server) =>
        connect({ servers: server, ...common }).then(
          (connection) => connection.close().then(() => true),
          () => false,
        ),
      ),
    );
    return taken.every(Boolean);
  };
}

/** A new certificate authority, and credentials by it. `isTold`: the home's own server shows a certificate of it. */
export async function rotateCertificate(
  home: string,
  config: SiteConfig,
  now: number,
): Promise<{ readonly isTold: boolean }> {
  await replaceSiteCa(home);
  const isTold = await renewServerCertificate(home, config, now);
  await ensureCredentials(home);
  await ensureOwnIdentities(home);
  return { isTold };
}
