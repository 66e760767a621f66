/** Our own Matahari on directories of its own, for tests. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '../../executors/executor-fixture.js';
import { unsupportedExecutor } from '../../executors/unsupported-executor.js';
import type { Done, Matahari, MatahariProblem } from '../matahari.js';
import { ownMatahari } from './own-matahari.js';
import type { OwnMatahariOptions } from './own-options.js';

export interface OwnSetting {
  readonly directory: string;
  readonly matahari: Matahari;
  /** Another one with the same state, as after a restart of the agent. */
  again(): Matahari;
}

export function ownSetting(more: Partial<OwnMatahariOptions> = {}): OwnSetting {
  const directory = temporaryDirectory();
  const options: OwnMatahariOptions = {
    stateDirectory: join(directory, 'state'),
    ocfRoot: '/usr/lib/ocf',
    initScripts: '/etc/init.d',
    executor: unsupportedExecutor,
    systemd: async () => assert.fail('no systemd was expected to be asked'),
    isManaged: () => false,
    failManaged: () => false,
    clock: { now: () => ({ unixMs: Date.now(), bootMs: Math.round(performance.now()) }) },
    log: () => undefined,
    ...more,
  };
  return { directory, matahari: ownMatahari(options), again: () => ownMatahari(options) };
}

/** Files of a machine of which only these are there; returns its root. What begins with `#!` may be executed. */
export function machineWith(files: Readonly<Record<string, string>>): string {
  const root = temporaryDirectory();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
  }
  return root;
}

export async function valueFrom<T>(answer: Promise<Done<T>>): Promise<T> {
  const settled = await answer;
  if (settled.kind === 'problem') assert.fail(`${settled.problem.code}: ${settled.problem.message}`);
  return settled.value;
}

export async function problemOf(answer: Promise<Done<unknown>>): Promise<MatahariProblem> {
  const settled = await answer;
  if (settled.kind === 'done') assert.fail(`no problem: ${JSON.stringify(settled.value)}`);
  return settled.problem;
}
