import { hasEnvironment, isAlive, type ProcessIdentity, readProcessTable } from './process-table.js';
import { runVariable } from './resource-executor.js';

/** The first process of a run: the leader of its session that carries the run's token. Undefined when none runs. */
export function findLeader(token: string): ProcessIdentity | undefined {
  const assignment = `${runVariable}=${token}`;
  return readProcessTable().find(
    (entry) => entry.pid === entry.session && isAlive(entry) && hasEnvironment(entry.pid, assignment),
  );
}
