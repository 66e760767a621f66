import type { OperationResult } from '../../agent/core/operation.js';
import type { CondensedReport, Report, ReportBody } from '../../agent/core/state.js';
import type { StoredEvent } from '../../coordinator/store/store.js';
import type { DurableEvents } from './durable-events.js';
import type { Ledger } from './ledger.js';
import type { SimInstance } from './sim-instance.js';

/** Failures that agents report: told, durably, before they are acknowledged, and told once. */
export class ToldFailures {
  readonly #ledger: Ledger;
  readonly #events: DurableEvents;
  readonly #acknowledged = new Set<string>();
  readonly #told = new Map<string, number>();
  /** What was told by its count only, and how often each. */
  readonly #acknowledgedCounts = new Map<string, number>();
  readonly #toldCounts = new Map<string, number>();

  constructor(ledger: Ledger, events: DurableEvents) {
    this.#ledger = ledger;
    this.#events = events;
  }

  onEvent({ kind, instance = '', assembly, resource, evidence }: StoredEvent): void {
    if (kind !== 'resource-failed') return;
    const { output, firstAt, failures, recovered } = (evidence ?? {}) as Record<string, string | number | undefined>;
    if (firstAt !== undefined) add(this.#toldCounts, `${instance} ${assembly}.${resource} ${failures} ${recovered}`);
    if (output === undefined) return;
    const key = `${instance} ${output}`;
    this.#told.set(key, (this.#told.get(key) ?? 0) + 1);
  }

  /** An agent knows that its decider has taken the report: what it tells must be durable at this very moment. */
  onAcknowledged(instance: SimInstance, report: Report): void {
    this.#events.all();
    if (report.kind === 'condensed') this.#onCount(instance, report);
    for (const { output, operation, resource } of failuresIn(report)) {
      const key = `${instance.id} ${output}`;
      this.#acknowledged.add(key);
      if (this.#told.has(key)) continue;
      // What has left the definition meanwhile is told of, and not believed.
      if (this.#isDisbelieved(instance, resource)) {
        this.#acknowledged.delete(key);
        continue;
      }
      this.#ledger.violate(`acknowledged and not told: ${operation} of ${resource} failed (${key})`);
    }
  }

  #onCount(instance: SimInstance, { resource, failures, recovered, newest }: CondensedReport): void {
    const isRecovered = newest.kind === 'local-recovery' && newest.verdict === 'recovered';
    const others = failures - (newest.kind === 'local-recovery' || newest.isFailure ? 1 : 0);
    if (others === 0 || this.#isDisbelieved(instance, resource)) return;
    const key = `${instance.id} ${resource} ${others} ${recovered - (isRecovered ? 1 : 0)}`;
    add(this.#acknowledgedCounts, key);
    if (!this.#toldCounts.has(key)) this.#ledger.violate(`acknowledged and not counted: ${key}`);
  }

  #isDisbelieved({ id, deployable }: SimInstance, resource: string): boolean {
    const said = this.#events.of(deployable).filter((event) => event.instance === id);
    return said.some(({ kind, reason }) => kind === 'report-not-believed' && reason.includes(`"${resource}"`));
  }

  check(): void {
    for (const key of this.#acknowledged) {
      const times = this.#told.get(key) ?? 0;
      if (times !== 1) this.#ledger.violate(`told ${times} times: ${key}`);
    }
    for (const [key, times] of this.#acknowledgedCounts) {
      const told = this.#toldCounts.get(key) ?? 0;
      if (told < times) this.#ledger.violate(`told ${told} times, not ${times}: ${key}`);
    }
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** The failures that a report tells of. */
function failuresIn(report: ReportBody): readonly OperationResult[] {
  if (report.kind === 'condensed') return failuresIn(report.newest);
  const result = report.kind === 'local-recovery' ? report.failure : report.result;
  // Without output it is the agent's own word, and of no operation that ran: the lease of the resource is over.
  if (result.output === '') return [];
  return report.kind === 'local-recovery' || isFailure(result) ? [result] : [];
}

function isFailure({ operation, intervalMs, rc, status, userData }: OperationResult): boolean {
  if (status === 'cancelled') return false;
  if (operation === 'monitor' && intervalMs === 0 && [0, 7, 8].includes(rc)) return false;
  const expected = userData === '' ? 0 : ((JSON.parse(userData) as { expectedRc?: number }).expectedRc ?? 0);
  return status !== 'done' || rc !== expected;
}
