import { isBootedBySystemd } from '../systemd/is-booted.js';
import type { SystemdManager } from '../systemd/systemd-manager.js';
import { attendedScript } from './attended-script.js';
import type { RecordJournal } from './exec-record.js';
import { lazily } from './lazy-executor.js';
import type { ResourceExecutor, ResourceListener } from './resource-executor.js';
import type { SystemdExecutor } from './systemd-executor.js';
import { unitRecords } from './unit-record.js';

export interface UnitSettings {
  /** Usually /etc/init.d. */
  readonly initScripts: string;
  readonly journal: RecordJournal;
  readonly onChange: ResourceListener;
  /** Asked at the first use of a unit; default a connection of its own to the system bus. */
  readonly systemd?: (() => Promise<SystemdManager>) | undefined;
  readonly lsbExecutor: ResourceExecutor;
}

export interface UnitExecutors {
  /** `lsbExecutor`, with its resources watched where they are units. */
  readonly lsb: ResourceExecutor;
  readonly systemd: ResourceExecutor;
  readonly service: ResourceExecutor;
  /** Goes on watching the units that an earlier agent watched; loads nothing where there were none. */
  takeOver(): void;
  close(): void;
}

interface Loaded {
  readonly manager: SystemdManager;
  readonly executor: SystemdExecutor;
  close(): void;
}

/** The classes that need systemd. Nothing of it is loaded or connected before a resource asks for it. */
export function unitExecutors(settings: UnitSettings): UnitExecutors {
  const { initScripts } = settings;
  let loading: Promise<Loaded> | undefined;
  let current: Loaded | undefined;
  const loaded = async (): Promise<Loaded> => {
    loading ??= load(settings).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    current = await loading;
    return current;
  };
  const lsb = attendedScript(settings.lsbExecutor, {
    current: () => current?.executor,
    load: async () => (isBootedBySystemd() ? (await loaded()).executor : undefined),
  });
  const systemd: ResourceExecutor = {
    ...lazily(async () => (await loaded()).executor),
    watch: (resource) => current?.executor.watch(resource),
  };
  const service = lazily(async () => {
    const { serviceExecutor } = await import('./service-executor.js');
    const { manager, executor } = await loaded();
    return serviceExecutor({ initScripts, systemd: manager, lsbExecutor: lsb, systemdExecutor: executor });
  });
  return {
    lsb,
    systemd,
    service,
    takeOver() {
      if (unitRecords(settings.journal).readAll().length === 0 || !isBootedBySystemd()) return;
      // Without it monitors find out at their interval; the next operation on a unit tries again.
      loaded().then(
        ({ executor }) => executor.takeOver(),
        () => undefined,
      );
    },
    close() {
      loading?.then(
        ({ close }) => close(),
        () => undefined,
      );
    },
  };
}

async function load({ systemd, journal, onChange }: UnitSettings): Promise<Loaded> {
  const { systemdExecutor } = await import('./systemd-executor.js');
  if (systemd !== undefined) {
    const manager = await systemd();
    const executor = systemdExecutor({ systemd: manager, journal, onChange });
    return { manager, executor, close: () => executor.close() };
  }
  const { connectSystemd } = await import('../systemd/connect-systemd.js');
  const manager = connectSystemd();
  const executor = systemdExecutor({ systemd: manager, journal, onChange });
  return {
    manager,
    executor,
    close() {
      executor.close();
      manager.close();
    },
  };
}
