import { constants } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';

/** As whom a guest's QEMU runs. */
export interface GuestUser {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary ones. */
  readonly groups: readonly number[];
}

export type ChosenUser =
  | { readonly kind: 'own'; readonly user: GuestUser }
  /** That of launcherd. */
  | { readonly kind: 'same'; readonly reason: string };

/** Numbers that nobody gives to users (systemd's "Users, Groups, UIDs and GIDs on systemd systems"). */
const FIRST_UID = 1_879_048_192;
const UIDS = 268_435_454;

/**
 * A user for one guest alone, without a name and a home: a guest that breaks out of its machine finds nothing that
 * belongs to this user but the files of the guest. Only root can start a process as another user, and that one must be
 * able to open the devices that QEMU needs.
 *
 * @param uuid of the machine (machineUuid)
 * @param devices that QEMU opens for itself
 */
export async function chooseGuestUser(uuid: string, devices: readonly string[]): Promise<ChosenUser> {
  if (process.getuid?.() !== 0) return { kind: 'same', reason: 'launcherd is not root' };
  const uid = FIRST_UID + (Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16) % UIDS);
  if (!isMapped(await readFile('/proc/self/uid_map', 'utf8'), uid)) {
    return { kind: 'same', reason: 'the user namespace of launcherd has too few users' };
  }
  const groups: number[] = [];
  for (const device of devices) {
    const { mode, gid } = await stat(device);
    if ((mode & READ_WRITE_OTHERS) === READ_WRITE_OTHERS) continue;
    if ((mode & READ_WRITE_GROUP) !== READ_WRITE_GROUP || gid === 0) {
      return { kind: 'same', reason: `only root may use ${device}` };
    }
    groups.push(gid);
  }
  return { kind: 'own', user: { uid, gid: uid, groups } };
}

export interface RunPlace {
  readonly directory: string;
  /** Its standard input; opened before privileges are given up. */
  readonly input?: string | undefined;
}

/**
 * The command that runs another one as `user`, in a directory, without a way back to more privileges. Every program in it
 * becomes the next one (execve(2)), so that the process stays the same.
 */
export function runAs(user: GuestUser | undefined, place: RunPlace, command: readonly string[]): string[] {
  const read = place.input === undefined ? [] : ['sh', '-c', 'exec "$@" <"$0"', place.input];
  const change = ['env', `--chdir=${place.directory}`, ...read];
  if (user === undefined) return [...change, ...command];
  const groups = user.groups.length === 0 ? ['--clear-groups'] : [`--groups=${user.groups.join()}`];
  const become = [`--reuid=${user.uid}`, `--regid=${user.gid}`, ...groups, '--no-new-privs', '--inh-caps=-all'];
  return [...change, 'setpriv', ...become, ...command];
}

/**
 * What keeps others than root from reading a file, by mode: a directory above it that they may not search, the outermost
 * one, or the file itself. Undefined when nothing does.
 */
export async function findBarrier(path: string): Promise<string | undefined> {
  let barrier: string | undefined;
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('/')) || '/') {
    const wanted = at === path ? constants.S_IROTH : constants.S_IXOTH;
    if (((await stat(at)).mode & wanted) === 0) barrier = at;
    if (at === '/') return barrier;
  }
}

const READ_WRITE_OTHERS = constants.S_IROTH | constants.S_IWOTH;
const READ_WRITE_GROUP = constants.S_IRGRP | constants.S_IWGRP;

/** Lines "first-inside first-outside count" (user_namespaces(7)). */
function isMapped(map: string, uid: number): boolean {
  return map.split('\n').some((line) => {
    const [first = Number.NaN, , count = Number.NaN] = line.trim().split(/\s+/).map(Number);
    return uid >= first && uid < first + count;
  });
}
