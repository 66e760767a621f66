import { dirname, join } from 'node:path';
import { mintCredentials, openAuthority } from '../../coordinator/identity/authority.js';
import type { Permissions } from '../../coordinator/identity/permissions.js';
import { replacePrivateFile } from '../../coordinator/identity/private-file.js';
import type { Bus } from '../../proto/bus.js';
import { connectBus } from '../../proto/nats-bus.js';
import type { Coordinator } from './coordinator.js';

/** A bus connection that hears everything: its credentials are made with the home's own keys. */
export async function listeningBus(coordinator: Coordinator): Promise<Bus> {
  const info = JSON.parse(await coordinator.cpectl('--json', 'info')) as {
    home: string;
    busUrl: string;
    credentialsFile: string;
  };
  const identity = { role: 'operator', id: 'bench' } as const;
  const credentialsFile = join(dirname(info.credentialsFile), 'bench.creds');
  const everything = { publish: ['>'], subscribe: ['>'], answers: true } as unknown as Permissions;
  const authority = await openAuthority(info.home);
  const credentials = mintCredentials(authority, identity, { issuedUnixMs: Date.now(), permissions: everything });
  await replacePrivateFile(credentialsFile, credentials);
  return connectBus({
    servers: [info.busUrl],
    credentialsFile,
    identity,
    name: 'bench',
    onProblem: () => {},
  });
}
