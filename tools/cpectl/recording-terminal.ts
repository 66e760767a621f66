import type { ExitCode } from './exit-code.js';
import { noColors, type Terminal } from './terminal.js';

/** A terminal that keeps what is printed, for tests. */
export interface RecordingTerminal extends Terminal {
  readonly printed: { out: string; err: string; exitCode: ExitCode | undefined };
  /** Presses Ctrl-C. */
  interrupt(): void;
}

export interface RecordingOptions {
  readonly isTerminal?: boolean;
  /** What is typed at the keyboard; nobody sits there without it. */
  readonly typed?: string;
}

export function recordingTerminal({ isTerminal = false, typed }: RecordingOptions = {}): RecordingTerminal {
  const printed: RecordingTerminal['printed'] = { out: '', err: '', exitCode: undefined };
  const listeners = new Set<() => void>();
  const stream = (name: 'out' | 'err') => ({
    write: (text: string) => {
      printed[name] += text;
    },
    colors: noColors,
    isTerminal,
    columns: () => 120,
  });
  return {
    printed,
    out: stream('out'),
    err: stream('err'),
    setExitCode: (code) => {
      printed.exitCode = code;
    },
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ask: async (question) => {
      if (typed !== undefined) printed.err += question;
      return typed;
    },
    interrupt: () => {
      for (const listener of listeners) listener();
    },
  };
}
