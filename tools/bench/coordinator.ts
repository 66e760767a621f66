import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { EventJson } from '../cpectl/views/event-view.js';
import { within } from './deadline.js';
import { type EventLog, eventLog } from './event-log.js';
import type { Workplace } from './workplace.js';

/** A coordinator of real processes in a home of its own, driven as an operator does: through cpectl. */
export interface Coordinator {
  readonly home: string;
  /** Number of the last event that is known. */
  lastSeq(): number;
  /** Resolves with the first event of its kind about a deployable after `seq`; rejects in the end, with what came. */
  event(deployable: string, kind: string, seq: number): Promise<EventJson>;
  /** Runs cpectl to its end and returns what it printed; rejects when it fails. */
  cpectl(...args: readonly string[]): Promise<string>;
  /** Creates and starts the deployable, lets `work` do its part, and removes the deployable again. */
  withDeployable<T>(name: string, document: string, work: () => Promise<T>): Promise<T>;
  /** The running instance of an assembly. */
  instance(deployable: string, assembly: string): Promise<Instance>;
  /** Takes all of it down, also when it is only half up. */
  down(): Promise<void>;
}

export interface Instance {
  /** Of its init. */
  readonly pid: number;
  readonly stateDirectory: string;
}

export const cpectlProgram = join(import.meta.dirname, '..', 'cpectl', 'main.js');
const downGraceS = '20';

export interface CoordinatorOptions {
  /** Name of its home. */
  readonly home?: string;
  /** Of `cpectl up`. */
  readonly up?: readonly string[];
  /** For an event, and for a deployable to start or to stop. */
  readonly deadlineMs?: number;
}

/** Brings it up; rejects, with nothing to take down but what `down` would, when that fails or is interrupted. */
export async function startCoordinator(
  workplace: Workplace,
  signal: AbortSignal,
  options: CoordinatorOptions = {},
): Promise<Coordinator> {
  const { up = [], deadlineMs = 60_000 } = options;
  const home = workplace.directory(options.home ?? 'home');
  const documents = workplace.directory('documents');
  const events = eventLog();
  const cpectl = async (...args: readonly string[]) => {
    signal.throwIfAborted();
    // An interrupted `up` would leave behind something that `down` does not know of yet; it ends soon by itself.
    const output = await runCpectl(home, args, args[0] === 'up' ? undefined : signal);
    signal.throwIfAborted();
    return output;
  };
  let feed: { close(): void } | undefined;
  const down = async () => {
    feed?.close();
    await runCpectl(home, ['down', '--grace', downGraceS]);
  };
  try {
    await cpectl('up', ...up);
  } catch (error) {
    await down().catch(() => {});
    throw error;
  }
  feed = followEvents(home, events);
  const order = ['--timeout', `${Math.round(deadlineMs / 1000)}s`, 'deployable'];
  return {
    home,
    cpectl,
    lastSeq: () => events.lastSeq(),
    async event(deployable, kind, seq) {
      const found = events.next(seq, (event) => event.kind === kind && event.deployable === deployable);
      const what = `the event ${kind} of ${deployable}`;
      return within(found, { deadlineMs, what, signal }).catch((error: Error) => {
        const came = events
          .since(seq)
          .map((event) => `${event.resource || event.assembly} ${event.kind}: ${event.reason}`);
        const list = came.length === 0 ? ' no event' : `\n  ${came.join('\n  ')}`;
        throw signal.aborted ? error : new Error(`${error.message}; instead:${list}`);
      });
    },
    async withDeployable(name, document, work) {
      const file = join(documents, `${name}.yaml`);
      writeFileSync(file, document);
      await cpectl('deployable', 'create', '-f', file);
      try {
        await cpectl(...order, 'start', name);
        return await work();
      } finally {
        // What is measured is measured, and `down` takes what is left.
        await cpectl(...order, 'stop', name)
          .then(() => cpectl('deployable', 'delete', name))
          .catch(() => {});
      }
    },
    async instance(deployable, assembly) {
      const info = JSON.parse(await cpectl('--json', 'info')) as { instances: (Instance & Record<string, unknown>)[] };
      const found = info.instances.find(
        (each) => each.deployable === deployable && each.assembly === assembly && each.pid !== null,
      );
      if (found === undefined) throw new Error(`cpectl info tells of no instance of ${assembly} that runs`);
      return found;
    },
    down,
  };
}

async function runCpectl(home: string, args: readonly string[], interruption?: AbortSignal): Promise<string> {
  const child = startCpectl(home, args);
  // As Ctrl-C: a bake takes its guest along.
  const onAbort = () => child.kill('SIGINT');
  interruption?.addEventListener('abort', onAbort);
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
      said[stream] += chunk;
    });
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  interruption?.removeEventListener('abort', onAbort);
  if (code === 0) return said.stdout;
  throw new Error(`cpectl ${args.join(' ')} ended with ${signal ?? `exit code ${code}`}: ${said.stderr.trim()}`);
}

function followEvents(home: string, log: EventLog): { close(): void } {
  const child = startCpectl(home, ['--json', 'events', '--follow', '--since', '0']);
  if (child.stdout !== null) {
    createInterface(child.stdout).on('line', (line) => log.add(JSON.parse(line) as EventJson));
  }
  child.stderr?.resume();
  child.once('close', () => log.fail(new Error('cpectl events ended')));
  return { close: () => void child.kill('SIGTERM') };
}

function startCpectl(home: string, args: readonly string[]) {
  // pm2's home is the coordinator's own business, whatever a peer of this bench needed.
  const { PM2_HOME: _peer, ...environment } = process.env;
  return spawn(process.execPath, [cpectlProgram, ...args], {
    // A session of its own: a Ctrl-C is for the bench, which takes things down in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, CPE_HOME: home },
  });
}
