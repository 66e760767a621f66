import type { Operation, OperationOutcome } from '../core/operation.js';
import { Ocf } from '../core/operation.js';
import { isBootedBySystemd } from '../systemd/is-booted.js';
import type { SystemdManager, SystemdReply, UnitJob, UnitState } from '../systemd/systemd-manager.js';
import { parseUnitName } from '../systemd/unit-name.js';
import type { RecordJournal } from './exec-record.js';
import { missing } from './ocf-executor.js';
import type { OperationRun, ResourceExecutor, ResourceListener, Watch } from './resource-executor.js';
import { notInstalled, outcome } from './script-outcome.js';
import { awaitSettled, isRunning, isSettled } from './settled-unit.js';
import { type UnitOverrides, unitOverrides } from './unit-overrides.js';
import { unitRecords } from './unit-record.js';
import { describeUnit, unitJournal } from './unit-report.js';
import { type UnitWatches, unitWatches } from './unit-watches.js';

export interface SystemdSettings {
  readonly systemd: SystemdManager;
  /** Which units are watched, for the next agent. */
  readonly journal: RecordJournal;
  /** Told when the unit of a resource that runs changes by itself. */
  readonly onChange: ResourceListener;
  /** Default `isBootedBySystemd`. */
  readonly isBooted?: () => boolean;
}

export interface SystemdExecutor extends ResourceExecutor {
  watch(resource: string): Watch | undefined;
  /** Watches the unit of a resource that somebody else has found running, if it runs as that unit. */
  attend(resource: string, unit: string): Promise<void>;
  /** Ends what `attend` began: the resource is stopped. */
  release(resource: string): void;
  /** Goes on watching what an agent before this one watched; what does not run any more is told. */
  takeOver(): void;
  /** Stops watching. The units go on. */
  close(): void;
}

/** For a look that is only for the better: at a unit to watch, or at why something failed. */
const lookMs = 2000;

interface Context {
  readonly systemd: SystemdManager;
  readonly watches: UnitWatches;
  readonly overrides: UnitOverrides;
  readonly isBooted: () => boolean;
}

/**
 * Class `systemd`: units of the machine's systemd as resources, with the meanings of Pacemaker's class of that name
 * (lib/services/systemd.c): active and reloading is running, inactive and failed is not, what is on its way is waited
 * for; a unit that is not there is not installed, and stopped; systemd's own restarts are switched off. While a resource
 * runs its unit is watched.
 */
export function systemdExecutor({
  systemd,
  journal,
  onChange,
  isBooted = () => isBootedBySystemd(),
}: SystemdSettings): SystemdExecutor {
  const records = unitRecords(journal);
  const watches = unitWatches(systemd, { onChange, records });
  const overrides = unitOverrides(systemd);
  const context: Context = { systemd, watches, overrides, isBooted };

  /** Where systemd does not say, the next monitor does. */
  async function resume(resource: string, unit: string): Promise<void> {
    const watch = watches.begin(resource, unit);
    const state = await systemd.unit(unit);
    if (state.kind !== 'done') return;
    if (isRunning(state.value)) watch.expect(state.value);
    else onChange(resource);
  }

  return {
    run: (run) => runOperation(context, run),
    watch: (resource) => watches.of(resource),
    async attend(resource, unit) {
      if (!context.isBooted()) return;
      const watch = watches.begin(resource, unit);
      const state = await systemd.unit(unit, lookMs);
      if (state.kind === 'done' && isRunning(state.value)) watch.expect(state.value);
      else watch.end();
    },
    release: (resource) => watches.end(resource),
    takeOver() {
      for (const { resource, unit } of records.readAll()) void resume(resource, unit);
    },
    close: () => watches.close(),
  };
}

async function runOperation(context: Context, run: OperationRun): Promise<OperationOutcome> {
  const { operation } = run;
  const parsed = parseUnitName(operation.definition.type);
  if (parsed.kind === 'invalid') return missing(operation, parsed.reason);
  if (!context.isBooted()) return missing(operation, 'no unit can be run: systemd has not booted this instance');
  const unit = parsed.name;
  const deadline = performance.now() + operation.timeoutMs;
  switch (operation.name) {
    case 'monitor':
    case 'status':
      return monitor(context, run, unit, deadline);
    case 'start':
      return start(context, run, unit, deadline);
    case 'restart':
      context.watches.end(operation.resource);
      return start(context, run, unit, deadline);
    case 'stop':
      return stop(context, run, unit, deadline);
    case 'reload':
      return reload(context, run, unit, deadline);
    default:
      return outcome(Ocf.unimplemented, 'done', `class systemd has no operation ${operation.name}`);
  }
}

/** The watch begins before the state is read, so that no change after it is missed. */
async function monitor(context: Context, run: OperationRun, unit: string, deadline: number): Promise<OperationOutcome> {
  const { systemd, watches, overrides } = context;
  const { operation, signal } = run;
  const watch = watches.begin(operation.resource, unit);
  const reply = await awaitSettled(systemd, unit, { deadline, signal });
  if (reply.kind !== 'done') return withoutSystemd(operation, reply);
  const state = reply.value;
  if (isRunning(state)) {
    watch.expect(state);
    await overrides.ensure(state, deadline);
    return outcome(Ocf.success, 'done');
  }
  if (!isSettled(state)) return unsettled(operation, state, signal);
  watch.end();
  if (state.loadState === 'not-found' && state.activeState === 'inactive') {
    // Pacemaker finds an unknown unit not running; whether it could be is for the start to say.
    return outcome(Ocf.notRunning, 'done', `there is no unit ${unit}`);
  }
  return outcome(Ocf.notRunning, 'done', state.activeState === 'failed' ? describeUnit(state) : '');
}

async function start(context: Context, run: OperationRun, unit: string, deadline: number): Promise<OperationOutcome> {
  const { systemd, watches, overrides } = context;
  const { operation, signal } = run;
  const before = await systemd.unit(unit, operation.timeoutMs);
  if (before.kind !== 'done') return withoutSystemd(operation, before);
  const obstacle = explainUnusable(before.value);
  if (obstacle !== undefined && !isRunning(before.value)) return obstacle;
  await overrides.ensure(before.value, deadline);
  // How often it may be started again is for the budget of its resource to say, not for the unit's StartLimitBurst=.
  if (before.value.activeState === 'failed') await systemd.resetFailed(unit);
  const watch = watches.begin(operation.resource, unit);
  const job = operation.name === 'restart' ? 'restart' : 'start';
  const result = await runJob(systemd, unit, job, { deadline, signal });
  if (result.kind !== 'done') {
    watch.end();
    return withoutSystemd(operation, result);
  }
  if (result.value !== 'done') {
    watch.end();
    return failedJob(systemd, run, unit, result.value);
  }
  const after = await awaitSettled(systemd, unit, { deadline, signal });
  if (after.kind !== 'done') return withoutSystemd(operation, after);
  if (isRunning(after.value)) {
    watch.expect(after.value);
    return outcome(Ocf.success, 'done');
  }
  watch.end();
  if (!isSettled(after.value)) return unsettled(operation, after.value, signal);
  const cause = after.value.activeState === 'inactive' ? '; a condition of it is not met, or it ended at once' : '';
  const reason = `${unit} was started and does not run: ${describeUnit(after.value)}${cause}`;
  return outcome(Ocf.genericError, 'done', reason, await unitJournal(unit));
}

/** What is said of a unit that stops is nothing that a monitor has to look at. */
async function stop(context: Context, run: OperationRun, unit: string, deadline: number): Promise<OperationOutcome> {
  const { systemd, watches } = context;
  const { operation, signal } = run;
  watches.end(operation.resource);
  const result = await runJob(systemd, unit, 'stop', { deadline, signal });
  if (result.kind === 'refused' && isUnknownUnit(result.name)) return outcome(Ocf.success, 'done');
  if (result.kind !== 'done') return withoutSystemd(operation, result);
  if (result.value === 'timeout' || result.value === 'canceled') return failedJob(systemd, run, unit, result.value);
  const after = await awaitSettled(systemd, unit, { deadline, signal });
  if (after.kind !== 'done') return withoutSystemd(operation, after);
  if (!isSettled(after.value)) return unsettled(operation, after.value, signal);
  if (!isRunning(after.value)) return outcome(Ocf.success, 'done');
  const reason = `${unit} runs although it was stopped (its job: ${result.value})`;
  return outcome(Ocf.genericError, 'done', reason, await unitJournal(unit));
}

async function reload(context: Context, run: OperationRun, unit: string, deadline: number): Promise<OperationOutcome> {
  const { systemd } = context;
  const { operation, signal } = run;
  const result = await runJob(systemd, unit, 'reload', { deadline, signal });
  if (result.kind === 'refused' && result.name === 'org.freedesktop.systemd1.JobTypeNotApplicable') {
    return outcome(Ocf.unimplemented, 'done', `${unit} cannot be reloaded`);
  }
  if (result.kind !== 'done') return withoutSystemd(operation, result);
  return result.value === 'done' ? outcome(Ocf.success, 'done') : failedJob(systemd, run, unit, result.value);
}

interface Limits {
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
}

function runJob(systemd: SystemdManager, unit: string, job: UnitJob, { deadline, signal }: Limits) {
  return systemd.runJob(unit, job, Math.max(1, deadline - performance.now()), signal);
}

/** Why a unit cannot be started; undefined when it may be tried. */
function explainUnusable({ name, loadState }: UnitState): OperationOutcome | undefined {
  switch (loadState) {
    case 'not-found':
      return notInstalled(`there is no unit ${name}`);
    case 'masked':
      return notInstalled(`${name} is masked, so that nobody can start it`);
    case 'bad-setting':
    case 'error':
      return outcome(Ocf.notConfigured, 'done', `${name} cannot be loaded (${loadState}); its journal says why`);
    default:
      return undefined;
  }
}

async function failedJob(
  systemd: SystemdManager,
  { operation, signal }: OperationRun,
  unit: string,
  result: string,
): Promise<OperationOutcome> {
  const { name, timeoutMs } = operation;
  const reply = await systemd.unit(unit, lookMs);
  const state = reply.kind === 'done' ? describeUnit(reply.value) : unit;
  const output = await unitJournal(unit);
  switch (result) {
    case 'timeout':
      return outcome(Ocf.genericError, 'timeout', `${name} did not end within ${timeoutMs / 1000} s: ${state}`, output);
    case 'canceled': {
      if (signal?.aborted === true) return outcome(Ocf.genericError, 'cancelled', `cancelled: ${state}`, output);
      return outcome(
        Ocf.genericError,
        'error',
        `another job for the unit took the place of this ${name}: ${state}`,
        output,
      );
    }
    case 'dependency':
      return outcome(Ocf.genericError, 'done', `a unit that ${unit} depends on failed`, output);
    default:
      return outcome(Ocf.genericError, 'done', `${name} ${result}: ${state}`, output);
  }
}

function unsettled(operation: Operation, state: UnitState, signal: AbortSignal | undefined): OperationOutcome {
  if (signal?.aborted === true) return outcome(Ocf.genericError, 'cancelled', `cancelled: ${describeUnit(state)}`);
  const reason = `still ${state.activeState} after ${operation.timeoutMs / 1000} s: ${describeUnit(state)}`;
  return outcome(Ocf.genericError, 'timeout', reason);
}

/** The outcome of an operation that systemd would not do. Where only its bus is away nobody knows what runs. */
function withoutSystemd(
  operation: Operation,
  reply: Exclude<SystemdReply<unknown>, { readonly kind: 'done' }>,
): OperationOutcome {
  if (reply.kind === 'refused') {
    if (isUnknownUnit(reply.name)) return missing(operation, reply.message);
    return outcome(Ocf.genericError, 'error', `systemd: ${reply.message} (${reply.name})`);
  }
  return outcome(Ocf.genericError, 'error', `systemd cannot be reached over D-Bus: ${reply.message}`);
}

/** As in Pacemaker (lib/services/systemd.c, set_result_from_method_error). */
function isUnknownUnit(name: string): boolean {
  return ['InvalidName', 'LoadFailed', 'NoSuchUnit'].some((error) => name === `org.freedesktop.systemd1.${error}`);
}
