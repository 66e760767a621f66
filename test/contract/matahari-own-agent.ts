import { join } from 'node:path';
import { systemClock } from '../../agent/clock.js';
import { resourceExecutors } from '../../agent/executors/resource-executors.js';
import { Journal } from '../../agent/journal.js';
import type { Matahari } from '../../agent/matahari/matahari.js';
import { ownMatahari } from '../../agent/matahari/own/own-matahari.js';
import type { OwnMatahariOptions } from '../../agent/matahari/own/own-options.js';

/** Places, and what reaches systemd. */
type OwnAgentOptions = Pick<
  OwnMatahariOptions,
  'stateDirectory' | 'ocfRoot' | 'initScripts' | 'systemd' | 'machineRoot'
>;

/** Our own Matahari with what an agent gives it: real executors and a journal. `close` is that of the agent too. */
export function openOwnAgent({ stateDirectory, systemd, ...places }: OwnAgentOptions): Matahari {
  const { ocfRoot, initScripts } = places;
  const { journal } = Journal.open(join(stateDirectory, 'journal'));
  const executors = resourceExecutors({
    instance: 'contract',
    stateDirectory,
    journal,
    ocfRoot,
    initScripts,
    onChange: () => undefined,
    systemd,
  });
  const matahari = ownMatahari({
    ...places,
    stateDirectory: join(stateDirectory, 'matahari'),
    executor: executors,
    systemd,
    isManaged: () => false,
    failManaged: () => false,
    clock: systemClock(),
    log: () => undefined,
  });
  return {
    ...matahari,
    close: async () => {
      await matahari.close();
      executors.close();
      journal.close();
    },
  };
}
