/** Every method of Matahari's objects, called over the bus of a real agent on a booted Debian 12. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Matahari } from '../../../agent/matahari/matahari.js';
import { agentProgram } from '../../../launcher/agent-program.js';
import { contractAgent, contractLink, contractMachine } from '../../contract/matahari-machine.js';
import { matahariOverBus } from '../../contract/matahari-over-bus.js';
import { matahariContract } from '../../contract/matahari-suite.js';
import type { MatahariUnderTest } from '../../contract/matahari-under-test.js';
import { type AgentOnBus, agentOnBus } from '../agent-on-bus.js';
import { testUnits } from '../test-units.js';

const service = 'contract-quick';
const ocf = { provider: 'contract', agent: 'Probe', script: '/usr/lib/ocf/resource.d/contract/Probe' };

const units = testUnits();
units.write(`${service}.service`, ['ExecStart=/bin/sleep infinity', '[Install]', 'WantedBy=multi-user.target']);
mkdirSync('/usr/lib/ocf/resource.d/contract', { recursive: true });
writeFileSync(ocf.script, contractAgent);
chmodSync(ocf.script, 0o755);
const link = contractLink();
assert.ok(link !== undefined, 'an interface of its own');
after(() => {
  link.dispose();
  units.remove();
});

matahariContract('Matahari over the bus, on a booted Debian', create);

async function create(): Promise<MatahariUnderTest> {
  const files = contractMachine();
  let agent: AgentOnBus | undefined;
  const [runs, hosts] = [join(files.directory, 'runs'), join(files.directory, 'hosts')];
  return {
    machine: {
      hostname: hostname(),
      directory: files.directory,
      services: { quick: service, isEnabled: async (name) => isEnabled(name), describes: true },
      ocf,
      describesResources: true,
      cancelsRunning: true,
      link: link ?? assert.fail(),
      speaker: 'unknown',
      hasHardwareUuid: hasHardwareUuid(),
      schemes: {
        script: { counting: `echo run >> '${runs}'`, counted: runs, failing: 'exit 7', failure: 'FAILED\n7' },
        augeas: {
          counting: addHost(hosts),
          counted: hosts,
          failing: 'no-such-command',
          failure: /^FAILED\n\d+/,
          query: { text: '/files/etc/hosts/1/ipaddr', data: '127.0.0.1', unknown: '/files/none' },
        },
      },
    },
    async open(): Promise<Matahari> {
      if (agent === undefined) agent = await agentOnBus({ command: withOwnInterfaces });
      else {
        await agent.dpe.killAgent('SIGTERM');
        await agent.dpe.startAgent();
      }
      return matahariOverBus(agent.operator, agent.instance);
    },
    async dispose() {
      await agent?.close();
      files.dispose();
    },
  };
}

/**
 * The agent sees the interfaces of the unit's network, not those of the machine: what is mounted at /sys shows the
 * network of whoever mounted it.
 */
function withOwnInterfaces(identityFile: string): readonly [string, ...string[]] {
  const script = `
    mkdir -p /run/contract-sys && mount -t sysfs sysfs /run/contract-sys || exit
    for each in class/net devices/virtual/net; do mount --bind "/run/contract-sys/$each" "/sys/$each" || exit; done
    exec "$@"`;
  const agent = [process.execPath, agentProgram(), '--identity', identityFile];
  return ['unshare', '--mount', 'sh', '-c', script, 'sh', ...agent];
}

/**
 * Augeas appends an entry that is called by a number with a leading zero. All other files of the machine are left out of
 * the second load: reading them takes seconds.
 */
function addHost(file: string): string {
  return [
    'rm /augeas/load/*',
    'set /augeas/load/Contract/lens Hosts.lns',
    `set /augeas/load/Contract/incl ${file}`,
    'load',
    `set /files${file}/01/ipaddr 192.0.2.1`,
    `set /files${file}/01/canonical contract`,
    'save',
  ].join('\n');
}

function isEnabled(name: string): boolean {
  try {
    return execFileSync('systemctl', ['is-enabled', name], { encoding: 'utf8', stdio: 'pipe' }).trim() === 'enabled';
  } catch {
    return false;
  }
}

function hasHardwareUuid(): boolean {
  const file = '/sys/class/dmi/id/product_uuid';
  try {
    return existsSync(file) && readFileSync(file, 'utf8').trim() !== '';
  } catch {
    return false;
  }
}
