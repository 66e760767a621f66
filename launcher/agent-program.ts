import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A small heap for young objects. It keeps the agent small when much happens at once; and what it weighs the kernel has to
 * copy page by page whenever it starts something: 45 us a MB, with a hundred programs to start 27 ms in all.
 */
export const agentNodeFlags = ['--max-semi-space-size=2'] as const;

/** argv of the agent of this package, without its own arguments: the same Node, and `agentProgram`. */
export function agentCommand(): readonly [string, ...string[]] {
  return [process.execPath, ...agentNodeFlags, agentProgram()];
}

/**
 * The agent of this package: the bundle that is shipped, where it was built (tools/setup/bundle-agent.ts), otherwise
 * the compiled sources, as in an output directory of a compiler alone.
 */
export function agentProgram(): string {
  const directory = join(import.meta.dirname, '..', 'agent');
  const bundle = join(directory, 'cpe-agent.mjs');
  return existsSync(bundle) ? bundle : join(directory, 'main.js');
}
