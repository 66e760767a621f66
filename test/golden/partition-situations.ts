/** Deployables, and what may happen to them, for the comparison of parts with the whole. */
import fc from 'fast-check';
import type { CloneOptions, Constraint, Deployable, Score } from '../../coordinator/model/deployable.js';
import { parseDeployable } from '../../coordinator/model/parse-deployable.js';
import type { CibInput } from '../../coordinator/state/cib-input.js';
import { addFailure } from '../../coordinator/state/fail-count.js';
import { deleteResource } from '../../coordinator/state/forget.js';
import type { OperationRecord } from '../../coordinator/state/history.js';
import { recordAgentLost, recordInstanceDead } from '../../coordinator/state/instance-record.js';
import { executionStatus, recordPending, recordResult } from '../../coordinator/state/record.js';

export interface Situation {
  readonly deployable: Deployable;
  readonly hosts: readonly string[];
  /** What happens at a time, round after round. */
  readonly rounds: readonly (readonly Happening[])[];
}

/** To one of the assemblies, or to one of its resources. */
export interface Happening {
  readonly assembly: number;
  readonly resource: number;
  readonly what: (typeof happenings)[number];
}

const happenings = [
  'monitor failed',
  'start failed',
  'stop failed',
  'monitor pending',
  'start pending',
  'never probed',
  'old failure',
  'instance dead',
  'agent lost',
  'may not start',
  'held',
  'drained',
  'resource removed',
  'parameter changed',
  'resource added',
] as const;

const assemblyNames = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const resourceNames = ['x', 'y', 'z'] as const;
const rarely = { maxLength: 1, size: 'max' } as const;

const shape = fc.record({
  /** Resources of each assembly. */
  sizes: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: assemblyNames.length }),
  orders: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { maxLength: 3 }),
  colocations: fc.array(fc.tuple(fc.nat(), fc.nat()), rarely),
  rawOrder: fc.option(fc.tuple(fc.nat(), fc.nat()), { freq: 5 }),
  references: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 2 }),
  onFail: fc.array(fc.constantFrom('restart', 'restart', 'restart', 'ignore', 'block', 'stop', 'fence'), {
    minLength: 18,
    maxLength: 18,
  }),
  groups: fc.array(fc.nat(), rarely),
  /** The first assemblies are replicas with one clone over all of them. */
  replicas: fc.constantFrom(0, 0, 0, 2, 3),
  vmSets: fc.array(fc.tuple(fc.nat(), fc.nat(), score()), rarely),
  vmPlaces: fc.array(fc.tuple(fc.nat(), fc.constantFrom('h1', 'h2'), score()), rarely),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

export const situation: fc.Arbitrary<Situation> = fc.record({
  deployable: shape.map(deployableOf),
  hosts: fc.constantFrom(['h1'], ['h1'], ['h1', 'h2'], ['h1', 'h2', 'h3']),
  rounds: fc.array(
    fc.array(fc.record({ assembly: fc.nat(), resource: fc.nat(), what: fc.constantFrom(...happenings) }), {
      maxLength: 3,
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

function score(): fc.Arbitrary<Score> {
  return fc.constantFrom<Score>('INFINITY', '-INFINITY', 50, -50, -100);
}

function deployableOf(drawn: Shape): Deployable {
  const { sizes, references, onFail } = drawn;
  const all = sizes.flatMap((size, i) => resourceNames.slice(0, size).map((name) => `${assemblyNames[i]}.${name}`));
  const pick = (n: number) => all[n % all.length] ?? '';
  const resource = (i: number, j: number) => {
    const own = references.filter(([who]) => pick(who) === `${assemblyNames[i]}.${resourceNames[j]}`);
    const parameters = own.map(([, of]) => ['peer', `\${${pick(of).split('.')[0]}.ipaddress}`]);
    return { agent: 'ocf:heartbeat:Dummy', 'on-fail': onFail[i * 3 + j], parameters: Object.fromEntries(parameters) };
  };
  const assemblies = sizes.map((size, i) => {
    const own = resourceNames.slice(0, size).map((name, j) => [name, resource(i, j)]);
    return [assemblyNames[i], { resources: Object.fromEntries(own) }];
  });
  const document = { deployable: 'parts', assemblies: Object.fromEntries(assemblies), ...constraintsOf(drawn, pick) };
  const parsed = parseDeployable(JSON.stringify(document), 'yaml');
  if (parsed.kind === 'problems') throw new Error(parsed.problems.map(({ message }) => message).join('; '));
  return withGroups(withClone(withVmConstraints(parsed.deployable, drawn), drawn), drawn);
}

function constraintsOf({ orders, colocations, rawOrder }: Shape, pick: (n: number) => string) {
  const chain = (picks: readonly number[]) => [...new Set(picks.map(pick))].sort();
  const constraints = [
    ...orders
      .map(chain)
      .filter((order) => order.length > 1)
      .map((order) => ({ order })),
    ...colocations
      .map(chain)
      .filter(([one, other]) => other !== undefined && one?.[0] === other[0])
      .map(([resource, target]) => ({ colocation: { resource, with: target } })),
  ];
  const [first, then] = rawOrder === null ? [] : chain(rawOrder);
  const pacemaker = `<rsc_order id="raw" first="${first}" then="${then}" kind="Optional"/>`;
  return { ...(constraints.length === 0 ? {} : { constraints }), ...(then === undefined ? {} : { pacemaker }) };
}

function withVmConstraints(deployable: Deployable, { vmSets, vmPlaces }: Shape): Deployable {
  const vm = (n: number) => {
    const { name } = deployable.assemblies[n % deployable.assemblies.length] ?? { name: '' };
    return { kind: 'assembly', assembly: name } as const;
  };
  const more: Constraint[] = [
    ...vmSets
      .map(([one, other, of]) => ({ members: [vm(one), vm(other)], score: of }))
      .filter(({ members: [one, other] }) => one?.assembly !== other?.assembly)
      .map((set, i) => ({ kind: 'colocated-set' as const, id: `set${i}`, nodeAttribute: undefined, ...set })),
    ...vmPlaces.map(([n, node, of], i) => ({
      kind: 'location' as const,
      id: `place${i}`,
      subject: vm(n),
      role: undefined,
      preference: { kind: 'node' as const, node, score: of },
    })),
  ];
  return { ...deployable, constraints: [...deployable.constraints, ...more] };
}

function withClone(deployable: Deployable, { replicas: count }: Shape): Deployable {
  const clone: CloneOptions = {
    promotable: undefined,
    max: undefined,
    notify: false,
    interleave: true,
    ordered: false,
  };
  const assemblies = deployable.assemblies.map((assembly, i) => {
    const [first] = assembly.resources;
    if (i >= count || first === undefined) return assembly;
    const replica = { of: 'r', index: i + 1, count: Math.min(count, deployable.assemblies.length) };
    const resources = [...assembly.resources, { ...first, name: 'cl', parameters: {}, clone }];
    return { ...assembly, replica, resources };
  });
  return { ...deployable, assemblies };
}

/** Resources in raw constraints stay outside: Pacemaker orders no single members of groups as one would think. */
function withGroups(deployable: Deployable, { groups: drawn }: Shape): Deployable {
  const groups = drawn.flatMap((n) => {
    const { name, resources } = deployable.assemblies[n % deployable.assemblies.length] ?? { name: '', resources: [] };
    const members = resources.filter(({ clone }) => clone === undefined).map((resource) => resource.name);
    return members.length < 2 ? [] : [{ name: `group-${name}`, assembly: name, members }];
  });
  return { ...deployable, groups };
}

/** The deployable before anything of it runs. */
export function freshInput({ deployable, hosts }: Situation): CibInput {
  const unknown = {
    host: undefined,
    isConnected: false,
    isHeld: false,
    mayStart: true,
    wish: 'none',
    address: undefined,
    hostname: undefined,
  } as const;
  return {
    deployable,
    revision: 1,
    dialect: { featureSet: '3.16.1', schema: 'pacemaker-3.9' },
    hosts: hosts.map((name) => ({ name, state: 'online', isBarred: false, isDrained: false })),
    assemblies: Object.fromEntries(deployable.assemblies.map(({ name }) => [name, unknown])),
    history: {},
    stopAll: false,
    isInMaintenance: false,
    wishes: {},
    locationWishes: [],
    nowUnixMs: 1_700_000_000_000,
  };
}

/** The input a second later, when it has happened. */
export function afterHappening(before: CibInput, { assembly: a, resource: r, what }: Happening): CibInput {
  const input = { ...before, nowUnixMs: before.nowUnixMs + 1000 };
  const assembly = input.deployable.assemblies[a % input.deployable.assemblies.length];
  const resource = assembly?.resources[r % assembly.resources.length];
  if (assembly === undefined || resource === undefined) return input;
  const id = `${assembly.name}.${resource.name}`;
  switch (what) {
    case 'monitor failed':
    case 'start failed':
    case 'stop failed':
      return withFailure(input, assembly.name, id, what);
    case 'monitor pending':
    case 'start pending':
      return withPending(input, assembly.name, id, what);
    case 'never probed':
      return { ...input, history: deleteResource(input.history, assembly.name, id) };
    case 'old failure': {
      const operation = { operation: 'monitor', intervalMs: 10_000 };
      return { ...input, history: addFailure(input.history, assembly.name, id, operation, input.nowUnixMs) };
    }
    case 'instance dead':
      return withInstanceLost(input, assembly.name, recordInstanceDead);
    case 'agent lost':
      return withInstanceLost(input, assembly.name, recordAgentLost);
    case 'may not start':
      return withAssembly(input, assembly.name, { mayStart: false });
    case 'held':
      return withAssembly(input, assembly.name, { isHeld: true });
    case 'drained':
      return withAssembly(input, assembly.name, { wish: 'drained' });
    case 'resource removed':
    case 'parameter changed':
    case 'resource added':
      return withDefinition(input, { assembly: assembly.name, resource: resource.name, what });
  }
}

function withFailure(
  input: CibInput,
  node: string,
  id: string,
  what: `${'monitor' | 'start' | 'stop'} failed`,
): CibInput {
  const known = input.history[node]?.resources[id];
  const isMonitor = what === 'monitor failed';
  const last = recordOf(known?.records, isMonitor);
  if (known === undefined || last === undefined) return input;
  const history = recordResult(
    input.history,
    node,
    { id, ...known },
    {
      ...last,
      operation: isMonitor ? 'monitor' : what === 'start failed' ? 'start' : 'stop',
      expectedRc: 0,
      // A monitor that fails has the call-id of its success before.
      callId: isMonitor ? last.callId : last.callId + 1000,
      rc: isMonitor ? 7 : 1,
      status: executionStatus.done,
      changedAt: input.nowUnixMs,
    },
  );
  return { ...input, history };
}

function withPending(input: CibInput, node: string, id: string, what: `${'monitor' | 'start'} pending`): CibInput {
  const known = input.history[node]?.resources[id];
  const last = recordOf(known?.records, what === 'monitor pending');
  if (known === undefined || last === undefined) return input;
  const order = { ...last, operation: what === 'monitor pending' ? 'monitor' : 'start', expectedRc: 0 };
  return { ...input, history: recordPending(input.history, node, { id, ...known }, order, input.nowUnixMs) };
}

function recordOf(records: Readonly<Record<string, OperationRecord>> = {}, isRecurring: boolean) {
  return Object.values(records).find(({ intervalMs }) => intervalMs > 0 === isRecurring);
}

function withAssembly(input: CibInput, name: string, change: Partial<CibInput['assemblies'][string]>): CibInput {
  const before = input.assemblies[name];
  if (before === undefined) return input;
  return { ...input, assemblies: { ...input.assemblies, [name]: { ...before, ...change } } };
}

function withInstanceLost(input: CibInput, assembly: string, record: typeof recordInstanceDead): CibInput {
  const host = input.assemblies[assembly]?.host;
  if (host === undefined) return input;
  const history = record(input.history, { assembly, host, at: input.nowUnixMs, reason: 'it happened' });
  return { ...withAssembly(input, assembly, { isConnected: false }), history };
}

function withDefinition(
  input: CibInput,
  { assembly, resource, what }: { readonly assembly: string; readonly resource: string; readonly what: string },
): CibInput {
  const { deployable, nowUnixMs } = input;
  const rest = JSON.stringify([deployable.constraints, deployable.groups]) + deployable.pacemaker.constraints;
  const mayGo = !rest.includes(`"${resource}"`) && !rest.includes(`.${resource}`);
  const assemblies = deployable.assemblies.map((each) => {
    if (each.name !== assembly) return each;
    const state = [{ kind: 'text' as const, text: `/${nowUnixMs}` }];
    const resources = each.resources.flatMap((one) => {
      if (one.name !== resource) return [one];
      if (what === 'resource removed') return mayGo ? [] : [one];
      if (what === 'parameter changed') return [{ ...one, parameters: { ...one.parameters, state } }];
      return [one, { ...one, name: `n${nowUnixMs % 100_000}`, clone: undefined }];
    });
    return { ...each, resources };
  });
  return { ...input, revision: input.revision + 1, deployable: { ...deployable, assemblies } };
}
