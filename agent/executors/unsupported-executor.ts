import { missing } from './ocf-executor.js';
import type { ResourceExecutor } from './resource-executor.js';

/** Answers for resource classes that this agent cannot run. */
export const unsupportedExecutor: ResourceExecutor = {
  async run({ operation }) {
    const reason = `resource class ${JSON.stringify(operation.definition.class)} is not known`;
    return missing(operation, reason);
  },
};
