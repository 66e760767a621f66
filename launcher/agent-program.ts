import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The agent of this package: the bundle that is shipped, where it was built (tools/setup/bundle-agent.ts), otherwise
 * the compiled sources, as in an output directory of a compiler alone.
 */
export function agentProgram(): string {
  const directory = join(import.meta.dirname, '..', 'agent');
  const bundle = join(directory, 'cpe-agent.mjs');
  return existsSync(bundle) ? bundle : join(directory, 'main.js');
}
