import { setTimeout as delay } from 'node:timers/promises';
import type { Bus } from '../../../proto/bus.js';
import { rolePatterns } from '../../../proto/subjects.js';
import type { Bench } from '../bench-context.js';
import { within } from '../deadline.js';
import type { Figure } from '../figure.js';
import { listeningBus } from '../listening-bus.js';
import type { Stamps } from '../stamps.js';

const name = 'bench-order';
const [first, second, third] = ['order-first', 'order-second', 'order-third'] as const;
/** Between two failures, so that each is the first one in its budget's window and all that followed has ended. */
const paceMs = 2_000;
const deadlineMs = 30_000;

export const reportToOrder: Figure = {
  name: 'report-to-order',
  runs: 20,
  async measure(bench, runs) {
    const [coordinator, stamps] = await Promise.all([bench.coordinator(), bench.stamps()]);
    const samples = await coordinator.withDeployable(name, document(stamps), async () => {
      const bus = await listeningBus(coordinator);
      try {
        const row: number[] = [];
        for (let run = 0; run < runs; run++) {
          const from = performance.now();
          row.push(await failOnce({ bus, stamps, bench }));
          await delay(paceMs - (performance.now() - from), undefined, { signal: bench.signal });
        }
        return row;
      } finally {
        await bus.close();
      }
    });
    return { samples };
  },
};

/** The first one is kept by the DPE: the others come after it, so that a graph has to restart them all in order. */
function document(stamps: Stamps): string {
  const resource = (stamp: string) => `
        exec: { command: ${JSON.stringify(stamps.command(stamp))} }
        escalation: { failures: 10000, period: 1s }`;
  return `
deployable: ${name}
assemblies:
  db:
    resources:
      store:${resource(first)}
  web:
    resources:
      app:${resource(second)}
  front:
    resources:
      gate:${resource(third)}
constraints:
  - { order: [db.store, web.app, front.gate] }
`;
}

/** Kills the first resource; ms from its agent's report to the first order of the DPE to any agent, as a listener sees them. */
async function failOnce(setting: {
  readonly bus: Bus;
  readonly stamps: Stamps;
  readonly bench: Bench;
}): Promise<number> {
  const { bus, stamps, bench } = setting;
  let reportedAt: number | undefined;
  let stopListening = () => {};
  const ordered = new Promise<number>((resolve) => {
    const reports = bus.subscribe(rolePatterns.agentReports, ({ envelope }) => {
      if (envelope.deployable === name && envelope.body.kind === 'agentReport') reportedAt ??= performance.now();
    });
    const orders = bus.subscribe(rolePatterns.agentOrders, ({ envelope }) => {
      const isOrder = envelope.body.kind === 'executeOperation' && envelope.deployable === name;
      if (isOrder && reportedAt !== undefined) resolve(performance.now() - reportedAt);
    });
    stopListening = () => {
      reports.unsubscribe();
      orders.unsubscribe();
    };
  });
  try {
    await bus.flush();
    const [ms] = await Promise.all([
      within(ordered, { deadlineMs, what: 'an order after the report', signal: bench.signal }),
      stamps.killToStart([first]),
    ]);
    return ms;
  } finally {
    stopListening();
  }
}
