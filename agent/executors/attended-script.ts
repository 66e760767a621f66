import { Ocf } from '../core/operation.js';
import { parseUnitName } from '../systemd/unit-name.js';
import type { ResourceExecutor } from './resource-executor.js';
import type { SystemdExecutor } from './systemd-executor.js';

/**
 * Init scripts on a machine that systemd has booted: most hand over to the unit of their name
 * (/lib/lsb/init-functions.d/40-systemd), whose processes are systemd's and not the script's. What runs as such a unit is
 * watched as one.
 *
 * @param systemd undefined where systemd has not booted the machine; asked when a script has said that something runs.
 */
export function attendedScript(
  scripts: ResourceExecutor,
  systemd: () => Promise<SystemdExecutor | undefined>,
): ResourceExecutor {
  let executor: SystemdExecutor | undefined;
  return {
    async run(run) {
      const { resource, name, definition } = run.operation;
      if (name === 'stop') executor?.release(resource);
      const result = await scripts.run(run);
      const unit = parseUnitName(definition.type);
      const isSeenRunning = result.rc === Ocf.success && ['start', 'monitor', 'status'].includes(name);
      if (!isSeenRunning || unit.kind === 'invalid') return result;
      executor ??= await systemd();
      await executor?.attend(resource, unit.name);
      return result;
    },
    watch: (resource) => executor?.watch(resource) ?? scripts.watch?.(resource),
  };
}
