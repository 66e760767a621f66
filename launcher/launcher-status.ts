/** What a launcherd says of itself to whoever looks on its own machine, where nobody may ask it on the bus. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bus } from '../proto/bus.js';
import { readProcStat } from './drivers/process-proof.js';
import { replaceFile } from './durable-file.js';

export interface LauncherStatus {
  readonly pid: number;
  /** Clock ticks since boot, as text: a pid alone may be somebody else's by now. */
  readonly startTime: string;
  readonly launcherHost: string;
  readonly driver: string;
  readonly bus:
    | { readonly kind: 'connected'; readonly server: string; readonly sinceUnixMs: number }
    /** `trouble`: why, as far as it is known. */
    | { readonly kind: 'disconnected'; readonly sinceUnixMs: number; readonly trouble: string };
  /** Ids of the instances that run. */
  readonly running: readonly string[];
}

export interface StatusKeeper {
  /** Writes what has changed. */
  note(running: readonly string[]): void;
  /** Why there is no connection. */
  trouble(reason: string): void;
  follow(bus: Bus): void;
}

/** Keeps `<home>/launcher/<host>/status.json`, the newest word only. */
export function keepLauncherStatus(
  home: string,
  who: { readonly launcherHost: string; readonly driver: string },
  onTrouble: (reason: string) => void,
): StatusKeeper {
  const file = statusFile(home, who.launcherHost);
  const startTime = readProcStat(process.pid)?.startTime ?? '';
  let bus: LauncherStatus['bus'] = { kind: 'disconnected', sinceUnixMs: Date.now(), trouble: '' };
  let running: readonly string[] = [];
  let written = '';
  let isWriting = false;
  const write = async (): Promise<void> => {
    if (isWriting) return;
    isWriting = true;
    for (let text = render(); text !== written; text = render()) {
      // It is looked at again with the next beat; what ails the disk is told by those whose work it keeps.
      const isDone = await replaceFile(file, text).then(
        () => true,
        (error) => {
          onTrouble(String(error));
          return false;
        },
      );
      if (!isDone) break;
      written = text;
    }
    isWriting = false;
  };
  const render = (): string => {
    const status: LauncherStatus = { pid: process.pid, startTime, ...who, bus, running };
    return `${JSON.stringify(status)}\n`;
  };
  return {
    note(now) {
      running = now;
      void write();
    },
    trouble(reason) {
      if (bus.kind !== 'disconnected') return;
      bus = { ...bus, trouble: reason };
      void write();
    },
    follow(given) {
      const sinceUnixMs = Date.now();
      if (given.isConnected()) bus = { kind: 'connected', server: '', sinceUnixMs };
      given.onStatus((status) => {
        const at = Date.now();
        bus =
          status.kind === 'connected'
            ? { kind: 'connected', server: status.server, sinceUnixMs: at }
            : { kind: 'disconnected', sinceUnixMs: at, trouble: '' };
        void write();
      });
    },
  };
}

/** Undefined when no launcherd of this host runs here. */
export function readLauncherStatus(home: string, launcherHost: string): LauncherStatus | undefined {
  try {
    const status = JSON.parse(readFileSync(statusFile(home, launcherHost), 'utf8')) as LauncherStatus;
    const stat = readProcStat(status.pid);
    const isAlive = stat !== undefined && stat.startTime === status.startTime && !['Z', 'X'].includes(stat.state);
    return isAlive ? status : undefined;
  } catch {
    return undefined;
  }
}

function statusFile(home: string, launcherHost: string): string {
  return join(home, 'launcher', launcherHost, 'status.json');
}
