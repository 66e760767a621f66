import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { guestStateDirectory } from '../proto/guest-credentials.js';
import { type InstanceId, parseInstanceId, renderInstanceId } from '../proto/instance-id.js';

/** Who this agent is, and how it reaches the bus: written by the launcher for this instance alone. */
export interface AgentIdentity {
  readonly deployable: string;
  readonly assembly: string;
  readonly instance: InstanceId;
  readonly launcherHost: string;
  /** Of the decider that ordered the start of the instance. */
  readonly epoch: number;
  readonly busServers: readonly string[];
  readonly credentialsFile: string;
  readonly heartbeatIntervalMs: number;
  /** Where the instance can be reached; empty where the agent is to find that out. */
  readonly address: string;
  /** Empty: that of the machine. */
  readonly hostname: string;
  /** Absolute; the agent keeps what it must not forget below it. */
  readonly stateDirectory: string;
}

/**
 * Reads the identity of a JSON file. Left out, credentials are those beside it (`bus.creds`), and the agent keeps its state
 * below `state`, in a directory of this instance alone.
 *
 * @throws Error that names the file and every key that is wrong.
 */
export function readIdentity(path: string, state: string = guestStateDirectory): AgentIdentity {
  const problem = (reason: string): Error => new Error(`${path}: ${reason}`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw problem(error instanceof Error ? error.message : String(error));
  }
  const given = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const instance = parseInstanceId(String(given.instance));
  const defaults = {
    credentialsFile: join(dirname(resolve(path)), 'bus.creds'),
    stateDirectory: instance === undefined ? state : stateDirectoryOf(state, instance),
  };
  const parsed = parseIdentity({ ...defaults, ...given });
  if (parsed.kind === 'problems') throw problem(parsed.problems.join('; '));
  return parsed.identity;
}

/** A disk may be cloned with all that is on it: what an agent remembers is kept by the id of its instance. */
export function stateDirectoryOf(state: string, instance: InstanceId): string {
  return join(state, renderInstanceId(instance));
}

export type ParsedIdentity =
  | { readonly kind: 'identity'; readonly identity: AgentIdentity }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

/** Unknown keys are tolerated: a newer launcher may say more. */
export function parseIdentity(value: unknown): ParsedIdentity {
  const problems: string[] = [];
  const fields = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const text = (key: string): string => {
    const field = fields[key];
    if (typeof field === 'string' && field !== '') return field;
    problems.push(`${key}: a text is required`);
    return '';
  };
  const optionalText = (key: string): string => (fields[key] === undefined || fields[key] === '' ? '' : text(key));
  const count = (key: string, minimum: number): number => {
    const field = fields[key];
    if (typeof field === 'number' && Number.isSafeInteger(field) && field >= minimum) return field;
    problems.push(`${key}: a whole number from ${minimum} is required`);
    return minimum;
  };
  const absolute = (key: string): string => {
    const path = text(key);
    if (path !== '' && !isAbsolute(path)) problems.push(`${key}: an absolute path is required`);
    return path;
  };
  const id = parseInstanceId(text('instance'));
  if (id === undefined) problems.push('instance: not an instance id');
  const { busServers } = fields;
  if (!isServerList(busServers)) problems.push('busServers: a list of at least one URL is required');
  const identity = {
    deployable: text('deployable'),
    assembly: text('assembly'),
    launcherHost: text('launcherHost'),
    epoch: count('epoch', 0),
    busServers: isServerList(busServers) ? busServers : [],
    credentialsFile: absolute('credentialsFile'),
    heartbeatIntervalMs: count('heartbeatIntervalMs', 10),
    address: optionalText('address'),
    hostname: optionalText('hostname'),
    stateDirectory: absolute('stateDirectory'),
  };
  if (problems.length > 0 || id === undefined) return { kind: 'problems', problems };
  return { kind: 'identity', identity: { ...identity, instance: id } };
}

function isServerList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string' && item !== '');
}
