import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A signal to a process group arrives twice when make passes it on as well. */
const sameSignalMs = 500;

export interface Interruption {
  readonly signal: AbortSignal;
  /** What to end with once everything is cleaned up: 128 + the number of the signal, as shells report it. */
  exitCode(): number | undefined;
}

/**
 * The first signal asks for an end in order; the next one calls `force`, which must not take time, and ends at once.
 *
 * @param program what to call itself when it tells of a fault of its own
 */
export function watchInterruptions(program: string, force: () => void): Interruption {
  const controller = new AbortController();
  let first: { readonly exitCode: number; readonly atMs: number } | undefined;
  const interrupt = (name: string, exitCode: number) => {
    if (first === undefined) {
      first = { exitCode, atMs: performance.now() };
      controller.abort(Object.assign(new Error(`interrupted by ${name}`), { name: 'Interruption' }));
    } else if (performance.now() - first.atMs > sameSignalMs) {
      force();
      process.exit(exitCode);
    }
  };
  for (const name of signals) process.on(name, () => interrupt(name, 128 + constants.signals[name]));
  // A fault of the program itself must not leave anything behind either.
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${program}: this should not happen: ${error.stack}\n`);
    force();
    process.exit(1);
  });
  // Whoever read the output is gone, or its terminal.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => first ?? interrupt('a closed output', 1));
  }
  return { signal: controller.signal, exitCode: () => first?.exitCode };
}
