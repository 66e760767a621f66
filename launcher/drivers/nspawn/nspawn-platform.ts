import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { guestStateDirectory } from '../../../proto/guest-credentials.js';
import type { InstanceCondition } from '../../driver.js';
import type { GuestNetwork } from '../../network/guest-network.js';
import { deleteLink } from '../../network/ip-command.js';
import { instancesDirectory } from '../journal.js';
import type { Examined, Found, Place, Platform } from '../platform.js';
import { examineProcess, settleProcess, signalProcess, watchProcess } from '../process-life.js';
import { type PidScope, type ProcessIdentity, readPidScope, readProcStat } from '../process-proof.js';
import { boundConsoleLog, readConsoleLog } from './console-log.js';
import { containerNames } from './container.js';
import { isFrozen, recordCgroups, recordScope, removeCgroups } from './container-cgroup.js';
import { type ContainerProcesses, findContainerProcesses, isStopped } from './container-processes.js';
import { groupsOfCommand } from './nspawn-command.js';
import { releaseContainerImage, type StartSettings, startContainer } from './start-container.js';

export interface NspawnPlatformOptions extends Omit<StartSettings, 'network' | 'here'> {
  /** Undefined when nothing is to be started. */
  readonly network: GuestNetwork | undefined;
  /** Kept for the launcher host itself. */
  readonly reservedMemoryMiB: number;
}

/** SIGRTMIN+4 and SIGRTMIN+5 of the C library: what systemd as PID 1 takes for poweroff and reboot (systemd(1)). */
const powerOff = 38;
const restart = 39;
const askAgainMs = 500;
const consoleCheckMs = 5_000;
const bytesPerMib = 1024 * 1024;

/**
 * The platform on which an instance is a container that systemd-nspawn boots: an init system of its own on a tree of its
 * own, with the kernel of its launcher host.
 *
 * systemd-nspawn that is killed leaves what it has started behind, for good. So it runs below a cpe-instance-init in a
 * PID namespace of its own, which is the life of the instance: when that ends, for whatever reason, the kernel has ended
 * all in it, and in the namespace of the container below (process-life.ts).
 */
export function nspawnPlatform(options: NspawnPlatformOptions): Platform<ProcessIdentity> {
  const { home, launcherHost, network } = options;
  const here = readPidScope();
  const asked = new Map<string, NodeJS.Timeout>();
  const askOnce = (life: ProcessIdentity, signal: number) => {
    const { systemd } = findContainerProcesses(life.pid);
    if (systemd === undefined) throw new Error('the container has no PID 1 at the moment');
    process.kill(systemd, signal);
  };

  return {
    outlivesMachine: false,
    addresses: network?.addresses ?? [],
    completeIdentity: ({ identity }, { record }) => ({
      ...identity,
      busServers: network?.busServers ?? identity.busServers,
      address: record.address,
      hostname: record.hostname,
      stateDirectory: guestStateDirectory,
    }),
    start: async (spec, place) =>
      network === undefined
        ? 'nothing can be started here'
        : startContainer({ ...options, network, here }, spec, place),
    settle: settleProcess,
    examine: (life, place) => examineContainer(life, place, here),
    watch(_, place, onHint) {
      const watch = watchProcess(place, onHint);
      // Oftener than its init does, which has to do while no launcherd runs.
      const bounding = setInterval(() => void boundConsoleLog(place).catch(() => undefined), consoleCheckMs);
      return {
        expect: watch.expect,
        close() {
          watch.close();
          clearInterval(bounding);
          clearInterval(asked.get(place.directory));
          asked.delete(place.directory);
        },
      };
    },
    async askToEnd(life, place) {
      const condition = await conditionOf(life, place);
      // Continued for this, it would go on with whatever it was about to do when it was stopped, however long ago.
      if (condition.kind === 'paused') throw new Error(`it cannot be asked: ${condition.evidence}`);
      const ask = () => {
        try {
          if (examineProcess(life, place, here).kind === 'alive') askOnce(life, powerOff);
        } catch {
          // It is just starting, restarting, or ending.
        }
      };
      ask();
      // A PID 1 that has not come so far yet as to listen does not hear it.
      clearInterval(asked.get(place.directory));
      asked.set(place.directory, setInterval(ask, askAgainMs));
    },
    kill: async (life) => signalProcess(life, 'SIGKILL'),
    reboot: async (life) => askOnce(life, restart),
    async cleanUp(place) {
      const names = containerNames(home, launcherHost, place.record.instance);
      await removeCgroups(place, names.machine);
      // The kernel removes it with the network namespace, a moment after the last process in it.
      await deleteLink(names.interface);
      await rm(join('/run/systemd/nspawn/propagate', names.machine), { recursive: true, force: true });
      await releaseContainerImage(launcherHost, place);
    },
    consoleLog: readConsoleLog,
    findAll: () => findContainers(instancesDirectory(home, launcherHost), here),
    async adopt({ life }, place) {
      const groups = groupsOfCommand((await readInit(`${life.pid}`)).command);
      // Those of a scope are not on the command line: its init is in them itself.
      if (groups.length > 0) recordCgroups(place, groups);
      else recordScope(place, life.pid);
      // Who starts an instance writes this (commitment.ts); this one has been started.
      const commitment = `${life.pid} ${life.startTime}\n`;
      await writeFile(join(place.directory, 'init.pid'), commitment, { mode: 0o600, flag: 'wx' });
    },
    capacity: async () => ({
      cpus: availableParallelism(),
      memoryMiB: Math.max(0, Math.floor(totalmem() / bytesPerMib) - options.reservedMemoryMiB),
    }),
    async close() {
      for (const timer of asked.values()) clearInterval(timer);
      await network?.close();
    },
  };
}

async function examineContainer(life: ProcessIdentity, place: Place, here: PidScope): Promise<Examined> {
  const state = examineProcess(life, place, here);
  if (state.kind === 'unknown') return state;
  if (state.kind === 'dead') {
    return {
      kind: 'dead',
      evidence: life.bootId === here.bootId ? await explainEnd(state.evidence, place) : state.evidence,
    };
  }
  const processes = findContainerProcesses(life.pid);
  const condition = await conditionOf(life, place, processes);
  return { kind: 'alive', pid: life.pid, agentPid: processes.agent, condition };
}

async function conditionOf(
  life: ProcessIdentity,
  place: Place,
  { nspawn, systemd }: ContainerProcesses = findContainerProcesses(life.pid),
): Promise<InstanceCondition> {
  if (await isFrozen(place)) return { kind: 'paused', evidence: 'its control group is frozen' };
  if (systemd !== undefined && isStopped(systemd)) {
    return { kind: 'paused', evidence: `its PID 1, here pid ${systemd}, is stopped by a signal` };
  }
  if (nspawn !== undefined && isStopped(nspawn)) {
    return { kind: 'not-answering', evidence: `its systemd-nspawn, pid ${nspawn}, is stopped by a signal` };
  }
  if (isStopped(life.pid)) {
    return { kind: 'not-answering', evidence: `its cpe-instance-init, pid ${life.pid}, is stopped by a signal` };
  }
  return { kind: 'working' };
}

/** What the proof of the kernel lacks: why. Only of a failure systemd-nspawn has something to say. */
async function explainEnd(proof: string, place: Place): Promise<string> {
  const named = nameEnd(proof);
  if (/^systemd-nspawn ended with exit code 0\b/.test(named)) return `the container was powered off; ${named}`;
  const lines = (await readConsoleLog(place, 2048).catch(() => '')).split(/[\r\n]+/);
  // Every end has this line where /run is on a disk.
  const last = lines.findLast((line) => line.trim() !== '' && !line.startsWith('Attempted to remove disk file system'));
  const said = last
    ?.replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 200);
  return said === undefined ? named : `${named}; its console log ends with "${said}"`;
}

/** Its shell ends as systemd-nspawn has ended; of a signal it makes 128 and the number of it. */
function nameEnd(proof: string): string {
  return proof.replace(/^sh ended with exit code (\d+)/, (_, code: string) =>
    Number(code) > 128
      ? `systemd-nspawn was ended by signal ${Number(code) - 128}`
      : `systemd-nspawn ended with exit code ${code}`,
  );
}

async function findContainers(root: string, here: PidScope): Promise<readonly Found<ProcessIdentity>[]> {
  const found: Found<ProcessIdentity>[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const { directory, command } = await readInit(pid);
    if (dirname(directory) !== root || !command.includes('systemd-nspawn')) continue;
    // Not its courier, nor its child on the way to the command.
    const isInit = /^NSpid:.*\t1$/m.test(await readProc(pid, 'status'));
    const startTime = readProcStat(Number(pid))?.startTime;
    if (!isInit || startTime === undefined) continue;
    const life = { pid: Number(pid), startTime, ...here };
    found.push({ instance: basename(directory), life, what: `container, pid ${pid}` });
  }
  return found;
}

/** What the command line of a cpe-instance-init says; of another process nothing. */
async function readInit(pid: string): Promise<{ readonly directory: string; readonly command: readonly string[] }> {
  const [program = '', mode, directory = '', ...command] = (await readProc(pid, 'cmdline')).split('\0');
  const isOurs = basename(program) === 'cpe-instance-init' && mode === '--once';
  return isOurs ? { directory, command } : { directory: '', command: [] };
}

function readProc(pid: string, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
}
