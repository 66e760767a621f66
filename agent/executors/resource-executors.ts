import { join } from 'node:path';
import type { OperationOutcome } from '../core/operation.js';
import { Ocf } from '../core/operation.js';
import { isBootedBySystemd } from '../systemd/is-booted.js';
import type { SystemdManager } from '../systemd/systemd-manager.js';
import { openCgroupTree } from './cgroup-tree.js';
import { ExecExecutor } from './exec-executor.js';
import type { RecordJournal } from './exec-record.js';
import { lazily } from './lazy-executor.js';
import { nodeStarter } from './node-starter.js';
import type { OperationScripts } from './operation-script.js';
import type { OperationRun, ResourceExecutor, ResourceListener, Watch } from './resource-executor.js';
import { ResourceWatches } from './resource-watch.js';
import { outcome } from './script-outcome.js';
import { SpawnerStarter } from './spawner-starter.js';
import { unitExecutors } from './unit-executors.js';

export interface ExecutorSettings {
  readonly instance: string;
  /** The executors keep their own state in directories below it. */
  readonly stateDirectory: string;
  /** Where they record what the next agent has to find. */
  readonly journal: RecordJournal;
  /** Default /usr/lib/ocf. */
  readonly ocfRoot: string;
  /** Default /etc/init.d. */
  readonly initScripts: string;
  readonly onChange: ResourceListener;
  /** Told what goes otherwise than it should, and is made up for. */
  readonly onTrouble?: (message: string, reason: string) => void;
  /** Asked at the first use of a unit; default a connection of its own to the system bus. */
  readonly systemd?: () => Promise<SystemdManager>;
}

/** The resource classes that this agent can run on this machine: units only where systemd has booted it. */
export function usableClasses(isBooted = isBootedBySystemd()): readonly string[] {
  return resourceClasses.filter((name) => name !== 'systemd' || isBooted);
}

const resourceClasses = ['ocf', 'systemd', 'lsb', 'service', 'exec', 'configure'] as const;

/** What an executor has beyond its operation's timeout before it is taken for stuck. */
const patienceMs = 30_000;

export interface ResourceExecutors extends ResourceExecutor {
  /** Finds what an earlier agent has started. */
  takeOver(): Promise<void>;
  watch(resource: string): Watch | undefined;
  /** Lets go of everything; what runs goes on. */
  close(): void;
}

/** The executors of all classes behind the one port. Those of scripts are loaded when they are used first. */
export function resourceExecutors(settings: ExecutorSettings): ResourceExecutors {
  const { instance, stateDirectory, journal, ocfRoot, initScripts, onChange, onTrouble } = settings;
  const cgroups = openCgroupTree({ instance, stateDirectory });
  const watches = new ResourceWatches({ cgroups, onChange });
  let loadedScripts: Promise<OperationScripts> | undefined;
  const scripts = (): Promise<OperationScripts> => {
    loadedScripts ??= import('./operation-script.js').then(({ operationScripts }) =>
      operationScripts({ instance, cgroups, watches }),
    );
    return loadedScripts;
  };
  const starter = new SpawnerStarter({
    directory: join(stateDirectory, 'spawner'),
    otherwise: nodeStarter,
    onTrouble: (reason) =>
      onTrouble?.('the spawner is gone or cannot be used; commands are started all the same', reason),
  });
  const directory = join(stateDirectory, 'exec');
  const exec = new ExecExecutor({ directory, journal, instance, cgroups, starter, onChange });
  const lsb = lazily(async () => {
    const { lsbExecutor } = await import('./lsb-executor.js');
    return lsbExecutor({ directory: initScripts, scripts: await scripts() });
  });
  const units = unitExecutors({ initScripts, journal, onChange, systemd: settings.systemd, lsbExecutor: lsb });
  const byClass: Readonly<Record<string, ResourceExecutor>> = {
    exec,
    lsb: units.lsb,
    systemd: units.systemd,
    service: units.service,
    ocf: lazily(async () => {
      const { ocfExecutor } = await import('./ocf-executor.js');
      return ocfExecutor({ root: ocfRoot, directory: join(stateDirectory, 'ocf'), scripts: await scripts() });
    }),
    configure: lazily(async () => {
      const { configureExecutor } = await import('./configure-executor.js');
      return configureExecutor({ directory: join(stateDirectory, 'configure'), scripts: await scripts() });
    }),
  };
  const unsupported = lazily(async () => (await import('./unsupported-executor.js')).unsupportedExecutor);
  return {
    run: (run) =>
      guarded(Object.hasOwn(byClass, classOf(run)) ? (byClass[classOf(run)] ?? unsupported) : unsupported, run),
    watch(resource) {
      for (const executor of Object.values(byClass)) {
        const watch = executor.watch?.(resource);
        if (watch !== undefined) return watch;
      }
      return watches.watch(resource);
    },
    async takeOver() {
      await exec.takeOver();
      watches.takeOver();
      units.takeOver();
    },
    close() {
      exec.close();
      starter.close();
      watches.close();
      cgroups.close();
      units.close();
    },
  };
}

function classOf({ operation }: OperationRun): string {
  return operation.definition.class;
}

/** Whatever an executor does, its resource is not blocked for ever. */
async function guarded(executor: ResourceExecutor, run: OperationRun): Promise<OperationOutcome> {
  const limitMs = run.operation.timeoutMs * (run.isInterrupted ? 2 : 1) + patienceMs;
  let timer: NodeJS.Timeout | undefined;
  const stuck = new Promise<OperationOutcome>((resolve) => {
    const reason = `${run.operation.name} did not come to an end within ${limitMs / 1000} s`;
    timer = setTimeout(() => resolve(outcome(Ocf.genericError, 'timeout', reason)), Math.min(limitMs, 2 ** 31 - 1));
    timer.unref();
  });
  try {
    return await Promise.race([executor.run(run), stuck]);
  } catch (error) {
    return outcome(Ocf.genericError, 'error', error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
  }
}
