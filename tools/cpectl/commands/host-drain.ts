import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { HostSummary, VerbDone } from '../../../proto/messages.js';
import { assessDrain, type DrainProgress } from '../assess-drain.js';
import { type Coordinator, withCoordinator } from '../coordinator.js';
import { type CommandOutcome, done, exitCodes, failure } from '../exit-code.js';
import { explainError, isPassing } from '../explain-error.js';
import { type GlobalOptions, parseName } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { hostJson } from '../views/host-view.js';
import { printable } from '../views/printable.js';
import { renderElapsed } from '../views/times.js';

interface DrainOptions {
  readonly off?: boolean;
  readonly wait: boolean;
}

/** `host drain`: everything leaves a launcher host, in order. */
export function registerHostDrain(group: Command, terminal: Terminal): void {
  group
    .command('drain')
    .description(
      'move every instance away from a launcher host; what no other host can take stays, and is named; returns when nothing is left to do',
    )
    .argument('<host>', 'name of the launcher host', parseName)
    .option('--off', 'the host takes instances again')
    .option('--no-wait', 'return as soon as the order is accepted')
    .addHelpText('after', examplesText(['cpectl host drain left', 'cpectl host drain left --off']))
    .action((host: string, { off = false, wait }: DrainOptions, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, async (coordinator) => {
          const answered = await coordinator.ask('hostDrain', { host, off });
          if (answered.kind === 'error') return explainError(answered.error);
          const given = answered.value;
          if (!off && wait) return awaitEmpty(coordinator, { host, given }, { terminal, options });
          if (options.json) printJson(terminal, { host, ...given, outcome: 'ordered' });
          else terminal.out.write(`${printable(given.message)}\n`);
          return done;
        }),
      ),
    );
}

const defaultTimeoutMs = 600_000;
const pollMs = 250;
/** By then every DPE has looked at the host's record, also one that was not told (a fifth of its lease). */
const staysAfterMs = 3_000;

type Ended = {
  readonly outcome: 'reached' | 'deferred' | 'failed' | 'timed-out' | 'interrupted' | 'error';
  readonly failure: CommandOutcome;
};

async function awaitEmpty(
  coordinator: Coordinator,
  { host, given }: { readonly host: string; readonly given: VerbDone },
  { terminal, options }: { readonly terminal: Terminal; readonly options: GlobalOptions },
): Promise<CommandOutcome> {
  if (!options.json) terminal.err.write(`${printable(given.message)}\n`);
  const startedAt = performance.now();
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const interruption = new AbortController();
  const stopListening = terminal.onInterrupt(() => interruption.abort());
  let summary: HostSummary | undefined;
  const { outcome, failure: ended } = await wait();
  stopListening();
  const elapsedMs = Math.round(performance.now() - startedAt);
  if (options.json) {
    printJson(terminal, {
      host,
      ...given,
      outcome,
      elapsedMs,
      status: summary === undefined ? null : hostJson(summary),
    });
  } else if (outcome === 'reached') terminal.out.write(`${host} is empty (${renderElapsed(elapsedMs)})\n`);
  return ended;

  async function wait(): Promise<Ended> {
    const watch = 'the work goes on; watch it with: cpectl events -f';
    let told = '';
    let settledSince: number | undefined;
    for (;;) {
      if (interruption.signal.aborted) {
        const stopped = failure(exitCodes.interrupted, `no longer waiting; draining ${host} goes on`, watch);
        return { outcome: 'interrupted', failure: stopped };
      }
      const answered = await coordinator.ask('hostStatus', { host });
      if (answered.kind === 'answer') [summary] = answered.value.hosts;
      else if (!isPassing(answered.error)) return { outcome: 'error', failure: explainError(answered.error) };
      const progress = await progressOf(coordinator, summary);
      if (progress.kind === 'empty') return { outcome: 'reached', failure: done };
      const left = summary?.instances.map(({ deployable, assembly }) => `${deployable}/${assembly}`).join(', ') ?? '';
      if (left !== told && left !== '' && !options.json) terminal.err.write(`left on ${host}: ${printable(left)}\n`);
      told = left;
      if (progress.kind === 'deferred') {
        if (!options.json) terminal.err.write(`draining ${host} waits: ${printable(progress.reason)}\n`);
        return { outcome: 'deferred', failure: done };
      }
      settledSince = progress.kind === 'stays' ? (settledSince ?? performance.now()) : undefined;
      if (progress.kind === 'stays' && performance.now() - (settledSince ?? 0) >= staysAfterMs) {
        const message = `${host} takes nothing new, and is not empty: ${printable(progress.reason)}`;
        return { outcome: 'failed', failure: failure(exitCodes.failed, message, progress.next) };
      }
      if (performance.now() - startedAt >= timeoutMs) {
        const what = left === '' ? `${host} is ${summary?.state ?? 'unknown'}` : `left: ${printable(left)}`;
        const message = `draining ${host} takes longer than ${renderElapsed(timeoutMs)}; ${what}`;
        return { outcome: 'timed-out', failure: failure(exitCodes.timedOut, message, watch) };
      }
      await delay(pollMs, undefined, { signal: interruption.signal }).catch(() => {});
    }
  }
}

async function progressOf(coordinator: Coordinator, summary: HostSummary | undefined): Promise<DrainProgress> {
  const names = [...new Set(summary?.instances.map(({ deployable }) => deployable))];
  const answers = await Promise.all(names.map((name) => coordinator.ask('getStatus', { deployable: name })));
  const known = answers.flatMap((answer) => (answer.kind === 'answer' ? [answer.value] : []));
  return assessDrain(summary, new Map(known.map((status) => [status.name, status])));
}
