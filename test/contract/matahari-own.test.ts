import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { contractLink, contractMachine } from './matahari-machine.js';
import { openOwnAgent } from './matahari-own-agent.js';
import { augeasQuery, makeOwnRoot, powerProfiles } from './matahari-own-root.js';
import { matahariContract } from './matahari-suite.js';
import type { MatahariUnderTest, SchemeUnderTest } from './matahari-under-test.js';

const link = contractLink();
after(() => link?.dispose());

matahariContract('our own Matahari', () => createOwn({ isFurnished: true }), { isParallel: true });
matahariContract('our own Matahari on a bare machine', () => createOwn({ isFurnished: false }), { isParallel: true });

async function createOwn({ isFurnished }: { readonly isFurnished: boolean }): Promise<MatahariUnderTest> {
  const files = contractMachine();
  const stateDirectory = join(files.root, 'state');
  mkdirSync(stateDirectory);
  const root = makeOwnRoot(join(files.root, 'machine'), isFurnished);
  const counted = join(files.directory, 'counted');
  const counting = `echo run >> '${counted}'`;
  const scheme = (failure: string | RegExp): SchemeUnderTest => ({ counting, counted, failing: 'exit 7', failure });
  return {
    machine: {
      hostname: hostname(),
      directory: files.directory,
      services: {
        quick: files.quick.name,
        hanging: { ...files.hanging, methods: ['start', 'stop', 'status'] },
        describes: true,
        ...(isFurnished ? { isEnabled: root.isEnabled } : {}),
      },
      hangingScript: files.hanging,
      ocf: files.ocf,
      describesResources: true,
      cancelsRunning: true,
      ...(link === undefined ? {} : { link }),
      ...(isFurnished ? { powerProfiles } : {}),
      speaker: isFurnished ? 'present' : 'absent',
      hasHardwareUuid: isFurnished,
      schemes: {
        script: scheme('FAILED\n7'),
        ...(isFurnished
          ? { puppet: scheme('FAILED\n7'), augeas: { ...scheme(/^FAILED\n7/), query: augeasQuery } }
          : {}),
      },
      asked: root.asked,
    },
    open: async () =>
      openOwnAgent({
        machineRoot: root.path,
        stateDirectory,
        ocfRoot: files.ocfRoot,
        initScripts: files.initDirectory,
        systemd: async () => {
          throw new Error('this machine was not booted by systemd');
        },
      }),
    dispose: async () => files.dispose(),
  };
}
