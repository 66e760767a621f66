import { killCgroup } from './cgroup.js';
import { killFamily } from './process-family.js';
import {
  hasEnvironment,
  isAlive,
  isRunning,
  type ProcessIdentity,
  readArguments,
  readProcessTable,
} from './process-table.js';
import { runVariable } from './resource-executor.js';
import type { Script } from './run-script.js';

const pollMs = 50;

/**
 * Waits for a script that an agent before this one had started for the same run, and kills it when its time is up: the
 * run is repeated only when nothing of it is under way any more. A daemon that the script started is left alone.
 */
export async function awaitLeftover(script: Script): Promise<void> {
  const deadline = performance.now() + script.timeoutMs;
  // All processes are looked through once for each that is found: there may be thousands, if that is its doing.
  for (let leftover = find(script); leftover !== undefined; leftover = find(script)) {
    while (isRunning(leftover) && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    if (isRunning(leftover)) {
      if (script.cgroup !== undefined) await killCgroup(script.cgroup);
      await killFamily({ leader: leftover.pid, startTime: leftover.startTime, token: script.token });
      return;
    }
  }
}

function find(script: Script): ProcessIdentity | undefined {
  const assignment = `${runVariable}=${script.token}`;
  return readProcessTable().find(
    (entry) =>
      entry.pid === entry.session &&
      isAlive(entry) &&
      hasEnvironment(entry.pid, assignment) &&
      isInvocation(readArguments(entry.pid), script),
  );
}

/** A script's argv is that of its interpreter, with the script's path and arguments at the end. */
function isInvocation(argv: readonly string[], script: Script): boolean {
  const expected = [script.path, ...script.arguments];
  return argv.slice(-expected.length).join('\0') === expected.join('\0');
}
