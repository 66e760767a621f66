import type { ContainerNames } from './container.js';

export interface ContainerPlan {
  readonly names: ContainerNames;
  readonly hostname: string;
  /** The image's root directory; nobody writes into it. */
  readonly tree: string;
  /** Where everything goes that the container writes. */
  readonly upper: string;
  readonly bridge: string;
  /** Control groups to run in, as directories, one in each hierarchy that systemd uses. */
  readonly cgroups: readonly string[];
  /** systemd credentials: name to file. Secrets are read from files, they are on no command line. */
  readonly credentials: ReadonlyMap<string, string>;
}

/**
 * What a shell does for a container: it joins the groups, so that not even the first instruction is outside, and starts
 * the container anew when that was rebooted, which systemd-nspawn with --keep-unit leaves to others (exit code 133,
 * EXIT_FORCE_RESTART in nspawn.c). Who stops everything in a group sends SIGTERM to systemd-nspawn too, which halts the
 * container at the first one and kills it at the second: the shell only stays.
 */
const script = [
  'while [ "$1" != -- ]; do echo 0 >"$1/cgroup.procs" || exit 1; shift; done; shift',
  'trap : TERM',
  'while :; do "$@"; code=$?; [ "$code" = 133 ] || exit "$code"; done',
].join('\n');

/** Kept from what systemd-nspawn might read or do by itself (systemd-nspawn(1), ENVIRONMENT). */
export const nspawnEnvironment = {
  // Several containers of one tree.
  SYSTEMD_NSPAWN_LOCK: '0',
  SYSTEMD_LOG_TARGET: 'console',
  SYSTEMD_COLORS: '0',
} as const;

/** The command that is the container, in its control groups, until that ends for good. */
export function nspawnCommand(plan: ContainerPlan): readonly string[] {
  return ['/bin/sh', '-c', script, 'sh', ...plan.cgroups, '--', 'systemd-nspawn', ...nspawnArguments(plan)];
}

/** The groups of a command that was made here; none of another one. */
export function groupsOfCommand([shell, , text, , ...rest]: readonly string[]): readonly string[] {
  return shell === '/bin/sh' && text === script ? rest.slice(0, rest.indexOf('--')) : [];
}

function nspawnArguments({ names, hostname, tree, upper, bridge, credentials }: ContainerPlan): readonly string[] {
  return [
    ...['--quiet', '--boot', '--register=no', '--keep-unit', '--console=read-only'],
    // Neither what an administrator has set up for machines of this name, nor what the launcher host has of its own.
    ...['--settings=no', '--link-journal=no', '--resolv-conf=off', '--timezone=off'],
    ...[`--machine=${names.machine}`, `--uuid=${names.uuid}`, `--hostname=${hostname}`, `--directory=${tree}`],
    // Mounted in the container's own mount namespace only: there is nothing to unmount when it is gone.
    `--overlay=${[tree, upper].map(escapePath).join(':')}:/`,
    `--network-bridge=${bridge}`,
    ...[...credentials].map(([name, file]) => `--load-credential=${name}:${file}`),
  ];
}

/** systemd-nspawn(1), --overlay. */
function escapePath(path: string): string {
  return path.replace(/[\\:]/g, '\\$&');
}
