import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Done, Matahari, MatahariProblem } from '../../agent/matahari/matahari.js';

/** A backend, and the machine that it shows. */
export interface MatahariUnderTest {
  readonly machine: MachineUnderTest;
  /** Opens the backend; after `close` once more: a restarted agent on the same machine, which has not booted since. */
  open(): Promise<Matahari>;
  /** Leaves no process and no file. */
  dispose(): Promise<void>;
}

/** What a test may rely on. What a machine does not have is said here, and must give its problem. */
export interface MachineUnderTest {
  readonly hostname: string;
  /** An empty directory of the test's own, which the agents on the machine see too. */
  readonly directory: string;
  readonly services: {
    /** Installed, stopped; starts and stops at once. */
    readonly quick: string;
    /** One for which these take a minute; `script` is in the command line of its processes. */
    readonly hanging?: HangingService & { readonly methods: readonly ('start' | 'stop' | 'status')[] };
    /** Left out where nothing makes a service start at boot. */
    readonly isEnabled?: (name: string) => Promise<boolean>;
    readonly describes: boolean;
  };
  /** An init script that takes a minute whatever it is asked. */
  readonly hangingScript?: HangingService;
  /** An agent as `contractAgent` in matahari-machine.ts has it. */
  readonly ocf: { readonly provider: string; readonly agent: string; readonly script: string };
  readonly describesResources: boolean;
  /** Whether an action under way can be ended from outside. */
  readonly cancelsRunning: boolean;
  /** A link that nothing else uses, up; left out where the test may not make one. */
  readonly link?: { readonly name: string; readonly address: string /** In lower case. */; readonly mac: string };
  /** Left out: no tuned. */
  readonly powerProfiles?: readonly [string, string, ...string[]];
  readonly speaker: 'present' | 'absent' | 'unknown';
  readonly hasHardwareUuid: boolean;
  /** What the schemes take that are there, by what it does. `counting` adds a line to `counted` and succeeds. */
  readonly schemes: Readonly<Partial<Record<Scheme, SchemeUnderTest>>>;
  /** `shutdown` and `reboot` as the machine was asked; left out where that would really happen. */
  readonly asked?: () => Promise<readonly string[]>;
}

export interface HangingService {
  readonly name: string;
  readonly script: string;
}

export type Scheme = 'script' | 'puppet' | 'augeas';

export interface SchemeUnderTest {
  readonly counting: string;
  readonly counted: string;
  /** Fails. */
  readonly failing: string;
  readonly failure: string | RegExp;
  /** A query with its answer. */
  readonly query?: { readonly text: string; readonly data: string; readonly unknown: string };
}

export type Create = () => Promise<MatahariUnderTest>;

/** The backend of the tests that are registered next, opened once for all of them. */
export function shared(create: Create): Shared {
  let underTest: MatahariUnderTest;
  let matahari: Matahari;
  before(async () => {
    underTest = await create();
    matahari = await underTest.open();
  });
  after(async () => {
    await matahari?.close();
    await underTest?.dispose();
  });
  return {
    test: (name, run) =>
      it(name, { timeout: 120_000 }, (context) =>
        run(matahari, underTest.machine, {
          context,
          restart: async () => {
            await matahari.close();
            matahari = await underTest.open();
            return matahari;
          },
        }),
      ),
  };
}

export interface Shared {
  test(name: string, run: (matahari: Matahari, machine: MachineUnderTest, running: Running) => Promise<void>): void;
}

export interface Running {
  readonly context: TestContext;
  restart(): Promise<Matahari>;
}

/** What was resolved to; a problem fails the test. */
export function doneValue<T>(outcome: Done<T>): T {
  if (outcome.kind === 'done') return outcome.value;
  assert.fail(`${outcome.problem.code}: ${outcome.problem.message}`);
}

export function assertProblem(outcome: Done<unknown>, code: MatahariProblem['code'], argument?: string): void {
  assert.equal(outcome.kind, 'problem', `a problem (${code}) was expected, not ${JSON.stringify(outcome)}`);
  if (outcome.kind !== 'problem') return;
  assert.equal(outcome.problem.code, code, outcome.problem.message);
  assert.notEqual(outcome.problem.message, '');
  if (argument !== undefined) assert.equal(outcome.problem.argument, argument, outcome.problem.message);
}

/** For names that no backend could know: refused either as malformed or as unknown. */
export function assertNoSuch(outcome: Done<unknown>, argument: string): void {
  const isMalformed = outcome.kind === 'problem' && outcome.problem.code === 'invalid-argument';
  assertProblem(outcome, isMalformed ? 'invalid-argument' : 'not-found', isMalformed ? argument : undefined);
}

/** Waits for a condition; at its deadline the test fails. */
export async function eventually(what: string, holds: () => boolean, deadlineMs = 120_000): Promise<void> {
  for (const end = performance.now() + deadlineMs; !holds(); await delay(20)) {
    assert.ok(performance.now() < end, `not within ${deadlineMs} ms: ${what}`);
  }
}

/** For what must not happen: gives it its time. */
export function timeFor(ms: number): Promise<void> {
  return delay(ms);
}

/** Processes with `text` in their command line. */
export function processesOf(text: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^[0-9]+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(text);
    } catch {
      return false;
    }
  });
}
