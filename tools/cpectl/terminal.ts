import { createInterface } from 'node:readline/promises';
import picocolors from 'picocolors';
import type { ExitCode } from './exit-code.js';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** One of the two output streams, as the commands see it. */
export interface OutputStream {
  /** Prints a text as it is. */
  write(text: string): void;
  /** Paints only where a person looks at a terminal and NO_COLOR is not set. */
  readonly colors: Colors;
  readonly isTerminal: boolean;
  /** Width of the terminal in characters. */
  columns(): number;
}

/** The process around the commands. Data goes to `out`; progress, warnings and failures go to `err`. */
export interface Terminal {
  readonly out: OutputStream;
  readonly err: OutputStream;
  setExitCode(code: ExitCode): void;
  /** Calls the listener at Ctrl-C and at SIGTERM instead of ending the process; returns its own removal. */
  onInterrupt(listener: () => void): () => void;
  /** What a person answers to the question; undefined where nobody sits at the keyboard. */
  ask(question: string): Promise<string | undefined>;
}

export const noColors: Colors = picocolors.createColors(false);

export function processTerminal(): Terminal {
  return {
    out: outputStream(process.stdout),
    err: outputStream(process.stderr),
    setExitCode: (code) => {
      process.exitCode = code;
    },
    onInterrupt: (listener) => {
      // A service manager that ends a command means what somebody means by Ctrl-C.
      const signals = ['SIGINT', 'SIGTERM'] as const;
      for (const signal of signals) process.once(signal, listener);
      return () => {
        for (const signal of signals) process.off(signal, listener);
      };
    },
    ask: askPerson,
  };
}

async function askPerson(question: string): Promise<string | undefined> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return undefined;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and the end of input are answers too: no.
  const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
  prompt.once('SIGINT', () => prompt.close());
  try {
    return await Promise.race([prompt.question(question), closed]);
  } finally {
    prompt.close();
  }
}

function outputStream(stream: NodeJS.WriteStream): OutputStream {
  const isTerminal = stream.isTTY === true;
  // https://no-color.org: present and not an empty string.
  const mayPaint = isTerminal && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return {
    write: (text) => void stream.write(text),
    colors: mayPaint ? picocolors.createColors(true) : noColors,
    isTerminal,
    columns: () => stream.columns ?? 80,
  };
}
