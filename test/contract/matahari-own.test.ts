import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { systemClock } from '../../agent/clock.js';
import { resourceExecutors } from '../../agent/executors/resource-executors.js';
import { Journal } from '../../agent/journal.js';
import type { Matahari } from '../../agent/matahari/matahari.js';
import { ownMatahari } from '../../agent/matahari/own/own-matahari.js';
import { contractLink, contractMachine } from './matahari-machine.js';
import { matahariContract } from './matahari-suite.js';
import type { MatahariUnderTest } from './matahari-under-test.js';

const link = contractLink();
after(() => link?.dispose());

matahariContract('our own Matahari', createOwn);

async function createOwn(): Promise<MatahariUnderTest> {
  const files = contractMachine();
  const stateDirectory = join(files.root, 'state');
  mkdirSync(stateDirectory);
  const counted = join(files.directory, 'counted');
  return {
    machine: {
      hostname: hostname(),
      directory: files.directory,
      services: { quick: files.quick.name, hanging: files.hanging, describes: true },
      ocf: files.ocf,
      describesResources: true,
      cancelsRunning: true,
      ...(link === undefined ? {} : { link }),
      speaker: 'unknown',
      hasHardwareUuid: false,
      schemes: {
        script: { counting: `echo run >> '${counted}'`, counted, failing: 'exit 7', failure: 'FAILED\n7' },
      },
    },
    open: async () => openOwn(files.ocfRoot, files.initDirectory, stateDirectory),
    dispose: async () => files.dispose(),
  };
}

function openOwn(ocfRoot: string, initScripts: string, stateDirectory: string): Matahari {
  const { journal } = Journal.open(join(stateDirectory, 'journal'));
  const executors = resourceExecutors({
    instance: 'contract',
    stateDirectory,
    journal,
    ocfRoot,
    initScripts,
    onChange: () => undefined,
  });
  const matahari = ownMatahari({
    stateDirectory: join(stateDirectory, 'matahari'),
    ocfRoot,
    initScripts,
    executor: executors,
    systemd: async () => {
      throw new Error('this machine was not booted by systemd');
    },
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
