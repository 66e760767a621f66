/** The systemd of the machine that a test runs in. */
import assert from 'node:assert/strict';
import { until } from '../../agent/executors/executor-fixture.js';
import { connectSystemd } from '../../agent/systemd/connect-systemd.js';
import type { SystemdManager, SystemdReply, UnitState } from '../../agent/systemd/systemd-manager.js';

export interface RealSystemd {
  readonly systemd: SystemdManager;
  stateOf(name: string): Promise<UnitState>;
  /** Resolves when the unit has the state, or gets it. */
  becomes(name: string, activeState: string): Promise<void>;
  close(): void;
}

export function realSystemd(): RealSystemd {
  const systemd = connectSystemd();
  const stateOf = async (name: string): Promise<UnitState> => done(await systemd.unit(name));
  return {
    systemd,
    stateOf,
    async becomes(name, activeState) {
      let isThere = false;
      const remove = systemd.onUnitChange(name, (state) => {
        isThere ||= state.activeState === activeState;
      });
      if ((await stateOf(name)).activeState === activeState) isThere = true;
      await until(`${name} ${activeState}`, () => isThere);
      remove();
    },
    close: () => systemd.close(),
  };
}

/** What systemd has answered; a refusal fails the test. */
export function done<T>(reply: SystemdReply<T>): T {
  if (reply.kind !== 'done') assert.fail(`${reply.kind}: ${reply.message}`);
  return reply.value;
}
