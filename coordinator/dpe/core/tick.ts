/** What time alone brings: orders without an answer, silence, back-off that is over, failures that are old. */
import { forgetOldFailures } from './failures.js';
import { agentLost } from './instance-end.js';
import { failOrder } from './order-results.js';
import {
  addOrder,
  assemblyState,
  emit,
  nextOperationId,
  setAssembly,
  setVolatile,
  type Work,
  wantDecision,
} from './work.js';

export function onTick(work: Work): void {
  expireOrders(work);
  watchLaunchers(work);
  for (const assembly of Object.keys(work.durable.assemblies)) {
    watchAgent(work, assembly);
    retryHeld(work, assembly);
    endBackOff(work, assembly);
  }
  forgetOldFailures(work);
  const { recheckAt } = work.volatile;
  if (recheckAt !== undefined && work.now >= recheckAt) {
    setVolatile(work, { recheckAt: undefined });
    wantDecision(work, 'a rule of the configuration depends on the time');
  }
}

function expireOrders(work: Work): void {
  for (const [operationId, order] of Object.entries(work.volatile.orders)) {
    if (work.now < order.expiresAt) continue;
    const waitedS = Math.round((work.now - order.issuedAt) / 1000);
    const what = order.kind === 'connection' ? 'its agent did not register' : 'no answer';
    failOrder(work, operationId, order, { isTimeout: true, reason: `${what} within ${waitedS} s` });
  }
  const inherited = Object.entries(work.volatile.inherited).filter(([, { expiresAt }]) => expiresAt > work.now);
  if (inherited.length < Object.keys(work.volatile.inherited).length) {
    setVolatile(work, { inherited: Object.fromEntries(inherited) });
  }
}

/** A silent launcher host stays online, is barred for new instances, and nothing else (design section 3). */
function watchLaunchers(work: Work): void {
  const { bus, options, launchers } = work.volatile;
  if (!bus.isConnected) return;
  for (const [host, view] of Object.entries(launchers)) {
    const silentMs = work.now - Math.max(view.lastBeatAt, bus.since);
    if (!view.isAdopted || silentMs < options.launcherSilentAfterMs) continue;
    setVolatile(work, { launchers: { ...work.volatile.launchers, [host]: { ...view, isAdopted: false } } });
    emit(work, {
      kind: 'launcher-silent',
      reason: `launcher host ${host} has been silent for ${silentMs} ms; no new instance is started there`,
      evidence: { host, silentMs },
    });
  }
}

/**
 * Silence of an agent counts only while the bus and its launcher are in touch, and the launcher says that the instance
 * runs: silence of the bus is never death of a VM (design section 4).
 */
function watchAgent(work: Work, assembly: string): void {
  const { instance, isConnected } = assemblyState(work, assembly);
  if (instance.kind !== 'running') return;
  const { bus, options, launchers, agents, startedAt } = work.volatile;
  const agent = agents[instance.id];
  if (agent?.isAdopted !== true) work.effects.push({ kind: 'adopt-agent', instance: instance.id });
  const launcher = launchers[instance.host];
  if (!bus.isConnected || !isConnected || launcher?.isAdopted !== true) return;
  const silentMs = work.now - Math.max(agent?.lastHeardAt ?? startedAt, bus.since);
  if (silentMs >= options.agentLostAfterMs && launcher.running.includes(instance.id)) {
    agentLost(work, assembly, `its agent has been silent for ${silentMs} ms while its instance runs`);
  } else if (silentMs >= 3 * options.heartbeatIntervalMs + 500 && agent !== undefined && !agent.isSuspect) {
    setVolatile(work, { agents: { ...agents, [instance.id]: { ...agent, isSuspect: true } } });
    emit(work, {
      kind: 'assembly-suspect',
      assembly,
      instance: instance.id,
      reason: `its agent has been silent for ${silentMs} ms`,
    });
  }
}

function retryHeld(work: Work, assembly: string): void {
  const { instance } = assemblyState(work, assembly);
  if (instance.kind !== 'held') return;
  const isAsked = Object.values(work.volatile.orders).some((order) => order.assembly === assembly);
  const { heldRetryMs } = work.volatile.options;
  if (isAsked || work.now - instance.at < heldRetryMs) return;
  const operationId = nextOperationId(work);
  const { id, host } = instance;
  const expiresAt = work.now + 2 * heldRetryMs;
  setAssembly(work, assembly, { instance: { ...instance, at: work.now } });
  addOrder(work, operationId, {
    kind: 'launcher',
    what: 'destroy',
    action: undefined,
    order: undefined,
    issuedAt: work.now,
    expiresAt,
    assembly,
    instance: id,
    host,
  });
  work.effects.push({ kind: 'order-launcher', operationId, host, order: { kind: 'destroy', instance: id }, expiresAt });
}

function endBackOff(work: Work, assembly: string): void {
  const { mayStartAt } = assemblyState(work, assembly);
  if (mayStartAt === 0 || work.now < mayStartAt) return;
  setAssembly(work, assembly, { mayStartAt: 0 });
  wantDecision(work, `back-off of assembly ${assembly} is over`);
}
