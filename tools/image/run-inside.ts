import { join } from 'node:path';
import { packageRoot } from '../../launcher/package-root.js';
import { runTool, type ToolOptions } from './run-tool.js';

/** A root directory to change. */
export interface Inside {
  readonly tree: string;
  readonly signal: AbortSignal;
}

type InsideOptions = Omit<ToolOptions, 'signal'>;

/**
 * Runs a program with the tree as its root directory, in namespaces that end with it. Everything that writes below a
 * path of the tree does it this way: a symbolic link in there (`/var/run`) means something in the tree, not outside.
 */
export function runInside(
  { tree, signal }: Inside,
  words: readonly [string, ...string[]],
  { environment, ...options }: InsideOptions,
): Promise<string> {
  const script = join(packageRoot(), 'tools', 'image', 'inside.sh');
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child'];
  return runTool(['unshare', ...namespaces, script, tree, ...words], {
    ...options,
    signal,
    // systemctl and the like: there is no manager to talk to.
    environment: { SYSTEMD_OFFLINE: '1', DEBIAN_FRONTEND: 'noninteractive', HOME: '/root', ...environment },
  });
}

export interface WrittenFile {
  readonly path: string;
  readonly content: string | Buffer;
  /** Permission bits. */
  readonly mode: number;
  /** `user` or `user:group`, as known inside. */
  readonly owner: string;
}

/** Writes a file of the tree, with the directories above it. */
export async function writeInside(inside: Inside, { path, content, mode, owner }: WrittenFile): Promise<void> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own form
  const script = 'mkdir -p -- "${1%/*}/" && cat >"$1" && chown -- "$2" "$1" && chmod -- "$3" "$1"';
  await runInside(inside, ['/bin/sh', '-ec', script, 'sh', path, owner, mode.toString(8)], {
    input: content,
    purpose: `could not write ${path}`,
  });
}
