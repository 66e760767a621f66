/** Keeps the certificate of the home's own bus server good, without an interruption for anybody. */
import { ensureServerCertificate } from '../identity/site-ca.js';
import { runningServer, serverAddresses, serverCertificateFile } from './bus-server.js';
import type { SiteConfig } from './site-config.js';

/**
 * Makes a new one when a third of its life is left, or its authority was replaced, and tells the server, which shows it to
 * whoever connects from then on. True when it was made. Nothing to do where the servers are the operator's.
 */
export async function renewServerCertificate(
  home: string,
  { natsServer, listen }: Pick<SiteConfig, 'natsServer' | 'listen'>,
  now: number,
): Promise<boolean> {
  if (natsServer === '') return false;
  const addresses = serverAddresses(listen);
  const isNew = await ensureServerCertificate(home, serverCertificateFile(home), { now, addresses });
  const pid = isNew ? await runningServer(home) : undefined;
  if (pid !== undefined) process.kill(pid, 'SIGHUP');
  return isNew;
}
