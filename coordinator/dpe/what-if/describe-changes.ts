/** From the actions of a rehearsal to one line for each assembly and resource that is touched. */
import { type Deployable, vmId } from '../../model/deployable.js';
import { configuredResource } from '../../policy/configure-id.js';
import { type Dependency, dependenciesOf } from '../../policy/dependency.js';
import { templatesOf } from '../../policy/template.js';
import { isRunning } from '../core/cib-input-of.js';
import type { ExecutedAction } from '../core/dpe-effect.js';
import type { DpeState } from '../core/dpe-state.js';
import type { DirectReasons } from './compare-definitions.js';

export interface Change {
  /** CIB id of a resource or of a VM. */
  readonly subject: string;
  readonly what: 'start' | 'stop' | 'restart' | 'move' | 'promote' | 'demote' | 'configure';
  /** Where it ends up, or was. */
  readonly node: string;
  readonly reason: string;
}

/**
 * @param known why something is touched of its own account (everything else is touched because of what it depends on),
 *   and where everything ran at first: what a dead instance ran starts without having been stopped
 * @param executed in the order of execution, of all transitions
 */
export function describeChanges(
  deployable: Deployable,
  executed: readonly ExecutedAction[],
  { direct, before: ran }: { readonly direct: DirectReasons; readonly before: RunningBefore },
): readonly Change[] {
  const touched = new Map<string, { what: Change['what']; node: string }>();
  for (const action of executed) {
    const id = subjectOf(action);
    if (id === undefined || action.outcome === 'failed') continue;
    const what = next(touched.get(id), action, ran.get(id));
    if (what !== undefined) touched.set(id, { what, node: action.node });
  }
  const dependencies = allDependencies(deployable);
  return [...touched].map(([subject, change]) => {
    const own = direct.get(subject);
    const reason = own ?? reasonOfOthers(subject, { dependencies, touched, direct });
    return { subject, ...change, reason };
  });
}

/** Nodes by CIB id: of a resource its assembly, of a VM its launcher host. */
export type RunningBefore = ReadonlyMap<string, string>;

export function runningBefore({ durable }: DpeState): RunningBefore {
  const running = new Map<string, string>();
  for (const [assembly, { instance }] of Object.entries(durable.assemblies)) {
    if (instance.kind === 'none' || instance.kind === 'dead') continue;
    running.set(vmId(assembly), instance.host);
    for (const id of Object.keys(durable.history[assembly]?.resources ?? {})) {
      if (isRunning(durable.history, assembly, id)) running.set(id, assembly);
    }
  }
  return running;
}

/** What ran at first and does not in the end, without an action that stopped it: it ended with its instance. */
export function lostWith(before: DpeState, after: DpeState, changes: readonly Change[]): readonly Change[] {
  const [ran, runs] = [runningBefore(before), runningBefore(after)];
  return [...ran]
    .filter(([id]) => !runs.has(id) && !changes.some(({ subject }) => subject === id))
    .map(([subject, node]) => ({
      subject,
      what: 'stop',
      node,
      reason: 'it ends with its instance, and nothing can run it',
    }));
}

/** What counts as touching: not probes and monitors, and not the connection, which follows its VM. */
function subjectOf({ kind, operation, resource }: ExecutedAction): string | undefined {
  if (kind !== 'resource' || !resource.includes('.')) return undefined;
  return ['start', 'stop', 'promote', 'demote'].includes(operation) ? resource : undefined;
}

function next(
  before: { readonly what: Change['what']; readonly node: string } | undefined,
  { resource, operation, node }: ExecutedAction,
  ranOn: string | undefined,
): Change['what'] | undefined {
  switch (operation) {
    case 'start': {
      if (configuredResource(resource) !== undefined) return 'configure';
      const left = before?.what === 'stop' || before?.what === 'demote' ? before.node : ranOn;
      if (left === undefined) return 'start';
      return left === node ? 'restart' : 'move';
    }
    case 'stop':
      return before?.what === 'restart' || before?.what === 'move' ? before.what : 'stop';
    case 'promote':
      return before === undefined ? 'promote' : before.what;
    default:
      return before?.what ?? 'demote';
  }
}

/** When `resource` changes, `dependent` is touched. */
interface Link {
  readonly resource: string;
  readonly dependent: string;
  readonly kind: Dependency['kind'] | 'reference';
}

const linkWords = {
  order: 'ordered after',
  promotion: 'ordered after the promotion of',
  serialize: 'never to act together with',
  together: 'colocated with',
  apart: 'kept apart from',
  group: 'after, in its group,',
  reference: 'using a value of',
} as const satisfies Record<Link['kind'], string>;

interface Known {
  readonly dependencies: readonly Link[];
  readonly touched: ReadonlyMap<string, { readonly what: Change['what'] }>;
  readonly direct: DirectReasons;
}

const past = {
  start: 'starts',
  stop: 'stops',
  restart: 'is restarted',
  move: 'moves',
  promote: 'is promoted',
  demote: 'is demoted',
  configure: 'is configured',
} as const satisfies Record<Change['what'], string>;

function reasonOfOthers(subject: string, { dependencies, touched }: Known): string {
  const [assembly = ''] = subject.split('.');
  const vm = touched.get(`${assembly}.vm`);
  if (vm !== undefined && subject !== `${assembly}.vm`) return `its assembly ${assembly} ${past[vm.what]}`;
  for (const { resource, dependent, kind } of dependencies) {
    const cause = touched.get(resource);
    if (dependent !== subject || cause === undefined) continue;
    return `it is ${linkWords[kind]} ${resource}, which ${past[cause.what]}`;
  }
  return 'the scheduler wants it';
}

/** Constraints, configure steps, and references to another assembly's address. */
function allDependencies(deployable: Deployable): readonly Link[] {
  const references = deployable.assemblies.flatMap((assembly) =>
    assembly.resources.flatMap((resource) =>
      templatesOf(resource)
        .flat()
        .flatMap((part) =>
          part.kind === 'reference' && part.assembly !== assembly.name
            ? [
                {
                  resource: `${part.assembly}.vm`,
                  dependent: `${assembly.name}.${resource.name}`,
                  kind: 'reference' as const,
                },
              ]
            : [],
        ),
    ),
  );
  return [...dependenciesOf(deployable), ...references];
}
