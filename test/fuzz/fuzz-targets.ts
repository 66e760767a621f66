import type { FuzzTarget } from './fuzz-target.js';
import { agentTargets } from './targets/agent-targets.js';
import { busTargets } from './targets/bus-targets.js';
import { documentTargets } from './targets/document-targets.js';
import { launcherTargets } from './targets/launcher-targets.js';

/** Everything that takes bytes from outside. */
export function fuzzTargets(): FuzzTarget[] {
  all ??= [...busTargets(), ...documentTargets(), ...agentTargets(), ...launcherTargets()];
  return all;
}

let all: FuzzTarget[] | undefined;
