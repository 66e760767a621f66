import { Ocf } from '../core/operation.js';
import { parseUnitName } from '../systemd/unit-name.js';
import type { ResourceExecutor } from './resource-executor.js';
import type { SystemdExecutor } from './systemd-executor.js';

export interface LazySystemd {
  /** When it has been loaded. */
  current(): SystemdExecutor | undefined;
  /** Undefined where systemd has not booted the machine; asked when a script has said that something runs. */
  load(): Promise<SystemdExecutor | undefined>;
}

/**
 * Init scripts on a machine that systemd has booted: most hand over to the unit of their name
 * (/lib/lsb/init-functions.d/40-systemd), whose processes are systemd's and not the script's. What runs as such a unit is
 * watched as one.
 */
export function attendedScript(scripts: ResourceExecutor, systemd: LazySystemd): ResourceExecutor {
  return {
    async run(run) {
      const { resource, name, definition } = run.operation;
      if (name === 'stop') systemd.current()?.release(resource);
      const result = await scripts.run(run);
      const unit = parseUnitName(definition.type);
      const isSeenRunning = result.rc === Ocf.success && ['start', 'monitor', 'status'].includes(name);
      if (!isSeenRunning || unit.kind === 'invalid') return result;
      const executor = systemd.current() ?? (await systemd.load());
      await executor?.attend(resource, unit.name);
      return result;
    },
    watch: (resource) => systemd.current()?.watch(resource) ?? scripts.watch?.(resource),
  };
}
