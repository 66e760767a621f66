import type { Deployable } from '../../coordinator/model/deployable.js';
import { parseDeployable } from '../../coordinator/model/parse-deployable.js';
import type { LibraryVersion } from '../../coordinator/scheduler/scheduler.js';
import type { AssemblyInput, CibInput } from '../../coordinator/state/cib-input.js';
import type { NodeHistory } from '../../coordinator/state/history.js';
import { executionStatus, exitCode, recordResult } from '../../coordinator/state/record.js';

/** A stack: five assemblies with five resources each, the first ones in order; it depends on nothing outside of it. */
const tiers = ['db', 'cache', 'queue', 'app', 'web'] as const;
const resourcesOfEach = ['store', 'worker', 'proxy', 'watch', 'log'] as const;

export const assembliesOfStack = tiers.length;

const unknownAssembly: AssemblyInput = {
  host: undefined,
  isConnected: false,
  isHeld: false,
  mayStart: true,
  wish: 'none',
  address: undefined,
  hostname: undefined,
};

/** A deployable of so many stacks on one launcher host, of which nothing runs yet. */
export function newStacks(count: number, { featureSet, schema }: LibraryVersion): CibInput {
  const deployable = stacksDeployable(count);
  return {
    deployable,
    revision: 1,
    dialect: { featureSet, schema },
    hosts: [{ name: 'local', state: 'online', isBarred: false, isDrained: false }],
    assemblies: Object.fromEntries(deployable.assemblies.map(({ name }) => [name, unknownAssembly])),
    history: {},
    stopAll: false,
    isInMaintenance: false,
    wishes: {},
    locationWishes: [],
    nowUnixMs: 1_700_000_000_000,
  };
}

/** A deployable of so many stacks, each of them in the state of the only one of `first`. */
export function repeated(first: CibInput, count: number): CibInput {
  const stacks = Array.from({ length: count }, (_, stack) => renamed(first, stack));
  const hosts = Object.fromEntries(first.hosts.map(({ name }) => [name, mergedNode(name, stacks)]));
  return {
    ...first,
    deployable: stacksDeployable(count),
    assemblies: Object.assign({}, ...stacks.map(({ assemblies }) => assemblies)),
    history: { ...Object.assign({}, ...stacks.map(({ history }) => history)), ...hosts },
  };
}

/** The monitor of a stack's first resource has just failed. */
export function withFailedMonitor(input: CibInput, stack: number): CibInput {
  const node = `s${stack}${tiers[0]}`;
  const id = `${node}.${resourcesOfEach[0]}`;
  const known = input.history[node]?.resources[id];
  const monitor = Object.values(known?.records ?? {}).find(({ intervalMs }) => intervalMs > 0);
  if (known === undefined || monitor === undefined) throw new Error(`${id} is not monitored`);
  const failure = { rc: exitCode.notRunning, status: executionStatus.done, changedAt: input.nowUnixMs };
  return { ...input, history: recordResult(input.history, node, { id, ...known }, { ...monitor, ...failure }) };
}

function stacksDeployable(count: number): Deployable {
  const stacks = Array.from({ length: count }, (_, stack) => tiers.map((tier) => `s${stack}${tier}`));
  const resources = Object.fromEntries(
    resourcesOfEach.map((name) => [
      name,
      { agent: 'ocf:heartbeat:Dummy', parameters: { state: `/run/${name}.state` } },
    ]),
  );
  const document = {
    deployable: 'stacks',
    assemblies: Object.fromEntries(stacks.flat().map((name) => [name, { resources }])),
    constraints: stacks.map((names) => ({ order: names.map((name) => `${name}.${resourcesOfEach[0]}`) })),
  };
  const parsed = parseDeployable(JSON.stringify(document), 'yaml');
  if (parsed.kind === 'problems') throw new Error(parsed.problems.map(({ message }) => message).join('; '));
  return parsed.deployable;
}

/** The same state with the names of another stack. */
function renamed({ assemblies, history }: CibInput, stack: number): Pick<CibInput, 'assemblies' | 'history'> {
  const own = new RegExp(`\\bs0(?=${tiers.join('|')})`, 'g');
  const text = JSON.stringify({ assemblies, history }).replace(own, `s${stack}`);
  return JSON.parse(text) as Pick<CibInput, 'assemblies' | 'history'>;
}

function mergedNode(name: string, stacks: readonly Pick<CibInput, 'history'>[]): NodeHistory {
  const parts = stacks.map(({ history }) => history[name]);
  return {
    resources: Object.assign({}, ...parts.map((part) => part?.resources)),
    attributes: Object.assign({}, ...parts.map((part) => part?.attributes)),
  };
}
