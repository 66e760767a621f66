import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import type { ExecDefinition, OperationOutcome } from '../core/operation.js';
import { Ocf } from '../core/operation.js';
import { baseEnvironment, findUnsafe } from './environment.js';
import { findImpossibleLimit, type Limits } from './resource-limits.js';
import { notInstalled, outcome } from './script-outcome.js';
import { findUser, type User } from './user-lookup.js';

/** Everything that is needed to start a command, looked up and checked. */
export interface Launch {
  readonly path: string;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  /** Undefined: the agent's own user and groups. */
  readonly owner: { readonly uid: number; readonly gid: number; readonly groups: readonly number[] } | undefined;
  readonly limits: Limits;
}

export type PreparedLaunch =
  | { readonly kind: 'launch'; readonly launch: Launch }
  | { readonly kind: 'impossible'; readonly outcome: OperationOutcome };

/** Looks up program, directory and user of a command. What is missing is named; nothing is started. */
export async function prepareLaunch(definition: ExecDefinition): Promise<PreparedLaunch> {
  const [program] = definition.command;
  if (program === undefined || program === '') return impossible(Ocf.notConfigured, 'the command is empty');
  const unsafe = findUnsafe(definition.environment);
  if (unsafe !== undefined) return impossible(Ocf.notConfigured, unsafe);
  if (definition.command.some((argument) => argument.includes('\0'))) {
    return impossible(Ocf.notConfigured, 'an argument contains a NUL character');
  }
  const directory = definition.directory === '' ? '/' : definition.directory;
  if (!isDirectory(directory)) return impossible(Ocf.notConfigured, `${directory}: no such directory`);

  let user: User | undefined;
  if (definition.user !== '') {
    user = await findUser(definition.user);
    if (user === undefined) return impossible(Ocf.notConfigured, `there is no user ${JSON.stringify(definition.user)}`);
    const own = process.getuid?.();
    if (own !== 0 && own !== user.uid) {
      return impossible(Ocf.noPermission, `the agent is not root and cannot run as user ${user.name}`);
    }
  }
  const ofUser = user === undefined ? {} : { HOME: user.home, USER: user.name, LOGNAME: user.name };
  const environment: Record<string, string> = { ...baseEnvironment(), ...ofUser, ...definition.environment };
  const path = findProgram(program, environment.PATH ?? '', directory);
  if (path === undefined) {
    const where = program.includes('/') ? '' : ` in ${environment.PATH}`;
    return { kind: 'impossible', outcome: notInstalled(`${program}: no such executable${where}`) };
  }
  const isOther = user !== undefined && user.uid !== process.getuid?.();
  const owner = isOther && user !== undefined ? { uid: user.uid, gid: user.gid, groups: user.groups } : undefined;
  const { limits = {} } = definition;
  const reason = Object.keys(limits).length === 0 ? undefined : findImpossibleLimit(limits);
  if (reason !== undefined) return impossible(Ocf.notConfigured, reason);
  return { kind: 'launch', launch: { path, argv: definition.command, environment, directory, owner, limits } };
}

function impossible(rc: number, reason: string): PreparedLaunch {
  return { kind: 'impossible', outcome: outcome(rc, rc === Ocf.noPermission ? 'error' : 'done', reason) };
}

/** The executable file of this name, in these folders unless it is a path; undefined when there is none. */
export function findProgram(program: string, path: string, directory: string): string | undefined {
  const candidates = program.includes('/')
    ? [isAbsolute(program) ? program : resolve(directory, program)]
    : path.split(':').map((folder) => join(folder === '' ? '.' : folder, program));
  for (const candidate of candidates) {
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return candidate;
    } catch {
      // Not this one.
    }
  }
  return undefined;
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
