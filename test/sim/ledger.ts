import type { OperationResult } from '../../agent/core/operation.js';
import type { Report } from '../../agent/core/state.js';
import type { Deployable } from '../../coordinator/model/deployable.js';
import { resourceId, subjectId } from '../../coordinator/model/deployable.js';
import { parseDeployable } from '../../coordinator/model/parse-deployable.js';
import type { StoredEvent } from '../../coordinator/store/store.js';
import type { SimInstance } from './sim-instance.js';
import type { VirtualTime } from './virtual-time.js';

const decisionWindowMs = 10_000;
/** The DPE itself slows down at 60. */
const decisionLimit = 75;

/** What happened in a simulation, and what must hold of it. */
export class Ledger {
  readonly violations: string[] = [];
  lastActionAt = 0;
  readonly #notes: { readonly at: number; readonly text: string }[] = [];
  readonly #time: VirtualTime;
  readonly #startedAt: number;
  /** Definitions that may be in force: the newest, and the one before while the change is under way. */
  #definitions: readonly Deployable[] = [];
  #decisions: number[] = [];
  readonly #reports = new Map<string, Report & { readonly instance: string }>();

  constructor(time: VirtualTime) {
    this.#time = time;
    this.#startedAt = time.now;
  }

  get isViolated(): boolean {
    return this.violations.length > 0;
  }

  /** What happened, in the order of time. */
  get trace(): readonly string[] {
    return this.#notes.map(({ at, text }) => `${((at - this.#startedAt) / 1000).toFixed(3)} ${text}`);
  }

  note(text: string, at = this.#time.now): void {
    this.#notes.push({ at, text });
  }

  sort(): void {
    this.#notes.sort((a, b) => a.at - b.at);
  }

  violate(text: string): void {
    this.note(`VIOLATED: ${text}`);
    this.violations.push(text);
  }

  define(text: string): void {
    const parsed = parseDeployable(text, 'yaml');
    if (parsed.kind !== 'deployable')
      throw new Error(`the scenario's document has problems: ${JSON.stringify(parsed)}`);
    this.#definitions = [parsed.deployable, ...this.#definitions.slice(0, 1)];
  }

  /** Ids of all resources of the newest definition. */
  resources(): readonly string[] {
    const assemblies = this.#definitions[0]?.assemblies ?? [];
    return assemblies.flatMap(({ name, resources }) =>
      resources.map((resource) => resourceId({ assembly: name, resource: resource.name })),
    );
  }

  decided(actions: number): void {
    const { now } = this.#time;
    if (actions > 0) this.lastActionAt = now;
    this.#decisions = [...this.#decisions.filter((at) => now - at < decisionWindowMs), now];
    if (this.#decisions.length > decisionLimit) this.violate(`${this.#decisions.length} decisions within 10 s`);
  }

  /** What must run before `resource` runs, or has ended in a way that nobody may have noticed yet. */
  checkOrder(resource: string, instance: SimInstance, instances: ReadonlyMap<string, SimInstance>): void {
    for (const first of this.#mandatoryBefore(resource)) {
      const assembly = first.split('.')[0];
      const candidates = [...instances.values()].filter((each) => each.assembly === assembly);
      const newest = candidates.at(-1);
      const known = newest?.resources.get(first);
      if (known?.isRunning === true || known?.endedBy === 'crash' || newest?.isAlive === false) continue;
      this.violate(
        `${resource} starts in ${instance.id} while ${first} does not run (${known?.endedBy ?? 'not there'})`,
      );
    }
  }

  /** Nothing that has to be stopped before `resource` still runs when it is stopped. */
  checkStop(resource: string, instance: SimInstance, alive: readonly SimInstance[]): void {
    for (const other of alive) {
      for (const [id, { isRunning }] of other.resources) {
        if (!isRunning || !this.#mandatoryBefore(id).includes(resource)) continue;
        this.violate(`${resource} is stopped in ${instance.id} while ${id} runs in ${other.id}`);
      }
    }
  }

  #mandatoryBefore(resource: string): readonly string[] {
    const [newest, ...older] = this.#definitions.map((deployable) => firstsOf(deployable, resource));
    return (newest ?? []).filter((first) => older.every((firsts) => firsts.includes(first)));
  }

  /** A report that its agent knows to be acknowledged. */
  reported(instance: string, report: Report): void {
    this.#reports.set(`${instance} ${report.number}`, { ...report, instance });
  }

  /** Every failure is told exactly once, and everything has its reason. */
  checkEvents(events: readonly StoredEvent[]): void {
    for (const event of events) if (event.reason === '') this.violate(`event ${event.seq} ${event.kind} has no reason`);
    const failures = count(events.filter(({ kind }) => kind === 'resource-failed').map(failureKey));
    // An agent that gets an order again reports its result again: the same failure, to be told once.
    for (const key of new Set([...this.#reports.values()].flatMap(failureOf))) {
      if (failures.get(key) !== 1)
        this.violate(`reported and acknowledged, told ${failures.get(key) ?? 0} times: ${key}`);
    }
    const started = new Set(events.filter(({ kind }) => kind === 'assembly-started').map(({ instance }) => instance));
    const ended = count(events.filter(isEnd).map(({ instance }) => instance ?? ''));
    for (const instance of started) {
      const times = ended.get(instance ?? '') ?? 0;
      if (times !== 1) this.violate(`the end of ${instance} was told ${times} times`);
    }
    if (events.some(({ kind }) => kind === 'decision-failed')) this.violate('a decision failed');
  }
}

function firstsOf({ constraints }: Deployable, resource: string): readonly string[] {
  return constraints.flatMap((constraint) => {
    if (constraint.kind !== 'order') return [];
    const ids = constraint.steps.flatMap(({ members }) => members.map(subjectId));
    return ids.slice(0, Math.max(0, ids.indexOf(resource)));
  });
}

function isEnd({ kind, reason }: StoredEvent): boolean {
  if (kind === 'assembly-stopped' || kind === 'assembly-dead') return true;
  return kind === 'assembly-failed' && reason.startsWith('instance died');
}

function failureKey({ instance, assembly, resource, time }: StoredEvent): string {
  return `${instance} ${assembly}.${resource} ${time}`;
}

/** The key of the event that has to tell of the failure that a report reports, if it reports one. */
function failureOf(report: Report & { readonly instance: string }): readonly string[] {
  switch (report.kind) {
    case 'local-recovery':
      return [`${report.instance} ${report.resource} ${report.detectedUnixMs}`];
    case 'monitor-changed':
    case 'order-result': {
      const { result } = report;
      return isFailure(result) ? [`${report.instance} ${result.resource} ${result.endedUnixMs}`] : [];
    }
  }
}

function isFailure({ operation, intervalMs, rc, status, userData }: OperationResult): boolean {
  if (status === 'cancelled') return false;
  if (operation === 'monitor' && intervalMs === 0 && [0, 7, 8].includes(rc)) return false;
  const expected = userData === '' ? 0 : ((JSON.parse(userData) as { expectedRc?: number }).expectedRc ?? 0);
  return status !== 'done' || rc !== expected;
}

function count(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
