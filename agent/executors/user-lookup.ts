import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  /** Every group that it is in, its own among them. */
  readonly groups: readonly number[];
}

const timeoutMs = 5000;
/** What is known is not asked for again so soon: a hundred commands of one user may have to be started at once. */
const rememberedMs = 1000;
const lookups = new Map<string, Promise<User | undefined>>();

/** The user of this name or number, from wherever the system knows users (getent(1)); undefined when there is none. */
export function findUser(nameOrUid: string): Promise<User | undefined> {
  const known = lookups.get(nameOrUid);
  if (known !== undefined) return known;
  const lookup = lookUp(nameOrUid);
  lookups.set(nameOrUid, lookup);
  setTimeout(() => lookups.delete(nameOrUid), rememberedMs).unref();
  return lookup;
}

async function lookUp(nameOrUid: string): Promise<User | undefined> {
  const [passwd, guessed] = await Promise.all([getent('passwd', nameOrUid), getent('initgroups', nameOrUid)]);
  const user = parsePasswd(passwd);
  if (user === undefined) return undefined;
  // Groups are only known by name.
  const groups = parseGroups(user.name === nameOrUid ? guessed : await getent('initgroups', user.name));
  return { ...user, groups: [...new Set([user.gid, ...groups])] };
}

/** Empty when there is no such entry. */
async function getent(database: string, key: string): Promise<string> {
  try {
    return (await promisify(execFile)('getent', [database, '--', key], { timeout: timeoutMs })).stdout;
  } catch {
    return '';
  }
}

/** One line of passwd(5). */
function parsePasswd(line: string): Omit<User, 'groups'> | undefined {
  const [name = '', , uid = '', gid = '', , home = '/'] = line.trim().split(':');
  if (name === '' || !/^\d+$/.test(uid) || !/^\d+$/.test(gid)) return undefined;
  return { name, uid: Number(uid), gid: Number(gid), home };
}

/** The user's name, then the numbers of its groups. */
function parseGroups(line: string): readonly number[] {
  const [, ...numbers] = line.trim().split(/\s+/);
  return numbers.filter((number) => /^\d+$/.test(number)).map(Number);
}
