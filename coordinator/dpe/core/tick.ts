/** What time alone brings: orders without an answer, silence, back-off that is over, failures that are old. */

import { watchUsedUp } from './another-host.js';
import { renewLeases } from './exclusive.js';
import { forgetOldFailures } from './failures.js';
import { failOrder } from './order-results.js';
import { watchRoom } from './room.js';
import { watchStorm } from './storm.js';
import { noteOwnPause, watchAgents, watchLaunchers } from './watch.js';
import { addOrder, assemblyState, nextOperationId, setAssembly, setVolatile, type Work, wantDecision } from './work.js';

export function onTick(work: Work): void {
  noteOwnPause(work);
  expireOrders(work);
  watchStorm(work);
  watchLaunchers(work);
  watchAgents(work);
  for (const assembly of Object.keys(work.durable.assemblies)) {
    retryHeld(work, assembly);
    endBackOff(work, assembly);
  }
  forgetOldFailures(work);
  watchUsedUp(work);
  watchRoom(work);
  renewLeases(work);
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

function retryHeld(work: Work, assembly: string): void {
  const { instance } = assemblyState(work, assembly);
  if (instance.kind !== 'held') return;
  const isAsked = Object.values(work.volatile.orders).some((order) => order.assembly === assembly);
  const { heldRetryMs } = work.volatile.options;
  if (isAsked || work.now - instance.at < heldRetryMs) return;
  const operationId = nextOperationId(work);
  const { id, host } = instance;
  const expiresAt = work.now + 2 * heldRetryMs;
  // From now on it may end at any time, whoever answers meanwhile.
  const isFirstEnd = instance.isEnding !== true;
  setAssembly(work, assembly, { instance: { ...instance, at: work.now, isEnding: true } });
  addOrder(work, operationId, {
    kind: 'launcher',
    what: 'destroy',
    action: undefined,
    order: undefined,
    isFirstEnd,
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
