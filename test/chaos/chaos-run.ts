/** Rounds of faults on a site of real processes, and what has to hold after each: seen from outside, through cpectl. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventJson } from '../../tools/cpectl/views/event-view.js';
import { type Ran, type Site, startSite, until } from '../e2e/site.js';
import {
  describeVictim,
  drawRound,
  type Fault,
  findVictim,
  guestDocument,
  type Round,
  type Wish,
} from './chaos-faults.js';
import {
  applicationPids,
  chaosDeployables,
  chaosDocument,
  chaosHosts,
  chaosResources,
  hearWitnesses,
  prepareWitnesses,
  type Testimony,
} from './chaos-site.js';
import { causesOf, type Done, judgeFailures, judgeStarts } from './judge-round.js';

export interface ChaosOptions {
  readonly seed: number;
  readonly rounds: number;
  readonly onLine: (line: string) => void;
  /** Ends the run after the round that is under way. */
  readonly signal: AbortSignal;
  /** Called with the home while it is still there, when something was violated. */
  readonly onViolation: (home: string, events: readonly EventJson[]) => void;
}

export interface ChaosSummary {
  readonly rounds: number;
  readonly kills: number;
  readonly pauses: number;
  readonly failures: number;
  readonly acknowledged: number;
  readonly events: number;
  readonly longestSettleMs: number;
  readonly violations: readonly string[];
}

const settleDeadlineMs = 180_000;
const cpectl = join(import.meta.dirname, '..', '..', 'tools', 'cpectl', 'main.js');

export async function runChaos(options: ChaosOptions): Promise<ChaosSummary> {
  const site = await startSite('--launcher-host', chaosHosts.join(','));
  const run = new ChaosRun(site, options);
  try {
    return await run.play();
  } finally {
    await site.end();
  }
}

class ChaosRun {
  readonly #site: Site;
  readonly #options: ChaosOptions;
  readonly #witnesses: string;
  readonly #generations = new Map<string, number>();
  /** Comments of definitions that were acknowledged, by deployable: the newest must be known for ever. */
  readonly #acknowledged = new Map<string, string>();
  /** Resources whose last change was not acknowledged: it is made by the next reload of their deployable, if it was not yet. */
  readonly #unsure = new Set<string>();
  /** Guests that must be there, or must not; absent: a client was killed, both may be. */
  readonly #guests = new Map<string, 'there' | 'gone'>();
  readonly #violations: string[] = [];
  readonly #events: EventJson[] = [];
  readonly #count = { kills: 0, pauses: 0, failures: 0, acknowledged: 0 };
  #longestSettleMs = 0;

  constructor(site: Site, options: ChaosOptions) {
    this.#site = site;
    this.#options = options;
    this.#witnesses = join(site.home, '..', 'witnesses');
  }

  async play(): Promise<ChaosSummary> {
    prepareWitnesses(this.#witnesses);
    for (const name of chaosDeployables) await this.#site.launch(name, this.#document(name));
    await this.#settle();
    await this.#hearEvents();
    let rounds = 0;
    while (rounds < this.#options.rounds && this.#violations.length === 0 && !this.#options.signal.aborted) {
      rounds += 1;
      await this.#playRound(drawRound(this.#options.seed, rounds));
    }
    await this.#compareEvents();
    if (this.#violations.length > 0) this.#options.onViolation(this.#site.home, this.#events);
    const { kills, pauses, failures, acknowledged } = this.#count;
    const longestSettleMs = Math.round(this.#longestSettleMs);
    const counts = { rounds, kills, pauses, failures, acknowledged, events: this.#events.length, longestSettleMs };
    return { ...counts, violations: this.#violations };
  }

  async #playRound(round: Round): Promise<void> {
    const before = hearWitnesses(this.#witnesses);
    const pidsBefore = applicationPids(this.#witnesses);
    const faults = this.#applyAll(round.faults);
    const [done, wished] = await Promise.all([faults, this.#wishAt(round)]);
    const began = performance.now();
    const isSettled = await this.#settle();
    const tookMs = performance.now() - began;
    this.#longestSettleMs = Math.max(this.#longestSettleMs, tookMs);
    const all: readonly Done[] = [...done, ...wished];
    const told = all.map(({ text }) => text).join(', ') || 'nothing';
    this.#options.onLine(`round ${round.number}: ${told}; settled in ${(tookMs / 1_000).toFixed(1)} s`);
    if (!isSettled) return;
    await this.#judge(round, all, before, pidsBefore);
  }

  async #judge(
    round: Round,
    done: readonly Done[],
    before: Testimony,
    pidsBefore: ReadonlyMap<string, readonly number[]>,
  ): Promise<void> {
    const causes = causesOf(done);
    // Agents report when the bus and their DPE are back: what is missing may still be on its way, what is too much not.
    const first = this.#events.length;
    const failures = async () => {
      await this.#hearEvents();
      return judgeFailures(causes, this.#events.slice(first));
    };
    await until('the failures to be told', 60_000, async () =>
      (await failures()).missing.length === 0 ? true : undefined,
    ).catch(() => undefined);
    const { missing, surplus } = await failures();
    const after = hearWitnesses(this.#witnesses);
    const found = [
      ...after.doubles.map((id) => `two of ${id} ran at once`),
      ...judgeStarts(causes, before, after),
      ...missing,
      ...surplus,
      ...this.#judgePids(causes, pidsBefore),
      ...(await this.#judgeDefinitions()),
      ...(await this.#judgeGuests()),
    ];
    for (const each of found) this.#violate(`round ${round.number}: ${each}`);
  }

  /** Who was not touched is the same process as before; of everybody there is exactly one. */
  #judgePids(causes: ReturnType<typeof causesOf>, before: ReadonlyMap<string, readonly number[]>): readonly string[] {
    const now = applicationPids(this.#witnesses);
    return chaosResources.flatMap(({ id }) => {
      const pids = now.get(id) ?? [];
      if (pids.length !== 1) return [`${id} has ${pids.length} processes: ${pids.join(' ')}`];
      const isTouched = (causes.get(id)?.length ?? 0) > 0;
      return isTouched || pids[0] === before.get(id)?.[0] ? [] : [`${id} is another process and nobody touched it`];
    });
  }

  async #applyAll(faults: readonly Fault[]): Promise<readonly Done[]> {
    const began = performance.now();
    const applied = faults.map(async (fault) => {
      await delay(Math.max(0, fault.atMs - (performance.now() - began)));
      return this.#apply(fault);
    });
    return (await Promise.all(applied)).filter((each) => each !== undefined);
  }

  async #apply(fault: Fault): Promise<Done | undefined> {
    if (fault.kind === 'fail') {
      const pid = applicationPids(this.#witnesses).get(fault.resource)?.[0];
      if (pid === undefined || !signal(pid, 'SIGKILL')) return undefined;
      this.#count.failures += 1;
      return { kind: 'failure', resource: fault.resource, text: `failure of ${fault.resource}` };
    }
    const { victim } = fault;
    const pid = findVictim(this.#site.home, victim);
    if (pid === undefined) return undefined;
    if (fault.kind === 'pause') {
      if (!signal(pid, 'SIGSTOP')) return undefined;
      this.#count.pauses += 1;
      await delay(fault.forMs);
      signal(pid, 'SIGCONT');
      return { kind: 'harmless', text: `${describeVictim(victim)} paused for ${fault.forMs} ms` };
    }
    if (!signal(pid, 'SIGKILL')) return undefined;
    this.#count.kills += 1;
    const text = `${describeVictim(victim)} killed`;
    if (victim.kind !== 'instance') return { kind: 'harmless', text };
    return { kind: 'instance', deployable: victim.deployable, assembly: victim.assembly, text };
  }

  async #wishAt({ number, wish, wishAtMs, clientLivesMs }: Round): Promise<readonly Done[]> {
    if (wish === undefined) return [];
    await delay(wishAtMs);
    const ran = await this.#order(wish, number, clientLivesMs);
    const isAcknowledged = ran.code === 0;
    if (isAcknowledged) this.#count.acknowledged += 1;
    const outcome = isAcknowledged ? '' : ` (${ran.code === null ? 'client killed' : `exit ${ran.code}`})`;
    if ('name' in wish) {
      if (isAcknowledged) this.#guests.set(wish.name, wish.kind === 'create' ? 'there' : 'gone');
      // Exit 1 with a reason that is known (there is one already, it is not there) is an answer as well; it changes nothing.
      else if (ran.code !== 1) this.#guests.delete(wish.name);
      return [{ kind: 'harmless', text: `${wish.kind} ${wish.name}${outcome}` }];
    }
    const { kind, resource } = wish;
    const done: Done = { kind: 'restart', resource, text: `${kind} ${resource}${outcome}` };
    return kind === 'reload' ? [done, ...this.#reloaded(resource, number, isAcknowledged)] : [done];
  }

  /** What else may be started anew by this change of a definition. */
  #reloaded(resource: string, round: number, isAcknowledged: boolean): readonly Done[] {
    const [deployable = ''] = resource.split('/');
    const late = [...this.#unsure].filter((id) => id !== resource && id.startsWith(`${deployable}/`));
    if (isAcknowledged) {
      this.#acknowledged.set(deployable, commentOf(round));
      for (const id of [resource, ...late]) this.#unsure.delete(id);
    } else {
      this.#unsure.add(resource);
    }
    return late.map((id) => ({ kind: 'restart', resource: id, text: `perhaps the last one of ${id}` }));
  }

  async #order(wish: Wish, round: number, livesMs: number | undefined): Promise<Ran> {
    switch (wish.kind) {
      case 'restart':
        return this.#ask(['resource', 'restart', wish.resource, '--no-wait'], livesMs);
      case 'create':
        return this.#ask(
          ['deployable', 'create', '-f', this.#site.document(`${wish.name}.yaml`, guestDocument(wish.name))],
          livesMs,
        );
      case 'delete':
        return this.#ask(['deployable', 'delete', wish.name], livesMs);
      case 'reload': {
        const [name = ''] = wish.resource.split('/');
        const deployable = chaosDeployables.find((each) => each === name);
        if (deployable === undefined) throw new Error(`no deployable ${name}`);
        this.#generations.set(wish.resource, round);
        const file = this.#site.document(`${name}.yaml`, this.#document(deployable));
        return this.#ask(
          ['deployable', 'reload', name, '-f', file, '--comment', commentOf(round), '--no-wait'],
          livesMs,
        );
      }
    }
  }

  #document(name: (typeof chaosDeployables)[number]): string {
    return chaosDocument(name, this.#witnesses, this.#generations);
  }

  /** cpectl, killed after `livesMs`. */
  async #ask(args: readonly string[], livesMs: number | undefined): Promise<Ran> {
    if (livesMs === undefined) return this.#site.run('--timeout', '60s', ...args);
    const child: ChildProcess = spawn(process.execPath, [cpectl, '--home', this.#site.home, ...args], {
      stdio: 'ignore',
    });
    const closed = once(child, 'close') as Promise<[number | null]>;
    const timer = setTimeout(() => child.kill('SIGKILL'), livesMs);
    const [code] = await closed;
    clearTimeout(timer);
    return { code, stdout: '', stderr: '' };
  }

  /** Everything runs and nothing is left to do, by the word of the coordinator and by what runs. */
  async #settle(): Promise<boolean> {
    const look = async () => {
      for (const name of chaosDeployables) {
        const ran = await this.#site.run('--timeout', '20s', '--json', 'deployable', 'status', name);
        if (ran.code !== 0) return undefined;
        const status = JSON.parse(ran.stdout) as { condition: string; settled: boolean };
        if (status.condition !== 'running' || !status.settled) return undefined;
      }
      return [...applicationPids(this.#witnesses).values()].every((pids) => pids.length === 1) ? true : undefined;
    };
    try {
      await until('the site to settle', settleDeadlineMs, look, async () => (await this.#site.run('status')).stdout);
      return true;
    } catch (error) {
      this.#violate(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  /** New events; their numbers have no gap. */
  async #hearEvents(): Promise<void> {
    const last = this.#events.at(-1)?.seq ?? 0;
    const ran = await this.#site.run('--json', 'events', '--since', String(last));
    if (ran.code !== 0) return;
    for (const line of ran.stdout.split('\n').filter(Boolean)) {
      const event = JSON.parse(line) as EventJson;
      const expected = (this.#events.at(-1)?.seq ?? 0) + 1;
      if (event.seq !== expected) this.#violate(`event ${expected} is missing: the next one is ${event.seq}`);
      this.#events.push(event);
    }
  }

  /** What was told once is told again, word for word. */
  async #compareEvents(): Promise<void> {
    const again = await this.#site.events().catch((error: Error) => {
      this.#violate(`the events cannot be read: ${error.message.split('\n')[0]}`);
      return undefined;
    });
    if (again === undefined) return;
    for (const [index, event] of this.#events.entries()) {
      if (JSON.stringify(again[index]) === JSON.stringify(event)) continue;
      this.#violate(`event ${event.seq} is not what it was`);
      return;
    }
  }

  async #judgeDefinitions(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const [name, comment] of this.#acknowledged) {
      const { stdout } = await this.#site.run('--json', 'deployable', 'history', name);
      if (!stdout.includes(JSON.stringify(comment))) found.push(`the definition of ${name} with "${comment}" is lost`);
    }
    return found;
  }

  async #judgeGuests(): Promise<readonly string[]> {
    const ran = await this.#site.run('--json', 'deployable', 'list');
    if (ran.code !== 0) return [`cpectl deployable list: exit ${ran.code}: ${ran.stderr}`];
    return [...this.#guests].flatMap(([name, expected]) => {
      const isThere = ran.stdout.includes(JSON.stringify(name));
      return isThere === (expected === 'there') ? [] : [`${name} was acknowledged as ${expected} and is not`];
    });
  }

  #violate(text: string): void {
    this.#violations.push(text);
    this.#options.onLine(`VIOLATION: ${text}`);
  }
}

const commentOf = (round: number) => `round ${round}`;

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}
