import type { ResourceExecutor } from './resource-executor.js';

/** An executor that is loaded when it is used first, and again where that failed. Until then it sees nothing. */
export function lazily(load: () => Promise<ResourceExecutor>): ResourceExecutor {
  let loading: Promise<ResourceExecutor> | undefined;
  let executor: ResourceExecutor | undefined;
  return {
    async run(run) {
      loading ??= load().catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      executor = await loading;
      return executor.run(run);
    },
    watch: (resource) => executor?.watch?.(resource),
  };
}
