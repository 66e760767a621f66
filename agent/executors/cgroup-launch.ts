/** A program and its arguments, as they are given to the kernel. */
export interface Invocation {
  readonly path: string;
  readonly arguments: readonly string[];
}

/**
 * Moves itself, then becomes the program: nothing of it runs outside, not even its first fork. Everything is an
 * argument; the text is always the same. A cgroup that will not have it is no reason not to run it.
 */
const enter = '{ echo 0 >"$1/cgroup.procs"; } 2>/dev/null; shift; exec "$@"';

/**
 * The same program, started inside a cgroup. (Node cannot clone into one, and whoever moves a process after its start
 * comes too late for what it has forked by then.) Half a millisecond of CPU time for it.
 */
export function launchInCgroup({ path, arguments: rest }: Invocation, directory: string): Invocation {
  return { path: '/bin/sh', arguments: ['-c', enter, 'sh', directory, path, ...rest] };
}

/**
 * Whether a shell passes the whole environment on as it is: it drops names that cannot be variables, and gives some a
 * value of its own (POSIX, Shell Command Language, 2.5.3).
 */
export function mayPassShell(environment: Readonly<Record<string, string>>): boolean {
  return Object.keys(environment).every((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !shellsOwn.has(name));
}

const shellsOwn: ReadonlySet<string> = new Set([
  ...['ENV', 'IFS', 'LINENO', 'OLDPWD', 'OPTARG', 'OPTIND', 'PPID', 'PS1', 'PS2', 'PS4', 'PWD', 'SHLVL', '_'],
  ...['BASH_ENV', 'BASHOPTS', 'SHELLOPTS', 'POSIXLY_CORRECT'],
]);

/** What a shell exits with when it cannot execute a program (POSIX, Shell Command Language, 2.8.2). */
export function isNotExecuted(code: number): boolean {
  return code === 126 || code === 127;
}
