/** Real executors in a directory of their own, for tests. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ExecDefinition, OperationOutcome, ResourceDefinition } from '../core/operation.js';
import { noTree, openCgroupTree } from './cgroup-tree.js';
import type { RecordJournal } from './exec-record.js';
import { nodeStarter } from './node-starter.js';
import { operationScripts } from './operation-script.js';
import type { ResourceExecutor } from './resource-executor.js';
import { ResourceWatches } from './resource-watch.js';
import { type SpawnerSettings, SpawnerStarter } from './spawner-starter.js';

const deadlineMs = 120_000;
const tests = randomUUID();
let runs = 0;
const atExit: (() => void)[] = [];
process.once('exit', () => {
  for (const act of atExit.toReversed()) act();
});

/** Removed with everything in it when the tests of the file are over: what they clean up themselves still needs it. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'executor-'));
  atExit.push(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

/** A journal that ends with the test. */
export function memoryJournal(): RecordJournal {
  const entries = new Map<string, unknown>();
  return {
    entries: () => entries,
    append(changes) {
      for (const { key, value } of changes) {
        if (value === undefined) entries.delete(key);
        else entries.set(key, value);
      }
    },
  };
}

export function writeScript(path: string, text: string): string {
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

export interface RunOptions {
  readonly resource?: string;
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
  /** Of an interrupted run: the id under which it was begun. */
  readonly interruptedRun?: string;
}

export function run(
  executor: ResourceExecutor,
  name: string,
  definition: Partial<ResourceDefinition>,
  { resource = 'web.a', timeoutMs = 20_000, intervalMs = 0, interruptedRun }: RunOptions = {},
): Promise<OperationOutcome> {
  runs += 1;
  const whole = { class: '', provider: '', type: '', parameters: {}, meta: {}, exec: undefined, ...definition };
  const operation = { resource, name, intervalMs, timeoutMs, definition: whole };
  const id = interruptedRun ?? `${tests}.${runs}`;
  return executor.run({ id, operation, isInterrupted: interruptedRun !== undefined });
}

export function execDefinition(command: readonly string[], more: Partial<ExecDefinition> = {}) {
  return { class: 'exec', exec: { command, environment: {}, directory: '', user: '', health: [], ...more } };
}

/** Waits for a condition; rejects after a generous deadline. */
export async function until<T>(what: string, probe: () => T | undefined | false): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const found = probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`not seen in ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Says loudly why what needs cgroups is not tested; false where it is. */
export const withoutCgroups = probeCgroups();

function probeCgroups(): string | false {
  const directory = mkdtempSync(join(tmpdir(), 'executor-'));
  try {
    const tree = openCgroupTree({ instance: tests, stateDirectory: directory });
    tree.close();
    return tree.unavailable === undefined ? false : `there are no cgroups: ${tree.unavailable}`;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The scripts' surroundings, in cgroups where there are any; what the tests leave in them is removed at the end. */
export function scriptFixture(
  directory: string,
  { instance = 'shop.web.local.1-1', isInCgroups = true }: { instance?: string; isInCgroups?: boolean } = {},
) {
  const changed: string[] = [];
  const cgroups = isInCgroups
    ? openCgroupTree({ instance: `${instance}.${basename(directory)}`, stateDirectory: directory })
    : noTree('it is a test without them');
  const watches = new ResourceWatches({ cgroups, onChange: (resource) => changed.push(resource) });
  atExit.push(() => cgroups.close());
  return { scripts: operationScripts({ instance, cgroups, watches }), cgroups, watches, changed };
}

/** Starts commands by the native spawner, and by nothing else unless that is said; ended with the test. */
export function spawnerStarter(
  context: TestContext,
  directory: string,
  more: Partial<SpawnerSettings> = {},
): SpawnerStarter {
  const otherwise = { ...nodeStarter, start: () => Promise.reject(new Error('the spawner cannot be used')) };
  const starter = new SpawnerStarter({
    directory: join(directory, 'spawner'),
    otherwise,
    onTrouble: () => undefined,
    ...more,
  });
  context.after(() => starter.close());
  return starter;
}
