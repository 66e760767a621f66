import type { InstanceCondition } from '../../driver.js';
import { signalProcess } from '../process-life.js';
import { type PidScope, type ProcessIdentity, proveProcess } from '../process-proof.js';
import { type MachineLink, openMachineLink } from './machine-link.js';
import { hotplugPort, type Wiring } from './qemu-arguments.js';
import { isObject } from './qmp-message.js';

export interface AwaitedGuest {
  /** Of the guest. */
  readonly directory: string;
  readonly here: PidScope;
  /** performance.now() */
  readonly deadline: number;
}

const ANSWER_MS = 1_000;
/** What is done on the way takes its time on a busy host, and to give it up costs a boot. */
const ORDER_MS = 10_000;
const POLL_MS = 10;
const PROOF_MS = 10_000;
/** QEMU's run states while a machine is being restored (qapi/run-state.json). */
const RESTORING = ['inmigrate', 'prelaunch'];
const RESTORED = 'paused';

/**
 * Until the guest's processors run. A machine that does not get there in time is ended. Returns what became of it, for
 * the case that it did not.
 */
export async function awaitBooted(life: ProcessIdentity, guest: AwaitedGuest): Promise<string> {
  let condition: InstanceCondition = { kind: 'working' };
  const isRunning = await poll(life, guest, async (link) => {
    condition = await link.condition(ANSWER_MS);
    return condition.kind === 'working';
  });
  if (isRunning || performance.now() < guest.deadline) return 'QEMU has ended';
  await endMachine(life, guest.here);
  return `the guest did not run in time${'evidence' in condition ? `: ${condition.evidence}` : ''}`;
}

/**
 * Until a saved guest is there again; then it is given its network interface and goes on. Returns undefined when it runs,
 * or what went wrong.
 */
export async function awaitRestored(
  life: ProcessIdentity,
  guest: AwaitedGuest & { readonly network: Wiring },
): Promise<string | undefined> {
  let status: unknown;
  let problem: string | undefined;
  const isRestored = await poll(life, guest, async (link) => {
    const answer = await link.execute('query-status', {}, ANSWER_MS);
    status = answer.kind === 'returned' && isObject(answer.value) ? answer.value.status : undefined;
    if (status !== RESTORED) return status !== undefined && !RESTORING.includes(`${status}`);
    problem = await plugIn(link, guest.network);
    return true;
  });
  if (!isRestored) return 'QEMU has ended, or took too long';
  return status === RESTORED ? problem : `QEMU is in another state than it should be: ${status}`;
}

/** Returns whether it is proven dead. */
export async function endMachine(life: ProcessIdentity, here: PidScope): Promise<boolean> {
  const deadline = performance.now() + PROOF_MS;
  if (proveProcess(life, here).kind === 'alive') signalProcess(life, 'SIGKILL');
  while (proveProcess(life, here).kind !== 'dead') {
    if (performance.now() > deadline) return false;
    await delay();
  }
  return true;
}

/** Returns what was refused. */
async function plugIn(link: MachineLink, network: Wiring): Promise<string | undefined> {
  const device = { driver: 'virtio-net-pci', id: 'nic', netdev: 'net', bus: hotplugPort, romfile: '' };
  const steps: [string, object][] = [];
  if (network.kind !== 'later') {
    steps.push(['netdev_add', netdevOf(network)], ['device_add', { ...device, mac: network.mac }]);
  }
  for (const [command, given] of [...steps, ['cont', {}]] as [string, Record<string, unknown>][]) {
    const answer = await link.execute(command, given, ORDER_MS);
    if (answer.kind !== 'returned') return `QEMU did not do ${command}: ${answer.reason}`;
  }
  return undefined;
}

/** As on the command line (qemu-arguments.ts). */
function netdevOf(network: Exclude<Wiring, { kind: 'later' }>): object {
  if (network.kind === 'user') return { type: 'user', id: 'net', net: network.network, host: network.host };
  return { type: 'tap', id: 'net', ifname: network.tap, script: 'no', downscript: 'no' };
}

/** Returns false when the machine has ended or its time is over before it is `done`. */
async function poll(
  life: ProcessIdentity,
  { directory, here, deadline }: AwaitedGuest,
  isDone: (link: MachineLink) => Promise<boolean>,
): Promise<boolean> {
  const link = openMachineLink({ directory, onHint: () => undefined });
  try {
    for (;;) {
      if (await isDone(link)) return true;
      if (proveProcess(life, here).kind === 'dead' || performance.now() > deadline) return false;
      await delay();
    }
  } finally {
    link.close();
  }
}

function delay(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
