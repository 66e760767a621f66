import { readFileSync } from 'node:fs';
import { type FoundMachine, findMachines } from '../../launcher/drivers/qemu/find-machines.js';
import type { Bus } from '../../proto/bus.js';
import { rolePatterns } from '../../proto/subjects.js';
import type { Coordinator } from './coordinator.js';
import { within } from './deadline.js';
import { timeOf } from './event-log.js';
import { parseTimeline, timelineScript } from './guest-timeline.js';
import { startUnixMs } from './process-start.js';

/** How a guest comes to its agent: it boots, or it is restored from the template of its image. */
export type Boot = 'cold' | 'warm';

/** What came of a SIGKILL to a QEMU process, in ms. */
export interface MachineRecovery {
  /** From the signal to the DPE's event of the failure. */
  readonly killToFailed: number;
  /** From the signal to the DPE's order for another instance, as a listener on the bus sees it. */
  readonly killToOrdered: number;
  /** From the signal until the deployable runs again. */
  readonly killToRunning: number;
  /** From the start of the next QEMU (known to 10 ms) to the agent's registration. */
  readonly qemuToRegistered: number;
  /** From the start of the next QEMU until the guest has reached its multi-user.target. */
  readonly qemuToMultiUser: number;
}

export interface RecoverySetting {
  readonly coordinator: Coordinator;
  readonly bus: Bus;
  readonly launcherHost: string;
  /** Of one assembly, `one`. */
  readonly deployable: string;
  readonly boot: Boot;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/**
 * Kills the one machine of a deployable and waits until the next one has booted entirely, so that the next kill meets a
 * guest at rest. Rejects when it does not come, or came another way than it should.
 */
export async function recoverMachine(setting: RecoverySetting): Promise<MachineRecovery> {
  const { coordinator, deployable, boot } = setting;
  const { pid } = await findMachine(setting);
  const seq = coordinator.lastSeq();
  const { ordered } = await listenForOrder(setting);
  const killedAt = unixMs();
  process.kill(pid, 'SIGKILL');
  const orderedAt = await ordered;
  const failed = await coordinator.event(deployable, 'assembly-failed', seq);
  const registered = await coordinator.event(deployable, 'assembly-running', seq);
  const running = await coordinator.event(deployable, 'deployable-running', seq);
  const next = await findMachine(setting);
  const startedAt = startUnixMs(next.pid);
  if (bootOf(next.pid) !== boot) throw new Error(`the guest came by a ${bootOf(next.pid)} boot: ${pid} to ${next.pid}`);
  const { multiUser, registered: toldAt } = await askTimeline(setting);
  const qemuToRegistered = timeOf(registered) - startedAt;
  return {
    killToFailed: timeOf(failed) - killedAt,
    killToOrdered: orderedAt - killedAt,
    killToRunning: timeOf(running) - killedAt,
    qemuToRegistered,
    qemuToMultiUser: qemuToRegistered + multiUser - toldAt,
  };
}

/** Waits until the guest of a deployable has booted entirely. */
export async function settleMachine(setting: RecoverySetting): Promise<void> {
  await askTimeline(setting);
}

async function findMachine({ coordinator, launcherHost, deployable }: RecoverySetting): Promise<FoundMachine> {
  const all = await findMachines(coordinator.home, launcherHost);
  const [machine, another] = all.filter(({ instance }) => instance.startsWith(`${deployable}.`));
  if (machine === undefined) throw new Error(`no QEMU runs for ${deployable}`);
  if (another !== undefined) throw new Error(`two machines of one assembly: ${machine.instance}, ${another.instance}`);
  return machine;
}

/** Resolves when it listens. `ordered`: the time of the next order, in Unix ms. */
async function listenForOrder({ bus, deployable, deadlineMs, signal }: RecoverySetting) {
  let stop = () => {};
  const heard = new Promise<number>((resolve) => {
    const orders = bus.subscribe(rolePatterns.launcherOrders, ({ envelope }) => {
      if (envelope.body.kind === 'startInstance' && envelope.deployable === deployable) resolve(unixMs());
    });
    stop = () => orders.unsubscribe();
  });
  await bus.flush();
  const ordered = within(heard, { deadlineMs, what: 'an order for another instance', signal }).finally(stop);
  ordered.catch(() => undefined);
  return { ordered };
}

function bootOf(pid: number): Boot {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes('-incoming') ? 'warm' : 'cold';
}

async function askTimeline({ coordinator, deployable }: RecoverySetting) {
  const words = ['agent', 'sysconfig', 'run-string', deployable, 'one', timelineScript];
  return parseTimeline(await coordinator.cpectl(...words, '--scheme', 'script', '--key', 'bench', '--force'));
}

/** With fractions, unlike Date.now(). */
function unixMs(): number {
  return performance.timeOrigin + performance.now();
}
