import { execFile } from 'node:child_process';
import type { Log } from './log.js';

export interface WatchdogOptions {
  /** That of the process: NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID (sd_notify(3), sd_watchdog_enabled(3)). */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  /** Settles when everything that the agent cannot do without has answered; rejects when it does not work. */
  readonly isWorking: () => Promise<void>;
  readonly log: Log;
}

/** The agent's word to the service manager that runs it. Without one it says nothing and costs nothing. */
export interface Watchdog {
  /** The agent is up; from now on the manager hears twice in its time that it still works. */
  ready(): void;
  /** It ends because it was told to. Resolves when the manager knows, or cannot be told. */
  stopping(): Promise<void>;
}

const deaf: Watchdog = { ready: () => undefined, stopping: async () => undefined };
const minWordMs = 5_000;

/**
 * Tells systemd that the agent is ready, works and ends. Node has no datagram sockets of the unix kind, so
 * systemd-notify(1) says it: one short process for every word. What keeps the event loop, or the disk below the journal,
 * keeps the word back too, and the manager starts another agent.
 */
export function openWatchdog({ environment, pid, isWorking, log }: WatchdogOptions): Watchdog {
  const { NOTIFY_SOCKET: socket, PATH: path } = environment;
  if (socket === undefined || socket === '') return deaf;
  const intervalMs = watchdogMs(environment, pid) / 2;
  // On a machine that is starved it takes long to say anything; that is no reason to keep it back.
  const maxWordMs = Number.isFinite(intervalMs) ? Math.max(minWordMs, intervalMs) : minWordMs;
  let timer: NodeJS.Timeout | undefined;

  const say = (...words: readonly string[]): Promise<void> =>
    new Promise((resolve) => {
      const options = { env: { PATH: path, NOTIFY_SOCKET: socket }, timeout: maxWordMs };
      execFile('systemd-notify', words, options, (error) => {
        if (error !== null) log('warn', 'the service manager cannot be told', { words, reason: error.message });
        resolve();
      });
    });

  const beat = async (): Promise<void> => {
    try {
      await isWorking();
      await say('WATCHDOG=1');
    } catch (error) {
      log('error', 'the agent does not work; the service manager is not told otherwise', { reason: String(error) });
    }
  };

  return {
    ready() {
      void say('--ready');
      if (!Number.isFinite(intervalMs)) return;
      timer = setInterval(() => void beat(), intervalMs);
      timer.unref();
    },
    async stopping() {
      clearInterval(timer);
      await say('STOPPING=1');
    },
  };
}

/** Infinity when nobody watches: no time is given, or it is for another process. */
function watchdogMs({ WATCHDOG_USEC: us, WATCHDOG_PID: of }: WatchdogOptions['environment'], pid: number): number {
  const ms = Number(us) / 1000;
  const isMeant = of === undefined || of === '' || Number(of) === pid;
  return isMeant && ms > 0 ? ms : Number.POSITIVE_INFINITY;
}
