import type { ExecDefinition, Operation, OperationOutcome } from '../core/operation.js';
import { Ocf } from '../core/operation.js';
import { boundLog, readLogEnd } from './bounded-log.js';
import type { CgroupTree } from './cgroup-tree.js';
import { type Launch, prepareLaunch } from './exec-launch.js';
import { type ExecRecord, type ExecRecords, execRecords, type RecordJournal } from './exec-record.js';
import { findLeader } from './find-leader.js';
import { HealthWatch } from './health-watch.js';
import { endFamily, killFamily, type ProcessFamily } from './process-family.js';
import type { ProcessStarter } from './process-starter.js';
import { isRunning, readProcess } from './process-table.js';
import { ProcessWatch, type WatchSource } from './process-watch.js';
import {
  type OperationRun,
  type ResourceExecutor,
  type ResourceListener,
  runToken,
  type Watch,
} from './resource-executor.js';
import { outcome } from './script-outcome.js';

export interface ExecSettings {
  /** Logs of the commands. */
  readonly directory: string;
  /** Records of the commands. */
  readonly journal: RecordJournal;
  readonly instance: string;
  /** Where commands live, so that whatever they start can be found. */
  readonly cgroups: CgroupTree;
  readonly starter: ProcessStarter;
  /** Told when a command's process ends by itself or a health check crosses its threshold. */
  readonly onChange: ResourceListener;
}

const tidyMs = 10_000;
const outputBytes = 2048;
/** What who starts commands may take to answer. A short timeout of one command must not end it for all others. */
const minStarterMs = 2000;
const maxStarterMs = 30_000;

interface Managed {
  record: ExecRecord;
  watch: ProcessWatch | undefined;
  health: HealthWatch | undefined;
}

/**
 * Class `exec`: plain commands as resources. A command runs in a session of its own and writes to a log file, so that
 * it outlives the agent; its pid, start time and token are recorded as soon as it runs, so that the next agent finds it.
 * An agent that is killed between the two leaves a start that the next one repeats, and that one looks for the token.
 * The process is watched all the time; a monitor only says what is known.
 */
export class ExecExecutor implements ResourceExecutor {
  readonly #settings: ExecSettings;
  readonly #records: ExecRecords;
  readonly #managed = new Map<string, Managed>();
  /** Their records and cgroups are cleared away later: most are started again at once. */
  readonly #stopped = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #isClosed = false;

  constructor(settings: ExecSettings) {
    this.#settings = settings;
    this.#records = execRecords(settings.journal, settings.directory);
    this.#timer = setInterval(() => this.#tidy(), tidyMs);
    this.#timer.unref();
  }

  /**
   * Finds the commands that an earlier agent started, and goes on watching them. Those that ended meanwhile are told
   * to the listener. To be called once, before the first run.
   */
  async takeOver(): Promise<void> {
    const records = this.#records.readAll();
    // What was a command's failure once may be so again.
    if (records.length > 0) this.#settings.starter.prepare();
    for (const record of records) {
      if (isRunning(record.process)) {
        await this.#adopt(record);
        continue;
      }
      this.#managed.set(record.resource, { record, watch: undefined, health: undefined });
      this.#settings.onChange(record.resource);
    }
  }

  async run(run: OperationRun): Promise<OperationOutcome> {
    const { operation } = run;
    switch (operation.name) {
      case 'start':
        return this.#start(run);
      case 'stop':
        return this.#stop(operation);
      case 'monitor':
      case 'status':
        return this.#monitor(operation.resource);
      default:
        return outcome(Ocf.unimplemented, 'done', `class exec has no operation ${operation.name}`);
    }
  }

  watch(resource: string): Watch | undefined {
    const managed = this.#managed.get(resource);
    const pid = managed?.record.process?.pid;
    return managed?.watch?.isAlive() === true && pid !== undefined ? { kind: 'exit', pid } : undefined;
  }

  /** Stops watching. The commands go on. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#clearStopped();
    for (const managed of this.#managed.values()) unwatch(managed);
  }

  async #start(run: OperationRun): Promise<OperationOutcome> {
    const { operation } = run;
    const definition = operation.definition.exec;
    if (definition === undefined) return outcome(Ocf.notConfigured, 'done', 'class exec without a command');
    const { resource } = operation;
    const token = runToken(this.#settings.instance, run.id);
    const known =
      this.#managed.get(resource) ?? (run.isInterrupted ? await this.#findBegun(operation, token) : undefined);
    if (known !== undefined && isRunning(known.record.process) && isSameDefinition(known.record, operation)) {
      return this.#awaitHealthy(known, operation);
    }
    const prepared = await prepareLaunch(definition);
    if (prepared.kind === 'impossible') return prepared.outcome;
    if (known !== undefined) unwatch(known);
    const before = known === undefined ? { leader: undefined, startTime: undefined, token } : familyOf(known.record);
    if (known !== undefined || run.isInterrupted) {
      const survivors = await this.#end(resource, before, operation.timeoutMs / 4);
      if (survivors.length > 0) return stillRunning(survivors);
    }
    return this.#launch(operation, definition, prepared.launch, token);
  }

  async #launch(
    operation: Operation,
    definition: ExecDefinition,
    launch: Launch,
    token: string,
  ): Promise<OperationOutcome> {
    const { resource } = operation;
    const { starter, cgroups } = this.#settings;
    // Or its cgroup might be cleared away meanwhile.
    this.#stopped.delete(resource);
    let family: ProcessFamily = { leader: undefined, startTime: undefined, token };
    try {
      const started = await starter.start(launch, {
        token,
        log: this.#records.logPath(resource),
        cgroup: cgroups.place(resource),
        deadlineMs: Math.max(minStarterMs, Math.min(operation.timeoutMs / 4, maxStarterMs)),
      });
      if (started.kind === 'failed') {
        if (!this.#isClosed) this.#forget(resource);
        return started.outcome;
      }
      const { identity, isInCgroup, ended } = started.process;
      const isStarted = definition.health.length === 0;
      const record: ExecRecord = { resource, token, definition, process: identity, isStarted };
      const managed: Managed = { record, watch: undefined, health: undefined };
      family = familyOf(record);
      this.#managed.set(resource, managed);
      this.#watch(managed, ended, launch);
      if (!isInCgroup) cgroups.adopt(resource, identity.pid);
      await this.#records.write(record);
      return await this.#awaitHealthy(managed, operation);
    } catch (error) {
      // Nothing is recorded any more; the next agent repeats this start, and finds what it has come to.
      if (this.#isClosed) return outcome(Ocf.genericError, 'error', 'the agent has ended');
      // The file system refused a record: without it the process would be lost to the next agent.
      await killFamily(family);
      return outcome(Ocf.genericError, 'error', `the start could not be completed: ${(error as Error).message}`);
    }
  }

  /** What an agent before us had started and could not record any more. */
  async #findBegun({ resource, definition: { exec } }: Operation, token: string): Promise<Managed | undefined> {
    await this.#settings.starter.settle();
    const process = findLeader(token);
    if (process === undefined || exec === undefined) return undefined;
    const record: ExecRecord = { resource, token, definition: exec, process, isStarted: false };
    const managed = await this.#adopt(record);
    await this.#records.write(record);
    return managed;
  }

  async #adopt(record: ExecRecord): Promise<Managed> {
    const managed: Managed = { record, watch: undefined, health: undefined };
    this.#managed.set(record.resource, managed);
    const prepared = await prepareLaunch(record.definition);
    const { resource, process } = record;
    const { cgroups } = this.#settings;
    if (cgroups.populated(resource, 'exec') === undefined) cgroups.adopt(resource, process.pid);
    this.#watch(managed, undefined, prepared.kind === 'launch' ? prepared.launch : undefined);
    return managed;
  }

  /** A start is done when each health check has passed; otherwise what was started is stopped again. */
  async #awaitHealthy(managed: Managed, operation: Operation): Promise<OperationOutcome> {
    const { watch, health } = managed;
    if (watch === undefined) return outcome(Ocf.genericError, 'error', 'the process is not watched');
    if (health !== undefined) {
      const marginMs = stopMarginMs(operation.timeoutMs);
      const end = await firstOf(health.passedOnce(), watch.ended, operation.timeoutMs - marginMs);
      if (end === 'timeout') {
        const reason = `not healthy within ${operation.timeoutMs / 1000} s: ${health.pending()}`;
        const output = this.#output(managed);
        unwatch(managed);
        const survivors = await this.#end(operation.resource, familyOf(managed.record), marginMs / 2);
        if (survivors.length > 0) return stillRunning(survivors);
        this.#forget(operation.resource);
        return outcome(Ocf.genericError, 'timeout', reason, output);
      }
    }
    if (!watch.isAlive()) {
      const reason = `${watch.describeEnd()} while starting`;
      unwatch(managed);
      return outcome(Ocf.genericError, 'done', reason, this.#output(managed));
    }
    if (!managed.record.isStarted) {
      managed.record = { ...managed.record, isStarted: true };
      await this.#records.write(managed.record);
    }
    return outcome(Ocf.success, 'done');
  }

  #monitor(resource: string): OperationOutcome {
    const managed = this.#managed.get(resource);
    if (managed === undefined) return outcome(Ocf.notRunning, 'done');
    const { watch, health } = managed;
    watch?.look();
    if (watch === undefined || !watch.isAlive()) {
      const reason = watch?.describeEnd() ?? `process ${managed.record.process.pid} is gone`;
      return outcome(Ocf.notRunning, 'done', reason, this.#output(managed));
    }
    const failure = health?.failure();
    if (failure !== undefined) return outcome(Ocf.genericError, 'done', failure, this.#output(managed));
    return outcome(Ocf.success, 'done');
  }

  /** SIGTERM to all of it, SIGKILL when its time is nearly up; good only when nothing of it is left. */
  async #stop(operation: Operation): Promise<OperationOutcome> {
    const managed = this.#managed.get(operation.resource);
    if (managed === undefined) return outcome(Ocf.success, 'done');
    unwatch(managed);
    const graceMs = operation.timeoutMs - stopMarginMs(operation.timeoutMs);
    const survivors = await this.#end(operation.resource, familyOf(managed.record), graceMs);
    if (survivors.length > 0) return stillRunning(survivors);
    this.#managed.delete(operation.resource);
    this.#stopped.add(operation.resource);
    return outcome(Ocf.success, 'done');
  }

  /** Asks the family to end; what has got away from it is still in the cgroup, and is not asked. */
  async #end(resource: string, family: ProcessFamily, graceMs: number): Promise<readonly number[]> {
    const survivors = (await endFamily(family, graceMs)).map(({ pid }) => pid);
    return [...new Set([...survivors, ...(await this.#settings.cgroups.kill(resource, 'exec'))])];
  }

  #watch(managed: Managed, ended: WatchSource['ended'], launch: Launch | undefined): void {
    const { record } = managed;
    const cgroup = () => this.#settings.cgroups.populated(record.resource, 'exec');
    const onChange = (): void => this.#settings.onChange(record.resource);
    managed.watch = new ProcessWatch(record.process, { ended, cgroup }, () => {
      managed.health?.end();
      onChange();
    });
    if (record.definition.health.length === 0 || launch === undefined) return;
    const context = { launch, token: `${record.token}/check`, family: familyOf(record) };
    managed.health = new HealthWatch(record.definition.health, context, { onChange, isStarted: record.isStarted });
  }

  #forget(resource: string): void {
    this.#managed.delete(resource);
    this.#records.remove(resource);
  }

  #output({ record }: Managed): string {
    return readLogEnd(this.#records.logPath(record.resource), outputBytes);
  }

  #tidy(): void {
    for (const resource of this.#managed.keys()) boundLog(this.#records.logPath(resource));
    this.#clearStopped();
  }

  /** An agent that is killed before leaves records of processes that do not run: the next one looks, and finds that. */
  #clearStopped(): void {
    for (const resource of this.#stopped) {
      if (this.#managed.has(resource)) continue;
      this.#settings.cgroups.tidy(resource);
      try {
        this.#records.remove(resource);
      } catch {
        // The disk is full: the next agent will find the record of a process that does not run.
      }
    }
    this.#stopped.clear();
  }
}

function familyOf({ process, token }: ExecRecord): ProcessFamily {
  return { leader: process.pid, startTime: process.startTime, token };
}

function isSameDefinition(record: ExecRecord, { definition }: Operation): boolean {
  return JSON.stringify(record.definition) === JSON.stringify(definition.exec);
}

/** What a stop keeps back of its timeout for killing and for looking whether that helped. */
function stopMarginMs(timeoutMs: number): number {
  return Math.min(2000, timeoutMs / 4);
}

function stillRunning(survivors: readonly number[]): OperationOutcome {
  const pids = survivors.map((pid) => `${pid} (state ${readProcess(pid)?.state ?? 'unknown'})`).join(', ');
  return outcome(Ocf.genericError, 'error', `could not be killed: ${pids}`);
}

function unwatch(managed: Managed): void {
  managed.health?.end();
  managed.watch?.end();
}

async function firstOf(passed: Promise<void>, ended: Promise<void>, timeoutMs: number): Promise<'event' | 'timeout'> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), timeoutMs);
  });
  const event = Promise.race([passed, ended]).then(() => 'event' as const);
  const first = await Promise.race([event, timedOut]);
  clearTimeout(timer);
  return first;
}
