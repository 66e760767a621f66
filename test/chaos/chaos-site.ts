/** What a chaos run puts under stress, and what its applications themselves tell of it. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkOf, processes } from './process-list.js';

/** A resource of the site under stress, by `<deployable>/<assembly>.<resource>`. */
export interface ChaosResource {
  readonly id: string;
  readonly deployable: string;
  readonly assembly: string;
  readonly name: string;
  /** Ids of what restarts with it: whatever is ordered after it, directly or not. */
  readonly dependents: readonly string[];
}

const deployables = {
  chain: {
    assemblies: { db: ['store'], web: ['app', 'aux'], edge: ['proxy'] },
    order: ['db.store', 'web.app', 'edge.proxy'],
  },
  flock: { assemblies: { one: ['a', 'b'], two: ['a', 'b'] }, order: [] },
} as const;

export const chaosHosts = ['left', 'right'] as const;
export const chaosDeployables = Object.keys(deployables) as (keyof typeof deployables)[];

export const chaosResources: readonly ChaosResource[] = Object.entries(deployables).flatMap(
  ([deployable, { assemblies, order }]) =>
    Object.entries(assemblies).flatMap(([assembly, names]) =>
      (names as readonly string[]).map((name) => {
        const place = (order as readonly string[]).indexOf(`${assembly}.${name}`);
        const after = place < 0 ? [] : order.slice(place + 1);
        return {
          ...{ id: `${deployable}/${assembly}.${name}`, deployable, assembly, name },
          dependents: after.map((each) => `${deployable}/${each}`),
        };
      }),
    ),
);

/** Budgets that no run spends: what is tested is recovery, and an escalation would look like a needless restart. */
const endless = 'escalation: { failures: 10000, period: 5s }';

/** The document of a deployable; `generations` of its resources: a new one is a changed parameter. */
export function chaosDocument(
  deployable: keyof typeof deployables,
  directory: string,
  generations: ReadonlyMap<string, number>,
): string {
  const { assemblies, order } = deployables[deployable];
  const parts = Object.entries(assemblies).map(([assembly, names]) => {
    const resources = (names as readonly string[]).map((name) => {
      const id = `${deployable}/${assembly}.${name}`;
      const environment = `{ GENERATION: "${generations.get(id) ?? 0}" }`;
      const command = JSON.stringify(['sh', '-c', application, 'chaos', witness(directory, id)]);
      return `      ${name}: { exec: { command: ${command}, environment: ${environment} }, monitor: { interval: 5s, timeout: 60s }, start: { timeout: 60s }, stop: { timeout: 60s }, ${endless} }`;
    });
    return `  ${assembly}:\n    ${endless}\n    resources:\n${resources.join('\n')}`;
  });
  const constraints = order.length === 0 ? '' : `constraints:\n  - { order: [${order.join(', ')}] }\n`;
  return `deployable: ${deployable}\nhosts: [${chaosHosts.join(', ')}]\nassemblies:\n${parts.join('\n')}\n${constraints}${endless}\n`;
}

/**
 * Holds a lock for as long as it lives, by a descriptor that it inherits to what it becomes: a second one of the same
 * resource, however short, cannot get it and leaves a note. Every start is a line.
 */
const application = `exec 9>>"$1.lock"
flock -n 9 || { echo "$$" >>"$1.double"; exit 99; }
echo "$GENERATION" >>"$1.starts"
exec sleep 2147483646`;

function witness(directory: string, id: string): string {
  return join(directory, id.replace('/', '.'));
}

export interface Testimony {
  /** Starts so far, by resource. */
  readonly starts: ReadonlyMap<string, number>;
  /** Resources of which two ran at once. */
  readonly doubles: readonly string[];
}

export function prepareWitnesses(directory: string): void {
  mkdirSync(directory, { recursive: true });
}

export function hearWitnesses(directory: string): Testimony {
  const starts = chaosResources.map(({ id }) => [id, countLines(`${witness(directory, id)}.starts`)] as const);
  const doubles = readdirSync(directory).filter((name) => name.endsWith('.double'));
  return { starts: new Map(starts), doubles: doubles.map((name) => name.slice(0, -'.double'.length)) };
}

function countLines(file: string): number {
  try {
    return readFileSync(file, 'utf8').split('\n').length - 1;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

/** Pids of the applications of a resource that run now: who has its witness open as descriptor 9. */
export function applicationPids(directory: string): ReadonlyMap<string, readonly number[]> {
  const byLock = new Map(chaosResources.map(({ id }) => [`${witness(directory, id)}.lock`, id]));
  const found = new Map<string, number[]>(chaosResources.map(({ id }) => [id, []]));
  for (const { pid, args } of processes()) {
    if (args[0] !== 'sleep' || args[1] !== '2147483646') continue;
    const id = byLock.get(linkOf(`/proc/${pid}/fd/9`));
    if (id !== undefined) found.get(id)?.push(pid);
  }
  return found;
}
