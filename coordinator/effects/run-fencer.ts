/**
 * Runs the fencer of a launcher host: a program with the interface of fence-agents (ClusterLabs FenceAgentAPI.md):
 * parameters as `key=value` lines on standard input, `action=off|on|status`, exit code 0 for done; `status` ends with 0
 * for a host that is on and with 2 for one that is off.
 */
import { spawn } from 'node:child_process';
import type { DpeEffect } from '../dpe/core/dpe-effect.js';

/**
 * `operation`: `reboot` powers the host on again once it is proven to be off; whether that succeeds does not matter.
 * `expiresAt`: unix ms after which whatever still runs is killed.
 */
export type FencingOrder = Pick<
  Extract<DpeEffect, { kind: 'fence-host' }>,
  'host' | 'operation' | 'fencer' | 'expiresAt'
>;
type Fencer = FencingOrder['fencer'];

export type FencingOutcome =
  /** Nothing on the host runs any more; `evidence` is for people, and bounded. */
  { readonly kind: 'fenced'; readonly evidence: string } | { readonly kind: 'failed'; readonly reason: string };

/** Longest end of a program's output that is kept, in characters. */
const maxOutput = 500;
/** A power switch may need a moment before it says what it has done. */
const statusPauseMs = 500;
const drainMs = 200;
const secretPattern = /pass|secret|token|key|credential/i;

/**
 * Never throws. What the host's fencer says is believed only when it says `off` with its status, or, where it has no
 * status, when its `off` succeeded.
 *
 * @param signal ends it at once, with everything that it has started
 */
export async function runFencer(order: FencingOrder, signal?: AbortSignal): Promise<FencingOutcome> {
  const flaw = flawOf(order.fencer);
  if (flaw !== undefined) return { kind: 'failed', reason: flaw };
  const off = await act(order, 'off', signal);
  const status = await awaitOff(order, off.kind === 'ended' && off.code === 0, signal);
  const isOff = status.kind === 'ended' && status.code === 2;
  const hasTurnedOff = off.kind === 'ended' && off.code === 0;
  if (status.kind === 'ended' && status.code === 0) {
    return { kind: 'failed', reason: `${describe('off', off)}; its status says that it is on` };
  }
  if (!isOff && !hasTurnedOff) return { kind: 'failed', reason: describe('off', off) };
  // A status that is asked for and does not come is no word for anything.
  if (status.kind !== 'ended')
    return { kind: 'failed', reason: `${describe('off', off)}; ${describe('status', status)}` };
  const proof = isOff ? 'its status says that it is off' : `it has no status (${describe('status', status)})`;
  const evidence = `${order.fencer.command[0] ?? ''}: ${describe('off', off)}; ${proof}`;
  if (order.operation === 'off') return { kind: 'fenced', evidence };
  return { kind: 'fenced', evidence: `${evidence}; ${describe('on', await act(order, 'on', signal))}` };
}

type Action = 'off' | 'on' | 'status';
type Ended =
  | { readonly kind: 'ended'; readonly code: number; readonly output: string }
  | { readonly kind: 'killed'; readonly why: string; readonly output: string }
  | { readonly kind: 'not-started'; readonly why: string };

/** A value with a line end would be another parameter. */
function flawOf({ command, parameters }: Fencer): string | undefined {
  if (command[0] === undefined || command[0] === '') return 'the fencer has no command';
  const bad = Object.entries(parameters).find(([key, value]) => /[\n\r\0=]/.test(key) || /[\n\r\0]/.test(value));
  return bad === undefined ? undefined : `its parameter ${JSON.stringify(bad[0])} cannot be passed: it has a line end`;
}

/** Asks until it is off; once only when `off` has failed or the status says nothing. */
async function awaitOff(order: FencingOrder, isExpected: boolean, signal: AbortSignal | undefined): Promise<Ended> {
  for (;;) {
    const status = await act(order, 'status', signal);
    const isOn = status.kind === 'ended' && status.code === 0;
    if (!isOn || !isExpected || signal?.aborted || Date.now() + statusPauseMs >= order.expiresAt) return status;
    await new Promise((resolve) => setTimeout(resolve, statusPauseMs));
  }
}

function act(
  { host, fencer, expiresAt }: FencingOrder,
  action: Action,
  signal: AbortSignal | undefined,
): Promise<Ended> {
  const [program = '', ...args] = fencer.command;
  const remainingMs = expiresAt - Date.now();
  if (remainingMs <= 0 || signal?.aborted) {
    return Promise.resolve({ kind: 'not-started', why: 'there was no time left for it' });
  }
  return new Promise((resolve) => {
    const output = new BoundedText(secretsOf(fencer));
    // Its own process group: what it starts ends with it.
    const child = spawn(program, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    let why: string | undefined;
    const end = (reason: string) => {
      why ??= reason;
      killGroup(child.pid);
    };
    const onAbort = () => end('this process lets go of the deployable');
    const timer = setTimeout(() => end(`it did not end in time (${fencer.timeoutMs} ms)`), remainingMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    const finish = (ended: Ended) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      killGroup(child.pid);
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      resolve(ended);
    };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.add(chunk));
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => undefined);
    child.on('error', (error) => finish({ kind: 'not-started', why: error.message }));
    child.on('exit', (code, killedBy) => {
      const text = () => output.text();
      const ended = (): Ended =>
        code === null || why !== undefined
          ? { kind: 'killed', why: why ?? `signal ${killedBy ?? 'unknown'}`, output: text() }
          : { kind: 'ended', code, output: text() };
      // A grandchild may hold its output open: what it says is not waited for.
      const drained = setTimeout(() => finish(ended()), drainMs);
      child.once('close', () => {
        clearTimeout(drained);
        finish(ended());
      });
    });
    child.stdin.end(inputOf(host, fencer, action));
  });
}

/** `nodename` as Pacemaker's fencer passes it: one program may serve many hosts. */
function inputOf(host: string, { parameters }: Fencer, action: Action): string {
  const all = { nodename: host, ...parameters, action };
  return Object.entries(all)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

function describe(action: Action, ended: Ended): string {
  switch (ended.kind) {
    case 'ended': {
      const said = ended.output === '' ? '' : `, and said "${ended.output}"`;
      return `${action} ended with ${ended.code}${said}`;
    }
    case 'killed':
      return `${action} was killed: ${ended.why}${ended.output === '' ? '' : `, after "${ended.output}"`}`;
    case 'not-started':
      return `${action} could not be run: ${ended.why}`;
  }
}

function secretsOf({ parameters }: Fencer): readonly string[] {
  return Object.entries(parameters)
    .filter(([key, value]) => secretPattern.test(key) && value !== '')
    .map(([, value]) => value);
}

/** The end of a program's output, one line, printable, without the secrets that it was given. */
class BoundedText {
  readonly #secrets: readonly string[];
  #bytes = Buffer.alloc(0);

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  add(chunk: Buffer): void {
    // Bytes that are four times the characters kept, and room for a secret that is cut.
    this.#bytes = Buffer.concat([this.#bytes, chunk]).subarray(-16_384);
  }

  text(): string {
    const decoded = this.#bytes.toString('utf8');
    const open = this.#secrets.reduce((text, secret) => text.replaceAll(secret, '***'), decoded);
    return open
      .replace(/[^\P{C}\n\t]|\uFFFD/gu, '?')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(-maxOutput);
  }
}
