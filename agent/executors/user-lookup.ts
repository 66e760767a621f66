import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** The user of this name or number, from wherever the system knows users (getent(1)); undefined when there is none. */
export async function findUser(nameOrUid: string): Promise<User | undefined> {
  try {
    const { stdout } = await promisify(execFile)('getent', ['passwd', '--', nameOrUid], { timeout: 5000 });
    return parsePasswd(stdout);
  } catch {
    return undefined;
  }
}

/** One line of passwd(5). */
function parsePasswd(line: string): User | undefined {
  const [name = '', , uid = '', gid = '', , home = '/'] = line.trim().split(':');
  if (name === '' || !/^\d+$/.test(uid) || !/^\d+$/.test(gid)) return undefined;
  return { name, uid: Number(uid), gid: Number(gid), home };
}
