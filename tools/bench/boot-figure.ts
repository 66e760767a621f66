import type { Figure } from './figure.js';
import type { Boot } from './machine-recovery.js';
import { missingForMachines } from './machines.js';

/** From the start of QEMU until the agent in the guest is registered; of a boot beside the same guest's multi-user.target. */
export function bootFigure(name: string, boot: Boot): Figure {
  return {
    name,
    runs: 5,
    missing: missingForMachines,
    async measure(bench, runs) {
      const machines = await bench.machines();
      const recoveries = await machines.recoveries(boot, runs);
      const samples = recoveries.map(({ qemuToRegistered }) => qemuToRegistered);
      return {
        samples,
        // What a restored guest had reached when it was saved says nothing.
        ...(boot === 'cold'
          ? { peers: { 'boot to multi-user': recoveries.map(({ qemuToMultiUser }) => qemuToMultiUser) } }
          : {}),
        parts: { worst: [Math.max(...samples)] },
        remark: machines.remark(),
      };
    },
  };
}
