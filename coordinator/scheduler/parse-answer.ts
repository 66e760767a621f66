import type {
  LibraryVersion,
  NodeStatus,
  RefusalReason,
  ResourceRole,
  ResourceStatus,
  SchedulerStatus,
  SchedulerWarning,
} from './scheduler.js';

/** The JSON part of a response (native/decide.c), typed. */
export type Answer =
  | {
      readonly kind: 'graph';
      readonly recheckAtUnixS: number | undefined;
      readonly warnings: readonly SchedulerWarning[];
      readonly status: SchedulerStatus | undefined;
    }
  | {
      readonly kind: 'refused';
      readonly reason: RefusalReason;
      readonly message: string;
      readonly warnings: readonly SchedulerWarning[];
    }
  | ({ readonly kind: 'hello' } & LibraryVersion);

const REFUSAL_REASONS = [
  'malformed-xml',
  'forbidden-xml',
  'not-a-cib',
  'schema',
  'feature-set',
  'oversize',
] as const satisfies readonly RefusalReason[];
const ROLES = ['Unknown', 'Stopped', 'Started', 'Unpromoted', 'Promoted'] as const satisfies readonly ResourceRole[];

/** Parses the JSON part of a response. Throws SyntaxError when it is not what this version of the binding writes. */
export function parseAnswer(meta: string): Answer {
  const answer = record(JSON.parse(meta), 'answer');
  const kind = oneOf(['graph', 'refused', 'hello'], answer, 'kind');
  switch (kind) {
    case 'graph':
      return {
        kind,
        recheckAtUnixS: answer.recheckAtUnixS === null ? undefined : count(answer, 'recheckAtUnixS'),
        warnings: list(answer, 'warnings').map(parseWarning),
        status: answer.status === undefined ? undefined : parseStatus(record(answer.status, 'status')),
      };
    case 'refused':
      return {
        kind,
        reason: oneOf(REFUSAL_REASONS, answer, 'reason'),
        message: text(answer, 'message'),
        warnings: list(answer, 'warnings').map(parseWarning),
      };
    case 'hello':
      return {
        kind,
        library: text(answer, 'library'),
        featureSet: text(answer, 'featureSet'),
        schema: text(answer, 'schema'),
      };
  }
}

function parseWarning(value: unknown): SchedulerWarning {
  const warning = record(value, 'warning');
  return {
    severity: oneOf(['error', 'warning'], warning, 'severity'),
    source: text(warning, 'source'),
    message: text(warning, 'message'),
  };
}

function parseStatus(status: Fields): SchedulerStatus {
  return { nodes: list(status, 'nodes').map(parseNode), resources: list(status, 'resources').map(parseResource) };
}

function parseNode(value: unknown): NodeStatus {
  const node = record(value, 'node');
  return {
    id: text(node, 'id'),
    name: text(node, 'name'),
    kind: oneOf(['member', 'remote', 'guest'], node, 'kind'),
    isOnline: flag(node, 'isOnline'),
    isUnclean: flag(node, 'isUnclean'),
    isPending: flag(node, 'isPending'),
    isStandby: flag(node, 'isStandby'),
    isInMaintenance: flag(node, 'isInMaintenance'),
    isShuttingDown: flag(node, 'isShuttingDown'),
    runningResources: count(node, 'runningResources'),
  };
}

function parseResource(value: unknown): ResourceStatus {
  const resource = record(value, 'resource');
  return {
    id: text(resource, 'id'),
    parent: optionalText(resource, 'parent'),
    variant: oneOf(['primitive', 'group', 'clone', 'bundle'], resource, 'variant'),
    role: oneOf(ROLES, resource, 'role'),
    nextRole: oneOf(ROLES, resource, 'nextRole'),
    isFailed: flag(resource, 'isFailed'),
    isBlocked: flag(resource, 'isBlocked'),
    isManaged: flag(resource, 'isManaged'),
    isOrphan: flag(resource, 'isOrphan'),
    pendingOperation: optionalText(resource, 'pendingOperation'),
    on: list(resource, 'on').map((name) => text({ name }, 'name')),
    to: optionalText(resource, 'to'),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function record(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpected(what, value);
  return value as Fields;
}

function list(fields: Fields, key: string): readonly unknown[] {
  const value = fields[key];
  if (!Array.isArray(value)) throw unexpected(key, value);
  return value;
}

function text(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value !== 'string') throw unexpected(key, value);
  return value;
}

function optionalText(fields: Fields, key: string): string | undefined {
  return fields[key] === null ? undefined : text(fields, key);
}

function flag(fields: Fields, key: string): boolean {
  const value = fields[key];
  if (typeof value !== 'boolean') throw unexpected(key, value);
  return value;
}

function count(fields: Fields, key: string): number {
  const value = fields[key];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw unexpected(key, value);
  return value;
}

function oneOf<const T extends string>(allowed: readonly T[], fields: Fields, key: string): T {
  const found = allowed.find((candidate) => candidate === fields[key]);
  if (found === undefined) throw unexpected(key, fields[key]);
  return found;
}

function unexpected(what: string, value: unknown): SyntaxError {
  return new SyntaxError(`unexpected ${what} in the scheduler's answer: ${JSON.stringify(value)?.slice(0, 80)}`);
}
