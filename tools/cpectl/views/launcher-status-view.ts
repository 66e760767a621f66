import type { LauncherHome } from '../../../coordinator/cpe/launcher-home.js';
import type { LauncherStatus } from '../../../launcher/launcher-status.js';
import type { Colors } from '../terminal.js';
import { printable } from './printable.js';
import { isoTime, renderElapsed } from './times.js';

export interface LauncherFacts {
  readonly home: string;
  readonly launcher: LauncherHome;
  readonly supervisorPid: number | undefined;
  /** Undefined: it does not run. */
  readonly status: LauncherStatus | undefined;
}

/** `launcher status --json`. */
export function launcherStatusJson({ home, launcher, supervisorPid, status }: LauncherFacts): Record<string, unknown> {
  const { launcherHost, driver, busServers, credentialsFile } = launcher;
  const bus = status?.bus;
  return {
    ...{ home, launcherHost, driver, busServers, credentialsFile },
    supervisorPid: supervisorPid ?? null,
    launcherdPid: status?.pid ?? null,
    connectedTo: bus?.kind === 'connected' ? bus.server : null,
    since: isoTime(bus?.sinceUnixMs ?? 0),
    trouble: bus?.kind === 'disconnected' ? bus.trouble : '',
    running: status?.running ?? [],
  };
}

export function renderLauncherStatus(
  { home, launcher, supervisorPid, status }: LauncherFacts,
  now: number,
  colors: Colors,
): string {
  const facts = [
    ['launcher host', launcher.launcherHost],
    ['driver', launcher.driver],
    ['home', home],
    ['supervisor', supervisorPid === undefined ? colors.red('not running') : `pid ${supervisorPid}`],
    ['launcherd', status === undefined ? colors.red('not running') : `pid ${status.pid}`],
    ['bus', renderBus(launcher, status, { now, colors })],
  ] as const;
  const head = facts.map(([title, value]) => `${colors.dim(title.padEnd(15))}${value}\n`).join('');
  const running = (status?.running ?? []).map((instance) => `  ${printable(instance)}\n`).join('');
  return `${head}${colors.dim('instances'.padEnd(15))}${status?.running.length ?? 'unknown'}\n${running}`;
}

function renderBus(
  { busServers }: LauncherHome,
  status: LauncherStatus | undefined,
  { now, colors }: { readonly now: number; readonly colors: Colors },
): string {
  if (status === undefined) return busServers.join(', ');
  const { bus } = status;
  const since = renderElapsed(now - bus.sinceUnixMs);
  if (bus.kind === 'connected') return `${colors.green('connected')} to ${printable(bus.server)} for ${since}`;
  const why = bus.trouble === '' ? '' : `: ${printable(bus.trouble)}`;
  return `${colors.red('disconnected')} from ${busServers.join(', ')} for ${since}${why}`;
}
