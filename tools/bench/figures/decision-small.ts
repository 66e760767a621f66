import { openSchedulerChild } from '../../../coordinator/scheduler/scheduler-child.js';
import type { Bench } from '../bench-context.js';
import type { Figure } from '../figure.js';
import { timeDecisions } from '../time-decisions.js';

const name = 'bench-decision';

export const decisionSmall: Figure = {
  name: 'decision-small',
  runs: 100,
  async measure(bench, runs) {
    const timed = { cib: await failedMonitorCib(bench), nowUnixS: Math.floor(Date.now() / 1000) };
    const scheduler = openSchedulerChild();
    try {
      await scheduler.hello();
      return await timeDecisions(timed, { scheduler, bench, runs, hasPeer: true });
    } finally {
      await scheduler.close();
    }
  },
};

const document = `
deployable: ${name}
assemblies:
  db: { resources: { store: { exec: { command: [sleep, infinity] } }, cache: { exec: { command: [sleep, infinity] } } } }
  web: { resources: { app: { exec: { command: [sleep, infinity] } } } }
  front: { resources: { gate: { exec: { command: [sleep, infinity] } }, log: { exec: { command: [sleep, infinity] } } } }
constraints:
  - { order: [db.store, web.app, front.gate] }
`;

/** What a DPE asks about most often: all is well but for one monitor that has just failed, here that of `db.store`. */
async function failedMonitorCib(bench: Bench): Promise<string> {
  const coordinator = await bench.coordinator();
  const cib = await coordinator.withDeployable(name, document, () => coordinator.cpectl('cib', name));
  const failed = cib.replace(/<lrm_rsc_op id="db\.store_monitor_\d+"[^>]*>/, (record) =>
    record.replace('rc-code="0"', 'rc-code="7"').replace('transition-magic="0:0;', 'transition-magic="0:7;'),
  );
  if (failed === cib) throw new Error('the CIB has no good monitor of db.store');
  return failed;
}
