import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type GuestAddresses, guestCredentials } from '../../../proto/guest-credentials.js';
import type { CompleteIdentity } from '../platform.js';

/** File name to content: what a guest is given by fw_cfg. */
export type CredentialFiles = ReadonlyMap<string, string>;

/**
 * A guest remembers the names and the sizes of the files that fw_cfg had when it booted. So those of a template, which
 * are blank, and of what is restored from it have the same sizes; white space is nothing in all of them.
 */
export const templateSizes: ReadonlyMap<string, number> = new Map([
  [guestCredentials.identity, 4_096],
  [guestCredentials.bus, 8_192],
  [guestCredentials.network, 1_024],
  [guestCredentials.time, 64],
  [guestCredentials.seed, 256],
] as [string, number][]);

const SEED_BYTES = 64;

/**
 * What an agent is given. Rejects when the file with the credentials cannot be read.
 *
 * @param credentialsFile on the launcher host: the agents' for the bus
 */
export async function credentialFiles(
  identity: CompleteIdentity,
  credentialsFile: string,
  network: GuestAddresses,
): Promise<CredentialFiles> {
  return new Map([
    [guestCredentials.identity, JSON.stringify(identity)],
    [guestCredentials.bus, await readFile(credentialsFile, 'utf8')],
    [guestCredentials.network, JSON.stringify(network)],
  ] as [string, string][]);
}

/** Blank ones. */
export function templateFiles(): CredentialFiles {
  return new Map([...templateSizes].map(([name, bytes]) => [name, ' '.repeat(bytes)]));
}

/**
 * The same for a guest that is restored: with the time and fresh random bytes, since it has those of its template, and
 * with the sizes of its template. Undefined when one of them is too large.
 */
export function restoredFiles(files: CredentialFiles): CredentialFiles | undefined {
  const all = new Map([
    ...files,
    [guestCredentials.time, `${Date.now()}`],
    [guestCredentials.seed, randomBytes(SEED_BYTES).toString('base64')],
  ]);
  const padded = new Map<string, string>();
  for (const [name, bytes] of templateSizes) {
    const text = all.get(name) ?? '';
    const missing = bytes - Buffer.byteLength(text);
    if (missing < 0) return undefined;
    padded.set(name, text + ' '.repeat(missing));
  }
  return padded;
}
