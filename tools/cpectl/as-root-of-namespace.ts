import { spawn, spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { type CommandOutcome, done, type ExitCode, exitCodes, failure } from './exit-code.js';
import type { GlobalOptions } from './global-options.js';
import type { Terminal } from './terminal.js';

/** unshare(1), util-linux 2.38: this user as root, and all its subordinate ids (subuid(5)) as the other users. */
const namespace = ['--user', '--map-auto', '--map-root-user'] as const;

/**
 * Does `work` with the rights that files of many owners need: at once for root; for everybody else by running this very
 * call of cpectl once more, as root of a user namespace of its own.
 */
export async function asRootOfNamespace(
  terminal: Terminal,
  { home, images }: Pick<GlobalOptions, 'home'> & { readonly images: string },
  work: () => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  if (process.getuid?.() === 0) return work();
  const refusal = whyNot();
  if (refusal !== undefined) return refusal;
  // Whatever is typed at the keyboard reaches both; the one inside cleans up.
  const stopIgnoring = terminal.onInterrupt(() => {});
  const again = ['--', process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  // Root has other defaults.
  const env = { ...process.env, CPE_HOME: home, CPE_IMAGES: images };
  const child = spawn('unshare', [...namespace, ...again], { stdio: 'inherit', env });
  const code = await new Promise<number>((resolve) => {
    child.once('error', () => resolve(exitCodes.failed));
    child.once('close', (status) => resolve(status ?? exitCodes.interrupted));
  });
  stopIgnoring();
  // It has printed why already.
  return code === 0 ? done : { kind: 'failure', exit: code as Exclude<ExitCode, 0>, message: '', next: '' };
}

function whyNot(): CommandOutcome | undefined {
  const tried = spawnSync('unshare', [...namespace, 'true'], { encoding: 'utf8' });
  if (tried.status === 0) return undefined;
  const said = (tried.error?.message ?? tried.stderr).trim();
  const { username } = userInfo();
  const refuse = (next: string) =>
    failure(
      exitCodes.failed,
      `images are made by root, or in a user namespace, which cannot be had here: ${said}`,
      next,
    );
  if (/failed to execute new[ug]idmap/.test(said)) {
    return refuse('install uidmap (apt-get install uidmap), or run it as root');
  }
  if (/no line matching/.test(said)) {
    return refuse(`give ${username} ids: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${username}`);
  }
  return refuse('run it as root');
}
