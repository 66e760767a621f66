import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { type Accelerator, describeAccelerator, probeAccelerator } from '../../launcher/drivers/qemu/accelerator.js';
import { imageTool, qemuBinary } from '../../launcher/drivers/qemu/start-machine.js';
import { packageRoot } from '../../launcher/package-root.js';
import type { Bus } from '../../proto/bus.js';
import type { Bench } from './bench-context.js';
import { type Coordinator, cpectlProgram, startCoordinator } from './coordinator.js';
import { listeningBus } from './listening-bus.js';
import {
  type Boot,
  type MachineRecovery,
  type RecoverySetting,
  recoverMachine,
  settleMachine,
} from './machine-recovery.js';
import { isOnPath } from './supervisors.js';

/** A coordinator whose instances are virtual machines of QEMU with the default image. */
export interface Machines {
  /**
   * What came of at least so many kills. They are shared by the figures that look at them, and more are made only where
   * too few are known; none runs at the same time.
   */
  recoveries(boot: Boot, runs: number): Promise<readonly MachineRecovery[]>;
  /** What has to be known to read their times: what executes the guests' instructions, and the machine's load. */
  remark(): string;
  down(): Promise<void>;
}

const image = 'debian-12';
const launcherHost = 'vms';
/** Of a recovery step, of a verb: an emulated guest on a busy machine takes minutes. */
const deadlineMs = 600_000;
/** The processors may all be the guest's: emulation uses as many as it is given. */
const size = { cpus: 2, memory: '512MiB' };

/** Why there can be no such machines here; undefined when there can. */
export function missingForMachines(): string | undefined {
  const program = [qemuBinary, imageTool, 'mmdebstrap'].find((each) => !isOnPath(each));
  if (program !== undefined) return `${program} is not installed`;
  return process.getuid?.() === 0 ? undefined : 'guests on a network of the launcher host need root';
}

/**
 * Brings the coordinator up and bakes the image, which is kept (in .build/images, or where CPE_IMAGES says) for the next
 * bench. Rejects, with nothing left of it, when that fails or is interrupted.
 */
export async function openMachines(
  { workplace, signal, note }: Pick<Bench, 'workplace' | 'signal' | 'note'>,
  chosen: Accelerator['kind'] | undefined,
): Promise<Machines> {
  process.env.CPE_IMAGES ??= join(packageRoot(), '.build', 'images');
  const accelerator = await acceleratorOf(chosen);
  note(`machines: QEMU with ${describeAccelerator(accelerator)}`);
  const home = 'machines';
  const up = ['--launcher-host', `${launcherHost}=qemu:${accelerator.kind}`];
  const removeNetwork = () => destroyAll(join(workplace.root, home));
  workplace.remains.add(removeNetwork);
  const coordinator = await startCoordinator(workplace, signal, { home, up, deadlineMs });
  let bus: Bus | undefined;
  const down = async () => {
    await bus?.close();
    await coordinator.down();
    workplace.remains.delete(removeNetwork);
  };
  try {
    note(`machines: image ${image} is baked unless it is there`);
    await coordinator.cpectl('image', 'bake', image);
    bus = await listeningBus(coordinator);
  } catch (error) {
    await down().catch((problem: Error) => note(problem.message));
    throw error;
  }
  const known: Record<Boot, MachineRecovery[]> = { cold: [], warm: [] };
  const machines: Machines = {
    async recoveries(boot, runs) {
      const row = known[boot];
      if (row.length < runs) {
        const deployable = `bench-${boot}`;
        const setting = { coordinator, bus: bus as Bus, launcherHost, deployable, boot, deadlineMs, signal };
        if (boot === 'warm') await makeTemplate(coordinator, accelerator, note);
        await recoverOften(setting, runs - row.length, (recovery) => row.push(recovery));
      }
      return row;
    },
    remark: () => `${describeAccelerator(accelerator)}; load ${loadavg()[0]?.toFixed(1)}`,
    down,
  };
  return machines;
}

async function acceleratorOf(chosen: Accelerator['kind'] | undefined): Promise<Accelerator> {
  if (chosen === undefined) return probeAccelerator(qemuBinary);
  return chosen === 'kvm' ? { kind: 'kvm' } : { kind: 'tcg', reason: 'as it was told' };
}

async function makeTemplate(coordinator: Coordinator, { kind }: Accelerator, note: Bench['note']): Promise<void> {
  note(`machines: a template of the booted guest is made unless it is there`);
  const { cpus, memory } = size;
  await coordinator.cpectl(
    'image',
    'bake',
    image,
    '--warm',
    '--cpus',
    String(cpus),
    '--memory',
    memory,
    '--accelerator',
    kind,
  );
}

async function recoverOften(setting: RecoverySetting, runs: number, onRecovery: (recovery: MachineRecovery) => void) {
  const { coordinator, deployable, boot } = setting;
  await coordinator.withDeployable(deployable, document(deployable, boot), async () => {
    await settleMachine(setting);
    for (let run = 0; run < runs; run++) onRecovery(await recoverMachine(setting));
  });
}

/** Each failure is the first of its window: a boot takes longer than that is. */
function document(name: string, boot: Boot): string {
  return `
deployable: ${name}
assemblies:
  one:
    image: ${image}
    size: { cpus: ${size.cpus}, memory: ${size.memory} }
    placement: { warm: "${boot === 'warm' ? 'yes' : 'no'}" }
    boot-timeout: 8m
    escalation: { failures: 10000, period: 1s }
    resources:
      app: { exec: { command: [sleep, infinity] } }
`;
}

/** What processes do not take along when they are killed: the bridge of the guests. Blocks. */
function destroyAll(home: string): void {
  spawnSync(process.execPath, [cpectlProgram, '--home', home, 'down', '--grace', '0'], { timeout: 10_000 });
}
