import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * What the agent weighs the kernel has to copy page by page whenever it starts something: 45 us a MB, so with a hundred
 * programs to start 5 ms. So the space for young objects is small, and V8 has no threads of its own: those that compile
 * and collect garbage each keep memory, and take the second core of a small machine from what is being started.
 */
export const agentNodeFlags = ['--max-semi-space-size=1', '--single-threaded'] as const;

/** argv of the agent of this package, without its own arguments: the same Node, and `agentProgram`. */
export function agentCommand(): readonly [string, ...string[]] {
  return [process.execPath, ...agentNodeFlags, agentProgram()];
}

/**
 * The agent of this package: what is shipped and started, where it was built (tools/setup/bundle-agent.ts), otherwise the
 * compiled sources, as in an output directory of a compiler alone.
 */
export function agentProgram(): string {
  const directory = join(import.meta.dirname, '..', 'agent');
  const bundle = join(directory, 'cpe-agent.mjs');
  return existsSync(bundle) ? bundle : join(directory, 'main.js');
}

/** Everything that a built agent consists of, for whoever puts it elsewhere: all of it goes into one directory. */
export function builtAgent(): readonly { readonly name: string; readonly path: string; readonly mode: number }[] {
  const program = agentProgram();
  if (!program.endsWith('.mjs')) throw new Error('the agent was not built: run make build');
  return [
    { name: 'cpe-agent.mjs', path: program, mode: 0o755 },
    { name: 'cpe-agent.body.cjs', path: join(dirname(program), 'cpe-agent.body.cjs'), mode: 0o644 },
  ];
}
