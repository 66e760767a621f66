import { writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { guestStateDirectory } from '../../../proto/guest-credentials.js';
import type { InstanceCondition, InstanceSpec } from '../../driver.js';
import type { ImageStore } from '../../images/image.js';
import type { CompleteIdentity, Examined, Found, Place, Platform } from '../platform.js';
import { examineProcess, signalProcess, watchProcess } from '../process-life.js';
import { type PidScope, type ProcessIdentity, readPidScope, readProcStat } from '../process-proof.js';
import type { Accelerator } from './accelerator.js';
import { findChildPid, findMachines } from './find-machines.js';
import { boundFile, guestDirectory, guestFiles, readTail, stripGuestDirectory } from './guest-directory.js';
import type { GuestWiring } from './guest-wiring.js';
import { describeEnd, readLastWords } from './last-words.js';
import { attemptPlace, type MachineLife, settleMachine } from './machine-life.js';
import { type MachineLink, openMachineLink } from './machine-link.js';
import { qemuBinary, releaseMachineImage, type StartSettings, startMachine } from './start-machine.js';

export interface QemuPlatformOptions {
  /** The state directory of the whole system, a real path. */
  readonly home: string;
  readonly launcherHost: string;
  /** Path of cpe-instance-init. */
  readonly initBinary: string;
  readonly images: ImageStore;
  readonly wiring: GuestWiring;
  /** Known when a guest has been tried with it: starts wait for that, and nothing else does. */
  readonly accelerator: Promise<Accelerator>;
  /** Kept for the launcher host itself. */
  readonly reservedMemoryMiB: number;
  /** All of QEMU's; PATH is also where it, qemu-img, env and setpriv are found. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of QEMU. */
  readonly version: string;
  readonly log: StartSettings['log'];
}

const ANSWER_MS = 1_000;
const ASK_AGAIN_MS = 2_000;
const BYTES_PER_MIB = 1024 * 1024;
const CONSOLE_CHECK_MS = 5_000;
const CONSOLE_LIMITS = { limitBytes: 4 * BYTES_PER_MIB, keptBytes: BYTES_PER_MIB };

/**
 * The platform on which an instance is a virtual machine of QEMU: a process of this machine, below an init that ends with
 * it (process-life.ts), controlled and watched over QMP.
 */
export function qemuPlatform(options: QemuPlatformOptions): Platform<MachineLife> {
  const { home, launcherHost, wiring } = options;
  const here = readPidScope();
  const links = new Links();
  /** Rejects when it is not done. */
  const order = async (place: Place, command: string) => {
    const answer = await links.use(place, (link) => link.execute(command, {}, ANSWER_MS));
    if (answer.kind !== 'returned') throw new Error(`QEMU did not do ${command}: ${answer.reason}`);
  };
  const identityOf = ({ identity }: InstanceSpec, { record }: Place): CompleteIdentity => ({
    ...identity,
    busServers: wiring.busServers(identity.busServers),
    address: record.address,
    hostname: record.hostname,
    stateDirectory: guestStateDirectory,
  });

  return {
    outlivesMachine: false,
    addresses: wiring.addresses,
    completeIdentity: identityOf,
    async start(spec, place) {
      const { kind: accelerator } = await options.accelerator;
      return startMachine({ ...options, accelerator, here }, spec, identityOf(spec, place), place);
    },
    settle: settleMachine,
    async examine(life, place) {
      const prove = () => examineProcess(life, attemptPlace(life, place), here);
      const before = prove();
      const ask = () => links.use(place, (link) => link.condition(ANSWER_MS));
      const condition = before.kind === 'alive' ? await ask() : undefined;
      // Looked at once more: what does not answer may have ended meanwhile, which is another matter.
      const state = prove();
      if (state.kind === 'unknown') return state;
      if (state.kind === 'dead') return { kind: 'dead', evidence: await explainEnd(life, place, state.evidence, here) };
      return condition === undefined
        ? { kind: 'unknown', reason: 'it could not be examined just now' }
        : describeMachine(life, condition);
    },
    watch(life, place, onHint) {
      const processWatch = watchProcess(attemptPlace(life, place), onHint);
      const unlink = links.keep(place, onHint);
      const timer = setInterval(() => void boundConsole(place), CONSOLE_CHECK_MS);
      return {
        expect: processWatch.expect,
        close() {
          clearInterval(timer);
          processWatch.close();
          unlink();
        },
      };
    },
    async askToEnd(_, place) {
      const condition = await links.use(place, (link) => link.condition(ANSWER_MS));
      // Continued for this, it would go on with whatever it was about to do when it was stopped, however long ago.
      if (condition.kind === 'paused') throw new Error(`it cannot be asked: ${condition.evidence}`);
      const ask = () => order(place, 'system_powerdown');
      await ask();
      // Nobody has pressed the button for a guest that has not come so far yet as to look at it.
      links.repeat(place, ASK_AGAIN_MS, () => void ask().catch(() => undefined));
    },
    kill: async (life) => signalProcess(life, 'SIGKILL'),
    reboot: (_, place) => order(place, 'system_reset'),
    async cleanUp(place) {
      await stripGuestDirectory(place.directory);
      await wiring.detach(place.record.instance);
      await releaseMachineImage(launcherHost, place);
    },
    consoleLog: readConsole,
    findAll: () => findLives(home, launcherHost, here),
    async adopt({ life }, { directory }) {
      // Who starts an instance writes this (commitment.ts); this one has been started.
      await writeFile(join(directory, 'init.pid'), `${life.pid} ${life.startTime}\n`, { mode: 0o600, flag: 'wx' });
    },
    capacity: async () => ({
      cpus: availableParallelism(),
      memoryMiB: Math.max(0, Math.floor(totalmem() / BYTES_PER_MIB) - options.reservedMemoryMiB),
    }),
    async close() {
      links.close();
      await wiring.close();
    },
  };
}

interface KeptLink extends MachineLink {
  repetition: NodeJS.Timeout | undefined;
}

/** Owns the links to the machines that are watched. */
class Links {
  readonly #links = new Map<string, KeptLink>();

  /** That of a watched machine, or one for the moment. */
  async use<T>({ directory }: Place, use: (link: MachineLink) => Promise<T>): Promise<T> {
    const known = this.#links.get(directory);
    if (known !== undefined) return use(known);
    const link = openMachineLink({ directory: guestDirectory(directory), onHint: () => undefined });
    return use(link).finally(() => link.close());
  }

  keep({ directory }: Place, onHint: () => void): () => void {
    const link: KeptLink = {
      ...openMachineLink({ directory: guestDirectory(directory), onHint }),
      repetition: undefined,
    };
    this.#links.set(directory, link);
    return () => {
      this.#close(link);
      if (this.#links.get(directory) === link) this.#links.delete(directory);
    };
  }

  /** As long as the machine is watched, which ends with it. */
  repeat({ directory }: Place, intervalMs: number, act: () => void): void {
    const link = this.#links.get(directory);
    if (link !== undefined) link.repetition ??= setInterval(act, intervalMs);
  }

  close(): void {
    for (const link of this.#links.values()) this.#close(link);
  }

  #close(link: KeptLink): void {
    clearInterval(link.repetition);
    link.close();
  }
}

async function describeMachine(init: ProcessIdentity, condition: InstanceCondition): Promise<Examined> {
  const alive = { kind: 'alive', pid: init.pid, agentPid: undefined } as const;
  const qemuPid = condition.kind === 'not-answering' ? await findChildPid(init.pid) : undefined;
  if (condition.kind !== 'not-answering' || qemuPid === undefined) return { ...alive, condition };
  const isStopped = /^[Tt]$/.test(stateOf(qemuPid) ?? '');
  const evidence = `${condition.evidence}${isStopped ? `; its process, pid ${qemuPid}, is stopped by a signal` : ''}`;
  return { ...alive, condition: { kind: 'not-answering', evidence } };
}

/** What the proof of the kernel lacks: why. A machine that went with its launcher host had no time to say. */
async function explainEnd(life: MachineLife, place: Place, proof: string, here: PidScope): Promise<string> {
  if (life.bootId !== here.bootId) return proof;
  // The command that becomes QEMU (runAs) begins with another program's name.
  const named = proof.replace(/^env /, `${qemuBinary} `);
  return `${describeEnd(await readLastWords(place.directory, attemptPlace(life, place).directory))}; ${named}`;
}

async function readConsole({ directory }: Place, maxBytes: number): Promise<string> {
  const guest = guestDirectory(directory);
  const recent = await readTail(join(guest, guestFiles.console), maxBytes);
  const left = maxBytes - Buffer.byteLength(recent);
  return left <= 0 ? recent : `${await readTail(join(guest, guestFiles.olderConsole), left)}${recent}`;
}

async function boundConsole({ directory }: Place): Promise<void> {
  const guest = guestDirectory(directory);
  const [file, older] = [join(guest, guestFiles.console), join(guest, guestFiles.olderConsole)];
  // Looked at again in a moment. Whoever has put something else in its place has broken out, and is left to the disk.
  await boundFile(file, older, CONSOLE_LIMITS).catch(() => undefined);
}

async function findLives(home: string, launcherHost: string, here: PidScope): Promise<Found<MachineLife>[]> {
  const machines = await findMachines(home, launcherHost);
  return machines.flatMap(({ instance, pid, parentPid }) => {
    const startTime = readProcStat(parentPid)?.startTime;
    if (startTime === undefined) return [];
    return [{ instance, life: { pid: parentPid, startTime, ...here, isWarm: false }, what: `QEMU, pid ${pid}` }];
  });
}

function stateOf(pid: number): string | undefined {
  try {
    return readProcStat(pid)?.state;
  } catch {
    return undefined;
  }
}
