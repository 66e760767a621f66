/** Names that changed between versions of Pacemaker: each installed library is spoken to in its own. */
import type { Role } from '../model/deployable.js';
import type { SchedulerDialect } from '../state/cib-input.js';

/** Roles in constraints, operations and target-role. The older words left with Pacemaker 3 (schema 4.0). */
export function roleName(role: Role, { schema }: SchedulerDialect): string {
  const [major, minor] = numbers(schema);
  const isOld = major < 3 || (major === 3 && minor < 7);
  switch (role) {
    case 'started':
      return 'Started';
    case 'stopped':
      return 'Stopped';
    case 'promoted':
      return isOld ? 'Master' : 'Promoted';
    case 'unpromoted':
      return isOld ? 'Slave' : 'Unpromoted';
  }
}

/** `stonith-enabled` became `fencing-enabled` with Pacemaker 3.0.2 (lib/common/options.c cluster_options). */
export function fencingOption({ featureSet }: SchedulerDialect): 'stonith-enabled' | 'fencing-enabled' {
  const [major, minor, patch] = numbers(featureSet);
  const isNew = major > 3 || (major === 3 && (minor > 20 || (minor === 20 && patch >= 5)));
  return isNew ? 'fencing-enabled' : 'stonith-enabled';
}

/** The numbers of a version, `3.16.1` or `pacemaker-3.9`; absent ones are 0. */
function numbers(version: string): readonly [number, number, number] {
  const [major = 0, minor = 0, patch = 0] = (/\d+(\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number);
  return [major, minor, patch];
}
