import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { guestCredentials } from '../../proto/guest-credentials.js';
import type { AgentIdentity } from '../identity.js';

/** What a launcher has handed over, as it was found; `undefined` where there is nothing, or only white space. */
export interface GuestFiles {
  readonly identity: string;
  readonly bus: string | undefined;
  readonly network: string | undefined;
  readonly time: string | undefined;
  readonly seed: string | undefined;
}

/** One place where an identity may be. */
export interface IdentitySource {
  /** What it is and where, in words that follow "no identity in ". */
  readonly name: string;
  look(): Look | Promise<Look>;
}

/** One that is there or not, without a question to anybody. */
export interface PlainSource extends IdentitySource {
  look(): Look;
}

/**
 * `configured`: there is a file that stays where it is, with all that it names; nothing of the guest is changed.
 * `unusable`: something was meant to be there and is broken; no other place may be asked instead.
 */
export type Look =
  | { readonly kind: 'found'; readonly files: GuestFiles; readonly origin: string }
  | { readonly kind: 'configured'; readonly identity: AgentIdentity; readonly origin: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unusable'; readonly problem: string };

/** More than any of them needs; who gives more has given something else. */
export const maxGuestFileBytes = 65_536;

/** Takes the files of a place by their names, with `read`, which may throw. What has no identity has nothing. */
export function gatherGuestFiles(origin: string, read: (name: string) => string | undefined): Look {
  try {
    const given = (name: string): string | undefined => {
      const text = read(name);
      return text === undefined || text.trim() === '' ? undefined : text;
    };
    const identity = given(guestCredentials.identity);
    if (identity === undefined) return { kind: 'nothing' };
    const files = {
      identity,
      bus: given(guestCredentials.bus),
      network: given(guestCredentials.network),
      time: given(guestCredentials.time),
      seed: given(guestCredentials.seed),
    };
    return { kind: 'found', files, origin };
  } catch (error) {
    return { kind: 'unusable', problem: `${origin}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/**
 * A directory with files of their names, or with `NAME/<leaf>` in their place. systemd puts credentials into one
 * (systemd.exec(5), LoadCredential; PID 1's own are in /run/credentials/@system), sysfs has what QEMU gives by fw_cfg.
 */
export function directorySource(name: string, directory: string, leaf = ''): PlainSource {
  return {
    name: `${name} (${join(directory, guestCredentials.identity, leaf)})`,
    look: () => gatherGuestFiles(`${name} (${directory})`, (file) => readBounded(join(directory, file, leaf))),
  };
}

/**
 * A small regular file; undefined when there is none.
 *
 * @throws Error when it is larger than `maxGuestFileBytes`, no regular file, or cannot be read.
 */
export function readBounded(path: string): string | undefined {
  let file: number;
  try {
    // Neither a pipe nor a terminal in its place may hold up the agent.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
  try {
    // Files of sysfs do not tell their size.
    const bytes = Buffer.alloc(maxGuestFileBytes + 1);
    let length = 0;
    for (;;) {
      const count = readSync(file, bytes, length, bytes.length - length, null);
      length += count;
      if (count === 0) break;
    }
    if (length > maxGuestFileBytes) throw new Error(`${path}: larger than ${maxGuestFileBytes} bytes`);
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}

function isAbsence(error: unknown): boolean {
  const { code } = error as { readonly code?: string };
  return code === 'ENOENT' || code === 'ENOTDIR';
}
