/**
 * The contract of the nspawn driver on a machine that systemd rules: there its containers are in scopes. The machine is
 * the booted Debian, and has what the package systemd-container would bring.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../launcher/package-root.js';
import { initVariable } from '../contract/launcher-driver-nspawn-fixture.js';
import { type BootedMachine, bootMachine, explainNoMachine, pathInside } from './booted-machine.js';

const obstacle = explainNoMachine();
// A developer without root goes without; where everything can be run, everything has to.
const skip = obstacle !== undefined && !process.env.CI ? `NOT RUN: ${obstacle}` : false;
const suite = join(import.meta.dirname, '../contract/launcher-driver-nspawn.test.js');
const nspawn = '/usr/bin/systemd-nspawn';
const init = '/usr/local/lib/cpe-instance-init';
/** An overlay cannot have its upper layer on another one, which the root of the machine is. */
const scratch = '/run/cpe-test';

test('containers of a machine that systemd rules keep the contract', { skip, timeout: 900_000 }, async () => {
  const machine = await bootMachine({ name: 'ruled' });
  try {
    await furnish(machine);
    await machine.mustRun(['mkdir', scratch]);
    const settings = [`TMPDIR=${scratch}`, `${initVariable}=${init}`, 'HOME=/root', 'LANG=C.UTF-8'];
    const { code, stdout, stderr } = await machine.run(
      [
        ...['systemd-run', '--quiet', '--pipe', '--wait', '--collect', '--unit=launcher'],
        ...['--property=PrivateNetwork=yes', '--property=KillMode=process'],
        ...settings.map((setting) => `--setenv=${setting}`),
        ...['/usr/bin/node', '--enable-source-maps', '--test', pathInside(suite)],
      ],
      { timeoutMs: 800_000 },
    );
    assert.equal(code, 0, `${stdout}${stderr}\n--- the machine's journal ---\n${await machine.journal()}`);
    assert.match(stdout, /^# fail 0$/m);
    const { stdout: left } = await machine.run(['systemctl', 'list-units', '--no-legend', '--plain', 'cpe*.scope']);
    assert.equal(left.trim(), '');
  } finally {
    await machine.end();
  }
});

/** What this machine has, and what it needs of the libraries that the other has not. */
async function furnish(machine: BootedMachine): Promise<void> {
  const copy = (from: string, to = from, mode = '755') => machine.writeFile(to, readFileSync(from), mode);
  await copy(nspawn);
  const needed = execFileSync('ldd', [nspawn], { encoding: 'utf8' });
  const { stdout: missing } = await machine.run(['sh', '-c', `ldd ${nspawn} | grep 'not found'`]);
  for (const [, library = '', path = ''] of needed.matchAll(/^\s*(\S+) => (\S+)/gm)) {
    if (missing.includes(library)) await copy(path, join('/usr/lib', basename(library)), '644');
  }
  const directory = mkdtempSync(join(tmpdir(), 'cpe-init-'));
  try {
    execFileSync(join(packageRoot(), 'launcher/native/build.sh'), [directory]);
    await copy(join(directory, 'cpe-instance-init'), init);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
