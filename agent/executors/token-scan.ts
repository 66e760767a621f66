import { listProcesses, readEnvironmentValues } from './process-table.js';
import { runVariable } from './resource-executor.js';

let scan: Promise<ReadonlySet<string>> | undefined;

/**
 * Whether a process, this one left out, was started with the token in its environment. Callers of the same turn of the
 * event loop share one look at all processes, which is taken after their calls: a hundred resources that end at once
 * cost as much as one.
 */
export async function isTokenCarried(token: string): Promise<boolean> {
  scan ??= new Promise((resolve, reject) => {
    setImmediate(() => {
      scan = undefined;
      try {
        resolve(readTokens());
      } catch (error) {
        reject(error);
      }
    });
  });
  return (await scan).has(token);
}

function readTokens(): ReadonlySet<string> {
  const tokens = new Set<string>();
  for (const pid of listProcesses()) {
    if (pid === process.pid) continue;
    for (const token of readEnvironmentValues(pid, runVariable)) tokens.add(token);
  }
  return tokens;
}
