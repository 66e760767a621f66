import type { Figure } from '../figure.js';
import { missingForMachines } from '../machines.js';

/** From a SIGKILL to a machine's QEMU until its recovery is ordered. */
export const vmDetect: Figure = {
  name: 'vm-detect',
  runs: 5,
  missing: missingForMachines,
  async measure(bench, runs) {
    const machines = await bench.machines();
    const recoveries = await machines.recoveries('cold', runs);
    const samples = recoveries.map(({ killToOrdered }) => killToOrdered);
    return {
      samples,
      parts: {
        'QEMU killed to the event of the failure': recoveries.map(({ killToFailed }) => killToFailed),
        worst: [Math.max(...samples)],
      },
      remark: machines.remark(),
    };
  },
};
