/** A bus with a DPE in the hands of a test, for a guest that is a machine of its own. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { parseInstanceId } from '../../proto/instance-id.js';
import type { Draft, ExecuteOperation, OperationResult, Register } from '../../proto/messages.js';
import { agentOrder, allAgents } from '../../proto/subjects.js';
import { startBusFixture } from '../contract/bus-server-fixture.js';
import { until } from '../e2e/site.js';

export interface GuestSite {
  /** What the launcher hands over, but for what the guest finds out by itself. */
  readonly identity: Readonly<Record<string, unknown>> & { readonly instance: string };
  readonly creds: string;
  readonly registrations: readonly Register[];
  /** Resolves with the registration of this number, from 1. */
  readonly registered: (count: number) => Promise<Register>;
  /** Orders an operation, and waits for its result. */
  readonly run: (order: Draft<ExecuteOperation>) => Promise<OperationResult>;
}

const instance = 'shop.web.local.1-1';
const limitMs = 60_000;

/** A DPE for whatever registers, and what its launcher would have handed over. */
export async function guestSite(context: TestContext): Promise<GuestSite> {
  const fixture = await startBusFixture(context);
  const dpe = await fixture.connect('dpe', 'shop');
  const registrations: Register[] = [];
  const results = new Map<string, OperationResult>();
  dpe.subscribe(allAgents('shop', 'register'), ({ envelope }) => {
    if (envelope.body.kind === 'register') registrations.push(envelope.body.value);
    return { kind: 'registered', value: { heartbeatIntervalMs: 1000, epoch: 1 } };
  });
  dpe.subscribe(allAgents('shop', 'report'), ({ envelope }) => {
    if (envelope.body.kind !== 'agentReport') return undefined;
    const { report, sequence } = envelope.body.value;
    if (report.kind === 'orderResult' && report.value.result !== undefined) {
      results.set(report.value.operationId, report.value.result);
    }
    return { kind: 'reportAck', value: { sequence } };
  });
  await dpe.flush();
  let orders = 0;
  const identity = {
    deployable: 'shop',
    assembly: 'web',
    instance,
    launcherHost: 'local',
    epoch: 1,
    busServers: [fixture.server.url],
    heartbeatIntervalMs: 1000,
  };
  return {
    identity,
    registrations,
    creds: readFileSync(await fixture.credentials('agent', instance), 'utf8'),
    registered: (count: number) => until(`registration ${count}`, limitMs, async () => registrations[count - 1]),
    async run(order) {
      orders += 1;
      const operationId = `1-test-${orders}`;
      const id = parseInstanceId(instance) ?? assert.fail();
      const message = {
        body: { kind: 'executeOperation', value: order },
        deployable: 'shop',
        epoch: 1,
        operationId,
      } as const;
      const outcome = await dpe.request(agentOrder(id), message, { deadlineMs: 10_000, retry: true });
      assert.equal(outcome.kind, 'reply', JSON.stringify(outcome));
      return until(`the result of ${order.operation}`, limitMs, async () => results.get(operationId));
    },
  };
}
