import type { MessageBus } from '../dbus/message-bus.js';
import { manager, propertiesInterface, type SystemdCalls, systemdName } from './systemd-calls.js';
import type { UnitState } from './systemd-manager.js';
import { unitPath } from './unit-name.js';
import { asRecord, readUnit, unitInterface, withProperties } from './unit-properties.js';

type Listener = (state: UnitState) => void;

/** Follows the states of units. */
export interface UnitChanges {
  follow(name: string, listener: Listener): () => void;
  /** The state of a unit that is followed, as far as it has been told; undefined where it has to be read. */
  known(name: string): UnitState | undefined;
  /** systemd or the bus was away, or unit files were read anew: signals may have been lost. */
  lookAgain(): void;
  close(): void;
}

interface Followed {
  readonly name: string;
  readonly listeners: Set<Listener>;
  /** Paths of its objects: signals come from that of its own name, which an alias is not. */
  readonly removals: Map<string, () => void>;
  state: UnitState | undefined;
  /** The state that the listeners know. */
  told: UnitState | undefined;
  /** It is being read; what comes meanwhile makes it be read again, and a change makes what is being read worthless. */
  reading: 'no' | 'yes' | 'again' | 'changed';
  /** It changed since the following began: what is read next is news, also when it is the first that is read. */
  hasNews: boolean;
}

/**
 * PropertiesChanged of units, turned into states. A signal brings the new values with it, so a listener hears of a change
 * without another question to systemd; only the first state, and those after an interruption, are read.
 */
export function unitChanges(bus: MessageBus, calls: SystemdCalls): UnitChanges {
  const units = new Map<string, Followed>();

  function update(unit: Followed, state: UnitState): void {
    const before = unit.told;
    const isNews = before === undefined ? unit.hasNews : !isSame(before, state);
    unit.state = state;
    unit.told = state;
    if (!isNews) return;
    for (const listener of [...unit.listeners]) if (unit.listeners.has(listener)) listener(state);
  }

  async function read(unit: Followed): Promise<void> {
    if (unit.reading !== 'no') {
      if (unit.reading === 'yes') unit.reading = 'again';
      return;
    }
    do {
      unit.reading = 'yes';
      const reply = await readUnit(calls, unit.name);
      if (units.get(unit.name) !== unit) return;
      if (reply.kind !== 'done') continue;
      listen(unit, unitPath(reply.value.name));
      // Read in two parts, of which one may be from before the change.
      if (!isChanged(unit)) update(unit, reply.value);
    } while (isAgain(unit));
    unit.reading = 'no';
  }

  function listen(unit: Followed, path: string): void {
    if (unit.removals.has(path)) return;
    const match = { service: systemdName, path, interface: propertiesInterface, member: 'PropertiesChanged' };
    unit.removals.set(
      path,
      bus.onSignal(match, ({ values: [of, properties] }) => {
        // systemd tells of the service first and of the unit then; states are delivered when both are known.
        const isOfUnit = of === unitInterface;
        if (unit.reading !== 'no') {
          if (isOfUnit) unit.reading = 'changed';
          unit.hasNews ||= isOfUnit;
          return;
        }
        if (unit.state === undefined) {
          unit.hasNews ||= isOfUnit;
          if (isOfUnit) void read(unit);
          return;
        }
        const next = withProperties(unit.state, asRecord(properties));
        if (isOfUnit) update(unit, next);
        else unit.state = next;
      }),
    );
  }

  function forget(unit: Followed): void {
    units.delete(unit.name);
    for (const remove of unit.removals.values()) remove();
    unit.removals.clear();
  }

  return {
    follow(name, listener) {
      let unit = units.get(name);
      if (unit === undefined) {
        unit = {
          name,
          listeners: new Set(),
          removals: new Map(),
          state: undefined,
          told: undefined,
          reading: 'no',
          hasNews: false,
        };
        units.set(name, unit);
        // Signals are sent while at least one client has asked for them.
        void calls.call(manager, { member: 'Subscribe' });
        listen(unit, unitPath(name));
        void read(unit);
      }
      const followed = unit;
      const own: Listener = (state) => listener(state);
      followed.listeners.add(own);
      return () => {
        followed.listeners.delete(own);
        if (followed.listeners.size === 0 && units.get(name) === followed) forget(followed);
      };
    },
    known(name) {
      const unit = units.get(name);
      return unit?.reading === 'no' ? unit.state : undefined;
    },
    lookAgain() {
      for (const unit of units.values()) void read(unit);
    },
    close() {
      for (const unit of [...units.values()]) forget(unit);
    },
  };
}

function isChanged(unit: Followed): boolean {
  return unit.reading === 'changed';
}

function isAgain(unit: Followed): boolean {
  return unit.reading === 'again' || isChanged(unit);
}

/** A main process that is another one tells of a restart that was too quick to be seen in the states. */
function isSame(left: UnitState, right: UnitState): boolean {
  return (
    left.activeState === right.activeState &&
    left.subState === right.subState &&
    left.mainPid === right.mainPid &&
    left.loadState === right.loadState &&
    left.hasJob === right.hasJob
  );
}
