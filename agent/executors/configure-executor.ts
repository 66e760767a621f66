import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Operation, OperationOutcome } from '../core/operation.js';
import { Ocf } from '../core/operation.js';
import { baseEnvironment, findUnsafe } from './environment.js';
import { explainObstacle } from './ocf-executor.js';
import type { OperationScripts } from './operation-script.js';
import type { OperationRun, ResourceExecutor } from './resource-executor.js';
import { outcome } from './script-outcome.js';

export interface ConfigureSettings {
  /** Where it is remembered which configuration succeeded. */
  readonly directory: string;
  readonly scripts: OperationScripts;
}

/**
 * Runs an executable once per set of parameters (the original's configure_executable). Parameter `url` names it (an
 * absolute path or a file: URL); all others reach it as OCF_RESKEY_NAME and as NAME.
 *
 * `monitor` is 0 when it succeeded with exactly these parameters, else 7; `start` runs it whatever happened before;
 * `stop` is 0 and undoes nothing.
 */
export function configureExecutor(settings: ConfigureSettings): ResourceExecutor {
  mkdirSync(settings.directory, { recursive: true, mode: 0o700 });
  return {
    async run(run) {
      switch (run.operation.name) {
        case 'start':
          return configure(run, settings);
        case 'monitor': {
          const isDone = readDigest(recordPath(settings, run.operation)) === digest(run.operation);
          return outcome(isDone ? Ocf.success : Ocf.notRunning, 'done');
        }
        case 'stop':
          return outcome(Ocf.success, 'done');
        default:
          return outcome(Ocf.unimplemented, 'done', `class configure has no operation ${run.operation.name}`);
      }
    },
  };
}

async function configure(run: OperationRun, settings: ConfigureSettings): Promise<OperationOutcome> {
  const { operation } = run;
  const { url = '', ...parameters } = operation.definition.parameters;
  const path = executablePath(url);
  if (path === undefined) {
    return outcome(Ocf.notConfigured, 'done', `configure: ${JSON.stringify(url)} is no absolute path or file: URL`);
  }
  const obstacle = explainObstacle(path, operation);
  if (obstacle !== undefined) return obstacle;
  const unsafe = findUnsafe(parameters);
  if (unsafe !== undefined) return outcome(Ocf.wrongArguments, 'done', unsafe);

  const prefixed = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`OCF_RESKEY_${name}`, value]));
  const environment = { ...parameters, ...prefixed, ...baseEnvironment(), OCF_RESOURCE_INSTANCE: operation.resource };
  const toOcf = (code: number): number => (code === 0 ? Ocf.success : Ocf.genericError);
  const done = await settings.scripts.run(run, { path, arguments: [], environment, toOcf, isWatched: false });
  if (done.status !== 'done' || done.rc !== Ocf.success) {
    return { ...done, exitReason: `${path}: ${done.exitReason || 'failed'}` };
  }
  try {
    writeDigest(recordPath(settings, operation), digest(operation));
    return done;
  } catch (error) {
    const reason = `${path} succeeded, but that could not be remembered: ${(error as Error).message}`;
    return outcome(Ocf.genericError, 'error', reason, done.output);
  }
}

function executablePath(url: string): string | undefined {
  if (isAbsolute(url)) return url;
  try {
    return url.startsWith('file:') ? fileURLToPath(url) : undefined;
  } catch {
    return undefined;
  }
}

function recordPath(settings: ConfigureSettings, operation: Operation): string {
  return join(settings.directory, `${encodeURIComponent(operation.resource)}.digest`);
}

function digest({ definition }: Operation): string {
  const entries = Object.entries(definition.parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex');
}

function readDigest(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function writeDigest(path: string, value: string): void {
  writeFileSync(`${path}.new`, `${value}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
