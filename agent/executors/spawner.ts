import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import type { Launch } from './exec-launch.js';
import { errorName, type ProcessEnd, type StartOptions, type StartResult, startFailure } from './process-starter.js';
import { encodeRequest, maxRequestBytes, parseLine } from './spawner-request.js';

/** What became of a request: `lost` when the spawner ended before it answered. */
export type SpawnerAnswer = StartResult | { readonly kind: 'lost' };

interface Request {
  readonly launch: Launch;
  readonly how: StartOptions;
  readonly answer: (answer: SpawnerAnswer) => void;
  readonly timer: NodeJS.Timeout;
}

const readyDeadlineMs = 5000;
/** So many requests are written at once: the first of many are being started while the others are still prepared. */
const batch = 8;
const maxLineBytes = 4096;

/** One process of native/spawner.c, from its start to its end. */
export class Spawner {
  /** Resolves when it is gone, with what is known about why. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #requests = new Map<string, Request>();
  /** How to tell of the end of each process that it has started. */
  readonly #ends = new Map<number, (end: ProcessEnd) => void>();
  #ready: () => void = () => undefined;
  #settle: (why: string) => void = () => undefined;
  #why: string | undefined;
  #isAlive = true;
  #count = 0;
  #unwritten: Buffer[] = [];
  #isWriting = false;
  #line = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
    child.once('error', (error) => this.#end(error.message));
    child.once('exit', (code, signal) => this.#end(code === null ? `ended by ${signal}` : `exit code ${code}`));
    // It has ended, and its exit tells.
    child.stdin?.on('error', () => undefined);
    child.stdout?.on('error', () => undefined);
    child.stdout?.setEncoding('latin1').on('data', (text: string) => this.#read(text));
    // Nothing of it keeps the agent from ending.
    child.unref();
    for (const stream of [child.stdin, child.stdout]) (stream as Socket | null)?.unref();
  }

  /** Resolves when it is ready; with the reason when it cannot be started here. */
  static async start(path: string): Promise<Spawner | string> {
    let spawner: Spawner;
    try {
      // Not of the agent's session: a signal to that is not meant for what tells of the commands.
      spawner = new Spawner(spawn(path, [], { cwd: '/', detached: true, env: {}, stdio: ['pipe', 'pipe', 'inherit'] }));
    } catch (error) {
      return (error as Error).message;
    }
    const timer = setTimeout(() => spawner.#abandon('it is not ready in time'), readyDeadlineMs);
    const ready = new Promise<Spawner>((resolve) => {
      spawner.#ready = () => resolve(spawner);
    });
    const first = await Promise.race([ready, spawner.ended]);
    clearTimeout(timer);
    return first;
  }

  isAlive(): boolean {
    return this.#isAlive;
  }

  start(launch: Launch, how: StartOptions): Promise<SpawnerAnswer> {
    this.#count += 1;
    const id = String(this.#count);
    const frame = encodeRequest(id, launch, how);
    if (frame.length - 4 > maxRequestBytes) {
      return Promise.resolve(startFailure(launch, how, { step: 'exec', code: 'E2BIG' }));
    }
    return new Promise((answer) => {
      const timer = setTimeout(() => this.#abandon(`no answer within ${how.deadlineMs} ms`), how.deadlineMs);
      this.#requests.set(id, { launch, how, answer, timer });
      this.#write(frame);
    });
  }

  /** It ends by itself when nobody asks it for anything any more. */
  close(): void {
    this.#child.stdin?.destroy();
    this.#end('closed');
  }

  #write(frame: Buffer): void {
    this.#unwritten.push(frame);
    if (this.#unwritten.length >= batch) this.#flush();
    if (this.#isWriting) return;
    this.#isWriting = true;
    process.nextTick(() => {
      this.#isWriting = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#unwritten.length === 0) return;
    const frames = this.#unwritten;
    this.#unwritten = [];
    if (this.#isAlive) this.#child.stdin?.write(Buffer.concat(frames));
  }

  #read(text: string): void {
    // What it said last may come after its end, and has been made up for.
    if (!this.#isAlive) return;
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
    if (this.#line.length > maxLineBytes) this.#abandon('it does not say what a spawner says');
  }

  #take(text: string): void {
    const line = parseLine(text);
    switch (line.kind) {
      case 'ready':
        this.#ready();
        return;
      case 'started': {
        const ended = new Promise<ProcessEnd>((resolve) => this.#ends.set(line.pid, resolve));
        const identity = { pid: line.pid, startTime: line.startTime };
        this.#answer(line.id, () => ({ kind: 'started', process: { identity, isInCgroup: true, ended } }));
        return;
      }
      case 'failed':
        this.#answer(line.id, ({ launch, how }) =>
          startFailure(launch, how, { step: line.step, code: errorName(line.errno) }),
        );
        return;
      case 'exited':
        this.#tellEnd(line.pid, { kind: 'exited', code: line.code });
        return;
      case 'signalled':
        this.#tellEnd(line.pid, { kind: 'signalled', signal: signalName(line.signal) });
        return;
      case 'garbage':
        this.#abandon('it does not say what a spawner says');
        return;
    }
  }

  #answer(id: string, of: (request: Request) => SpawnerAnswer): void {
    const request = this.#requests.get(id);
    if (request === undefined) return;
    this.#requests.delete(id);
    clearTimeout(request.timer);
    request.answer(of(request));
  }

  #tellEnd(pid: number, end: ProcessEnd): void {
    const tell = this.#ends.get(pid);
    this.#ends.delete(pid);
    tell?.(end);
  }

  /** Whatever it does: what it has started goes on, and what it was to start is looked for when it is dead. */
  #abandon(why: string): void {
    this.#why ??= why;
    this.#child.kill('SIGKILL');
  }

  #end(why: string): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    for (const id of [...this.#requests.keys()]) this.#answer(id, () => ({ kind: 'lost' }));
    for (const pid of [...this.#ends.keys()]) this.#tellEnd(pid, { kind: 'untold' });
    this.#settle(this.#why ?? why);
  }
}

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

function signalName(number: number): string {
  return signalNames.get(number) ?? `signal ${number}`;
}
