import { writeSync } from 'node:fs';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogDetails = Readonly<Record<string, unknown>>;

export type Log = (level: LogLevel, message: string, details?: LogDetails) => void;

/** JSON lines on standard output; what cannot be written is lost rather than the agent. */
export function jsonLog(base: LogDetails, minimum: LogLevel = 'info'): Log {
  const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
  return (level, message, details = {}) => {
    if (levels.indexOf(level) < levels.indexOf(minimum)) return;
    const line = { time: new Date().toISOString(), level, ...base, message, ...details };
    try {
      writeSync(1, `${JSON.stringify(line)}\n`);
    } catch {
      // Standard output is gone, or full.
    }
  };
}

/** Passes on the first of its kind in `everyMs`, with the number of those left out since. */
export function rateLimited(log: Log, everyMs: number): Log {
  const last = new Map<string, { at: number; leftOut: number }>();
  return (level, message, details = {}) => {
    const now = performance.now();
    const known = last.get(message);
    if (known !== undefined && now - known.at < everyMs) {
      known.leftOut += 1;
      return;
    }
    last.set(message, { at: now, leftOut: 0 });
    log(level, message, known !== undefined && known.leftOut > 0 ? { ...details, leftOut: known.leftOut } : details);
  };
}
