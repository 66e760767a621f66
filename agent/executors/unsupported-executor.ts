import { missing } from './ocf-executor.js';
import type { ResourceExecutor } from './resource-executor.js';

/** Answers for resource classes that this agent cannot run. */
export const unsupportedExecutor: ResourceExecutor = {
  async run({ operation }) {
    const { class: resourceClass } = operation.definition;
    const isSystemd = resourceClass === 'systemd' || resourceClass === 'service';
    const reason = isSystemd
      ? `class ${resourceClass} cannot be run: this agent does not speak to systemd`
      : `resource class ${JSON.stringify(resourceClass)} is not known`;
    return missing(operation, reason);
  },
};
