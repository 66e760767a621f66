import type { SystemdManager, UnitState } from '../systemd/systemd-manager.js';
import type { ResourceListener, Watch } from './resource-executor.js';
import { isRunning } from './settled-unit.js';
import type { UnitRecords } from './unit-record.js';

/** The units of the resources that are expected to run. */
export interface UnitWatches {
  /** Watches a resource's unit; what it tells counts from `expect` on. A watch of the same unit goes on as it is. */
  begin(resource: string, unit: string): UnitWatch;
  end(resource: string): void;
  of(resource: string): Watch | undefined;
  close(): void;
}

export interface UnitWatch {
  /** The unit was seen running, in that state: what leaves it by itself is told. */
  expect(state: UnitState): void;
  end(): void;
}

interface Watched {
  readonly unit: string;
  /** State in which the resource was last seen running; undefined while that is not expected of it. */
  expected: UnitState | undefined;
  /** Changes since `begin`, of which `expect` may not know. */
  last: UnitState | undefined;
  readonly unfollow: () => void;
}

/**
 * Tells the listener when a unit that is expected to run leaves `active`, or is active with another main process: systemd
 * has restarted it, or somebody else has. Told once, until it is seen running again.
 */
export function unitWatches(
  systemd: SystemdManager,
  { onChange, records }: { readonly onChange: ResourceListener; readonly records: UnitRecords },
): UnitWatches {
  const watched = new Map<string, Watched>();

  function end(resource: string): void {
    unfollow(resource);
    records.remove(resource);
  }

  function unfollow(resource: string): void {
    watched.get(resource)?.unfollow();
    watched.delete(resource);
  }

  function judge(resource: string, own: Watched, state: UnitState): void {
    if (own.expected === undefined || isAsExpected(own.expected, state)) return;
    own.expected = undefined;
    onChange(resource);
  }

  return {
    begin(resource, unit) {
      let own = watched.get(resource);
      if (own === undefined || own.unit !== unit) {
        unfollow(resource);
        const created: Watched = {
          unit,
          expected: undefined,
          last: undefined,
          unfollow: systemd.onUnitChange(unit, (state) => {
            created.last = state;
            judge(resource, created, state);
          }),
        };
        watched.set(resource, created);
        own = created;
      }
      const current = own;
      current.last = undefined;
      return {
        expect(state) {
          current.expected = state;
          records.write({ resource, unit });
          // What was told after the state had been read is news.
          if (current.last !== undefined) judge(resource, current, current.last);
        },
        end() {
          if (watched.get(resource) === current) end(resource);
        },
      };
    },
    end,
    of(resource) {
      const own = watched.get(resource);
      return own?.expected === undefined ? undefined : { kind: 'unit', unit: own.unit };
    },
    close() {
      for (const resource of [...watched.keys()]) unfollow(resource);
    },
  };
}

/** A unit without a main process (a mount, a oneshot) is only judged by its state. */
function isAsExpected(expected: UnitState, state: UnitState): boolean {
  if (!isRunning(state)) return false;
  return expected.mainPid === 0 || state.mainPid === 0 || state.mainPid === expected.mainPid;
}
