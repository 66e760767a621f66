import type { InstanceDeath } from '../driver.js';
import type { Entry } from './instance-entry.js';
import { writeDeath } from './journal.js';

export type DeathListener = (death: InstanceDeath) => Promise<void> | void;

/** Tells of deaths until they are acknowledged (LauncherDriver.onDeath). */
export interface DeathReporter {
  /** Whom to tell from now on; undefined: nobody. */
  tell(listener: DeathListener | undefined): void;
  /**
   * Saves the death of an entry, tells the listener and saves that it was told. What fails is done again with the next
   * call; nothing happens for one that lives, or whose death is acknowledged or being told.
   */
  report(entry: Entry<unknown>): void;
  /** Resolves when nothing is being told. */
  idle(): Promise<void>;
}

export function createDeathReporter(): DeathReporter {
  let listener: DeathListener | undefined;
  const underWay = new Map<string, Promise<void>>();

  const reportNow = async (entry: Entry<unknown>): Promise<void> => {
    const { phase, record, directory } = entry;
    if (phase.kind !== 'dead') return;
    const { at, evidence } = phase.death;
    const told = listener;
    // A death that cannot be saved is proven again after a restart, only its time is lost: tell of it all the same.
    const saving = entry.isDeathSaved ? Promise.resolve() : writeDeath(directory, phase.death).catch(() => {});
    entry.isDeathSaved = true;
    try {
      await told?.({ instance: record.instance, evidence, at });
    } finally {
      await saving;
    }
    if (told === undefined) {
      // Who has come to listen meanwhile was not told.
      if (listener !== undefined) await reportNow(entry);
      return;
    }
    const death = { at, evidence, isAcknowledged: true };
    await writeDeath(directory, death);
    entry.phase = { kind: 'dead', death };
  };

  return {
    tell: (to) => {
      listener = to;
    },
    report: (entry) => {
      const { phase, record } = entry;
      if (phase.kind !== 'dead' || phase.death.isAcknowledged || underWay.has(record.instance)) return;
      const reporting = reportNow(entry)
        .catch(() => {})
        .finally(() => underWay.delete(record.instance));
      underWay.set(record.instance, reporting);
    },
    idle: async () => {
      await Promise.all(underWay.values());
    },
  };
}
