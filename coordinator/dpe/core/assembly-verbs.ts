/** Verbs about assemblies as a whole. */
import { type Assembly, vmId } from '../../model/deployable.js';
import { recordAgentLost } from '../../state/instance-record.js';
import { failOperationsOf } from './instance-end.js';
import type { OperatorVerb, VerbReply } from './operator-verb.js';
import { isActedOn, isVmWantedStopped, setOverrides } from './overrides.js';
import { type Asked, conflict, delays, done, tellOrdered, unchanged, whyDown } from './verb-reply.js';
import { findAssemblies, listed } from './verb-subject.js';
import { addOrder, assemblyState, mayRun, moveInstance, nextOperationId, type Work } from './work.js';

type AssemblyVerb = Extract<OperatorVerb, { readonly assembly: string }>;

/** How long a launcher may take to destroy an instance and prove it; after that the assembly is held. */
const destroyMs = 30_000;

export function performAssemblyVerb(asked: Asked, { kind, assembly: name }: AssemblyVerb): VerbReply {
  const { work } = asked;
  const found = findAssemblies(work.durable.definition.deployable, name);
  if (found.kind === 'refused') return found;
  const assemblies = found.subject;
  switch (kind) {
    case 'assembly-standby':
      return wish(asked, kind, assemblies, 'standby');
    case 'assembly-drain':
      return wish(asked, kind, assemblies, 'drained');
    case 'assembly-unstandby':
      return wish(asked, kind, assemblies, undefined);
    case 'assembly-restart':
      return restart(asked, assemblies);
    case 'assembly-destroy':
      return destroy(asked, assemblies);
  }
}

const wished = {
  standby: 'nothing is to run inside; its VM stays',
  drained: 'everything inside stops, then its VM',
  none: 'what the document wants runs again',
} as const;

function wish(
  asked: Asked,
  kind: AssemblyVerb['kind'],
  assemblies: readonly Assembly[],
  wanted: 'standby' | 'drained' | undefined,
): VerbReply {
  const { work } = asked;
  const before = work.durable.overrides.assemblies;
  const changed = assemblies.filter(({ name }) => before[name] !== wanted);
  const names = listed(assemblies.map(({ name }) => name));
  const message = `${names}: ${wished[wanted ?? 'none']}`;
  const documented = assemblies.filter(({ isStandby }) => isStandby && wanted === undefined);
  const warnings = [
    ...delays(asked),
    ...documented.map(({ name }) => `the document itself has ${name} in standby; change it there`),
  ];
  if (changed.length === 0) return unchanged(`${message} (so it was already)`, warnings);
  const kept = Object.entries(before).filter(([name]) => !changed.some((assembly) => assembly.name === name));
  const added = wanted === undefined ? [] : changed.map(({ name }) => [name, wanted] as const);
  setOverrides(work, { assemblies: Object.fromEntries([...kept, ...added]) });
  for (const { name } of changed) tellOrdered(asked, kind, { assembly: name });
  return done(message, warnings);
}

/** Stopped in order with what depends on it, and started again. */
function restart(asked: Asked, assemblies: readonly Assembly[]): VerbReply {
  const { work } = asked;
  const down = whyDown(asked);
  if (down !== undefined) return conflict(down);
  const { restarting } = work.durable.overrides;
  const names = assemblies.map(({ name }) => name);
  const fresh = names.filter((name) => !restarting.includes(vmId(name)));
  if (fresh.length === 0) return unchanged(`${listed(names)} is being restarted already`);
  const obstacles = fresh.map((name) => whyNoRestart(work, name)).filter((obstacle) => obstacle !== undefined);
  const able = fresh.filter((name) => whyNoRestart(work, name) === undefined);
  if (able.length === 0) return conflict(obstacles.join('; '));
  setOverrides(work, { restarting: [...restarting, ...able.map(vmId)] });
  for (const name of able) tellOrdered(asked, 'assembly-restart', { assembly: name });
  return done(`${listed(able)} is to stop in order, and to start again`, [...delays(asked), ...obstacles]);
}

function whyNoRestart(work: Work, name: string): string | undefined {
  const { durable } = work;
  if (!isActedOn(durable, vmId(name))) return `${vmId(name)} is unmanaged or in maintenance: it cannot be restarted`;
  if (isVmWantedStopped(durable, name)) return `assembly ${name} is to be stopped: there is nothing to restart`;
  const { instance } = assemblyState(work, name);
  if (instance.kind === 'held') return `assembly ${name} is held: its end cannot be proven yet`;
  return mayRun(instance) ? undefined : `assembly ${name} does not run: there is nothing to restart`;
}

/** The plug is pulled, with proof that it is out; then it is recovered like any loss. No budget counts it. */
function destroy(asked: Asked, assemblies: readonly Assembly[]): VerbReply {
  const { work } = asked;
  const there = assemblies.filter(({ name }) => mayRun(assemblyState(work, name).instance));
  const names = listed(assemblies.map(({ name }) => name));
  if (there.length === 0) return conflict(`${names} has no instance: there is nothing to destroy`);
  const fresh = there.filter(({ name }) => !isBeingDestroyed(work, name));
  if (fresh.length === 0) return unchanged(`${names} is being destroyed already`);
  for (const { name } of fresh) {
    const { instance } = assemblyState(work, name);
    tellOrdered(asked, 'assembly-destroy', { assembly: name });
    if (instance.kind !== 'lost' && instance.kind !== 'held') pullThePlug(work, name, `destroyed by ${asked.by}`);
    orderDestroy(work, name);
  }
  return done(`${names} is destroyed, and recovered once its end is proven`, delays(asked));
}

/** From here on its end is what was asked for, and all inside counts as lost: one graph recovers it. */
function pullThePlug(work: Work, assembly: string, reason: string): void {
  const { instance } = assemblyState(work, assembly);
  if (instance.kind === 'none') return;
  moveInstance(work, assembly, 'stopping', reason);
  failOperationsOf(work, assembly, reason);
  const { history } = work.durable;
  const lost = recordAgentLost(history, { assembly, host: instance.host, at: work.now, reason });
  const entry = lost[instance.host];
  // Recorded, and not counted: fail counts are for failures.
  const attributes = history[instance.host]?.attributes ?? {};
  const uncounted = entry === undefined ? lost : { ...lost, [instance.host]: { ...entry, attributes } };
  work.durable = { ...work.durable, history: uncounted };
}

function orderDestroy(work: Work, assembly: string): void {
  const { instance } = assemblyState(work, assembly);
  if (instance.kind === 'none') return;
  const { id, host } = instance;
  const operationId = nextOperationId(work);
  const expiresAt = work.now + destroyMs;
  const timing = { action: undefined, issuedAt: work.now, expiresAt };
  addOrder(work, operationId, {
    kind: 'launcher',
    what: 'destroy',
    order: undefined,
    assembly,
    instance: id,
    host,
    ...timing,
  });
  work.effects.push({ kind: 'order-launcher', operationId, host, order: { kind: 'destroy', instance: id }, expiresAt });
}

function isBeingDestroyed(work: Work, assembly: string): boolean {
  return Object.values(work.volatile.orders).some(
    (order) => order.kind === 'launcher' && order.assembly === assembly && order.what === 'destroy',
  );
}
