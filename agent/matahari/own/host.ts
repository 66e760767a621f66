import { machine as hardwareName, release, type } from 'node:os';
import { type Done, done, type HostHeartbeat, type HostObject, type HostState } from '../matahari.js';
import { parseLifetime, unknownLifetime, unsettableLifetime } from '../uuid-lifetime.js';
import { checkWhole } from './check-argument.js';
import {
  type CpuFacts,
  countProcesses,
  type MemoryFacts,
  parseCpus,
  parseLoad,
  parseMemory,
  parseProcessState,
  wordsizeOf,
} from './host-facts.js';
import { listenersOf } from './listeners.js';
import type { Machine } from './machine.js';
import type { OwnParts } from './own-options.js';
import type { PowerProfiles } from './power-profiles.js';

const defaultIntervalSeconds = 5;
/** What a timer of Node can wait. */
const maxIntervalSeconds = Math.floor((2 ** 31 - 1) / 1000);

/** Read at the first `get` after a heartbeat, so that nobody pays for what nobody reads. */
interface Statistics {
  /** Of the heartbeat whose statistics they are. */
  readonly sequence: number;
  readonly memory: MemoryFacts;
  readonly load: Readonly<Record<string, number>>;
  readonly processes: Readonly<Record<string, number>>;
}

/** The Host object of this machine, read from the kernel's own files. */
export function ownHost({ options, machine, uuids, properties }: OwnParts): HostObject & { close(): void } {
  const listeners = listenersOf<HostHeartbeat>('heartbeat', options.log);
  let interval = defaultIntervalSeconds;
  let timer: NodeJS.Timeout | undefined;
  let sequence = 0;
  let lastUpdatedUnixMs = 0;
  let beatAtMs = 0;
  let statistics: Statistics | undefined;
  let cpus: CpuFacts | undefined;

  const profiles = async (): Promise<PowerProfiles> => (await import('./power-profiles.js')).powerProfiles(machine);
  const beat = (): void => {
    const { unixMs, bootMs } = options.clock.now();
    sequence += 1;
    lastUpdatedUnixMs = unixMs;
    beatAtMs = bootMs;
  };
  const tell = async (): Promise<void> => {
    beat();
    const event = { timestampUnixMs: lastUpdatedUnixMs, sequence };
    const known = await properties();
    if (known.kind === 'problem') return;
    listeners.tell({ ...event, ...known.value });
  };
  const schedule = (): void => {
    clearInterval(timer);
    timer = undefined;
    if (listeners.size() === 0 || interval === 0) return;
    timer = setInterval(() => void tell(), interval * 1000);
    timer.unref();
  };
  /** Without listeners there is no timer: the heartbeat that is due happens when somebody looks. */
  const catchUp = (): void => {
    const isDue = interval > 0 && options.clock.now().bootMs - beatAtMs >= interval * 1000;
    if (sequence === 0 || (timer === undefined && isDue)) beat();
  };

  return {
    async get(): Promise<Done<HostState>> {
      const known = await properties();
      if (known.kind === 'problem') return known;
      const custom = await uuids.get('Custom');
      if (custom.kind === 'problem' && custom.problem.code !== 'not-found') return custom;
      catchUp();
      if (statistics?.sequence !== sequence) statistics = readStatistics(machine, sequence);
      cpus ??= parseCpus(machine.read('/proc/cpuinfo') ?? '');
      const arch = hardwareName();
      return done({
        ...known.value,
        customUuid: custom.kind === 'done' ? custom.value : '',
        os: `${type()} (${release()})`,
        arch,
        wordsize: wordsizeOf(arch),
        ...statistics.memory,
        ...cpus,
        updateInterval: interval,
        lastUpdatedUnixMs,
        sequence,
        load: statistics.load,
        processStatistics: statistics.processes,
      });
    },
    async setUpdateInterval(seconds) {
      const objection = checkWhole('update_interval', seconds, 0, maxIntervalSeconds);
      if (objection !== undefined) return objection;
      interval = seconds;
      schedule();
      return done(undefined);
    },
    identify: async () => (await import('./identify-machine.js')).identifyMachine(machine),
    shutdown: async () => (await import('./end-machine.js')).endMachine(machine, 'poweroff', options.log),
    reboot: async () => (await import('./end-machine.js')).endMachine(machine, 'reboot', options.log),
    async getUuid(text) {
      const lifetime = parseLifetime(text);
      return lifetime === undefined ? unknownLifetime(text) : uuids.get(lifetime);
    },
    async setUuid(text, uuid) {
      const lifetime = parseLifetime(text);
      if (lifetime === undefined) return unknownLifetime(text);
      return lifetime === 'Custom' ? uuids.setCustom(uuid) : unsettableLifetime(lifetime);
    },
    setPowerProfile: async (profile) => (await profiles()).set(profile),
    getPowerProfile: async () => (await profiles()).get(),
    listPowerProfiles: async () => (await profiles()).list(),
    onHeartbeat(listener) {
      const remove = listeners.add(listener);
      if (listeners.size() === 1) {
        schedule();
        if (interval > 0) void tell();
      }
      return () => {
        remove();
        if (listeners.size() === 0) schedule();
      };
    },
    close() {
      listeners.clear();
      schedule();
    },
  };
}

function readStatistics(machine: Machine, sequence: number): Statistics {
  const states: string[] = [];
  for (const name of machine.list('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const state = parseProcessState(machine.read(`/proc/${name}/stat`) ?? '');
    if (state !== undefined) states.push(state);
  }
  return {
    sequence,
    memory: parseMemory(machine.read('/proc/meminfo') ?? ''),
    load: parseLoad(machine.read('/proc/loadavg') ?? ''),
    processes: countProcesses(states),
  };
}
