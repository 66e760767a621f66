/** Matahari's services on a real system bus: started by it, guarded by its policy, and gone again. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { machineBus } from '../../../agent/machine-bus.js';
import { chooseMatahari } from '../../../agent/matahari/choose-backends.js';
import { done, type ResourceOp } from '../../../agent/matahari/matahari.js';
import { scriptedMatahari } from '../../../agent/matahari/scripted-matahari.js';
import { contractMachine } from '../../contract/matahari-machine.js';
import { assertProblem, doneValue, eventually, processesOf } from '../../contract/matahari-under-test.js';

const policies = '/etc/dbus-1/system.d';
const activations = '/usr/share/dbus-1/system-services';
const main = join(import.meta.dirname, '../../contract/matahari-dbus-main.js');
const files = contractMachine();
const written: string[] = [];

after(() => {
  for (const path of written) rmSync(path);
  reloadBus();
  files.dispose();
});

/** As Matahari's packages install it: root may own the name, everybody may call, and polkit has the last word. */
function install(object: string, { isCallable = true, program = `/usr/bin/node ${main}` } = {}): void {
  const name = `org.matahariproject.${object}`;
  const call = isCallable ? `<policy context="default"><allow send_destination="${name}"/></policy>` : '';
  write(
    join(policies, `${name}.conf`),
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><policy user="root"><allow own="${name}"/></policy>${call}</busconfig>\n`,
  );
  write(
    join(activations, `${name}.service`),
    `[D-BUS Service]\nName=${name}\nExec=${program} ${name} ${files.root}\nUser=root\n`,
  );
}

function write(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  written.push(path);
}

function reloadBus(): void {
  execFileSync('busctl', ['call', 'org.freedesktop.DBus', '/', 'org.freedesktop.DBus', 'ReloadConfig']);
}

test('services are started by the system bus, and what cannot be started is our own', async () => {
  install('Host');
  install('Services');
  install('Network', { program: '/nowhere/matahari-dbus-networkd' });
  install('Sysconfig', { isCallable: false });
  reloadBus();
  const bus = machineBus();
  const own = scriptedMatahari();
  own.replies.set('network.list', () => done(['of-own']));
  const matahari = chooseMatahari({ own: () => own, bus: bus.bus, log: () => undefined });
  try {
    assert.deepEqual(doneValue(await matahari.network.list()), ['of-own']);
    assert.deepEqual(matahari.backends(), {
      Host: 'dbus',
      Services: 'dbus',
      Resources: 'dbus',
      Network: 'own',
      Sysconfig: 'dbus',
    });
    assert.equal(doneValue(await matahari.host.get()).wordsize, 64);
    assert.ok(doneValue(await matahari.services.list()).includes(files.quick.name));
    assertProblem(await matahari.sysconfig.isConfigured('key'), 'failed');
    await surviveKill(matahari.resources);
    assert.deepEqual(
      own.asked.filter(([method]) => method.startsWith('resources.') || method.startsWith('host.')),
      [],
    );
  } finally {
    await matahari.close();
    bus.close();
    for (const pid of processesOf(main)) process.kill(Number(pid), 'SIGTERM');
  }
});

/** The service dies while an action recurs: the bus starts it again, and the action goes on. */
async function surviveKill(resources: ReturnType<typeof chooseMatahari>['resources']): Promise<void> {
  const result = join(files.directory, 'result');
  const set = (rc: number) => {
    writeFileSync(`${result}.new`, `${rc}`);
    renameSync(`${result}.new`, result);
  };
  const ops: ResourceOp[] = [];
  resources.onResourceOp((op) => ops.push(op));
  set(0);
  const { provider, agent } = files.ocf;
  const invocation = { name: 'recurring', standard: 'ocf', provider, agent, action: 'monitor', intervalMs: 100 };
  const rest = { parameters: { result }, timeoutMs: 20_000, expectedRc: 0, userdata: '' };
  const first = doneValue(await resources.invoke({ ...invocation, ...rest }));
  const [pid] = processesOf(`${main}\0org.matahariproject.Services`);
  process.kill(Number(pid), 'SIGKILL');
  set(7);
  await eventually('the change is told', () => ops.length > 0);
  const [op] = ops;
  assert.deepEqual([op?.name, op?.rc], ['recurring', 7]);
  assert.ok(op !== undefined && op.sequence >= first.sequence);
  doneValue(await resources.cancel('recurring', 'monitor', 100, 5_000));
}
