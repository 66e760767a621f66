import type { Figure } from '../figure.js';
import { missingForMachines } from '../machines.js';

/** From a SIGKILL to a machine's QEMU until everything runs again, less the next guest's own boot. */
export const vmOverhead: Figure = {
  name: 'vm-overhead',
  runs: 5,
  missing: missingForMachines,
  async measure(bench, runs) {
    const machines = await bench.machines();
    const recoveries = await machines.recoveries('cold', runs);
    const samples = recoveries.map(({ killToRunning, qemuToRegistered }) => killToRunning - qemuToRegistered);
    return {
      samples,
      parts: {
        worst: [Math.max(...samples)],
        'QEMU killed to everything running': recoveries.map(({ killToRunning }) => killToRunning),
        'boot to registered': recoveries.map(({ qemuToRegistered }) => qemuToRegistered),
      },
      remark: machines.remark(),
    };
  },
};
