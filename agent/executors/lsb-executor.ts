import { join } from 'node:path';
import { Ocf } from '../core/operation.js';
import { initScriptEnvironment } from './init-script-environment.js';
import { explainObstacle, isAgentName, missing } from './ocf-executor.js';
import type { OperationScripts } from './operation-script.js';
import type { ResourceExecutor } from './resource-executor.js';
import { outcome } from './script-outcome.js';

export interface LsbSettings {
  /** Usually /etc/init.d. */
  readonly directory: string;
  readonly scripts: OperationScripts;
}

const operations = ['start', 'stop', 'restart', 'reload', 'force-reload', 'status'];

/** Runs init scripts (LSB Core 5.0, "Init Script Actions"); a monitor is their `status`. */
export function lsbExecutor(settings: LsbSettings): ResourceExecutor {
  return {
    async run(run) {
      const { definition, name } = run.operation;
      if (!isAgentName(definition.type)) {
        return missing(run.operation, `no init script can be named ${JSON.stringify(definition.type)}`);
      }
      const action = name === 'monitor' ? 'status' : name;
      if (!operations.includes(action)) {
        return outcome(Ocf.unimplemented, 'done', `init scripts have no operation ${JSON.stringify(name)}`);
      }
      const path = join(settings.directory, definition.type);
      const obstacle = explainObstacle(path, run.operation);
      if (obstacle !== undefined) return obstacle;
      const invocation = (asked: string) => ({
        path,
        arguments: [asked],
        environment: initScriptEnvironment(),
        toOcf: asked === 'status' ? statusToOcf : errorToOcf,
      });
      return settings.scripts.run(run, { ...invocation(action), monitor: () => invocation('status'), isWatched: true });
    },
  };
}

/** LSB status: 1 and 2 are dead with something left behind, 3 is stopped, 4 is unknown (Pacemaker: services__lsb2ocf). */
export function statusToOcf(code: number): number {
  if (code === 0) return Ocf.success;
  return code >= 1 && code <= 3 ? Ocf.notRunning : Ocf.genericError;
}

/** Up to 7 the exit codes of LSB's other actions mean the same as OCF's. */
export function errorToOcf(code: number): number {
  return code <= 7 ? code : Ocf.genericError;
}
