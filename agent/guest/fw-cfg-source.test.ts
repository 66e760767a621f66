import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fwCfgDirectory } from '../../proto/guest-credentials.js';
import { fwCfgSource } from './fw-cfg-source.js';

/** The driver's directory, and what becomes of it when the driver is loaded again. */
function driver(context: TestContext, files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), 'fw-cfg-'));
  context.after(() => rmSync(root, { recursive: true }));
  const [directory, clock] = [join(root, 'qemu_fw_cfg'), join(root, 'since_epoch')];
  let refreshes = 0;
  const write = (name: string, text: string): void => {
    const file = join(directory, 'by_name', fwCfgDirectory, name);
    mkdirSync(file, { recursive: true });
    writeFileSync(join(file, 'raw'), text);
  };
  const tick = (seconds: number): void => writeFileSync(clock, `${seconds}\n`);
  const now = Math.floor(Date.now() / 1000);
  tick(now);
  const source = fwCfgSource({
    directory,
    clock,
    refresh: async () => {
      refreshes += 1;
      for (const [name, text] of Object.entries(files)) write(name, text);
    },
  });
  return { directory, write, tick, now, refreshes: () => refreshes, kind: async () => (await source.look()).kind };
}

const files = {
  'cpe.identity': '{"instance":"a"}',
  'cpe.creds': '-----BEGIN USER NKEY SEED-----\nSU...\n------END USER NKEY SEED------\n',
};

test('on a machine without the driver there is nothing', async (context) => {
  const { kind, refreshes } = driver(context, files);
  assert.equal(await kind(), 'nothing');
  assert.equal(refreshes(), 0);
});

test('what is there and whole is taken as it is', async (context) => {
  const { write, kind, refreshes } = driver(context, {});
  for (const [name, text] of Object.entries(files)) write(name, text);
  assert.equal(await kind(), 'found');
  assert.equal(refreshes(), 0);
});

test('a list that is of the template is renewed when a blank file has got content', async (context) => {
  const { write, kind, refreshes } = driver(context, files);
  for (const name of Object.keys(files)) write(name, '\n');
  assert.equal(await kind(), 'nothing');
  assert.equal(refreshes(), 0);
  write('cpe.identity', '{');
  assert.equal(await kind(), 'found');
  assert.equal(refreshes(), 1);
});

test('files of the lengths that those of the template had are taken as they are', async (context) => {
  const { write, kind, refreshes } = driver(context, {});
  for (const name of Object.keys(files)) write(name, ' '.repeat(4096));
  assert.equal(await kind(), 'nothing');
  for (const [name, text] of Object.entries(files)) write(name, text.padEnd(4096));
  assert.equal(await kind(), 'found');
  assert.equal(refreshes(), 0);
});

test('credentials that end where a blank file did are not taken for whole', async (context) => {
  const { write, kind, refreshes } = driver(context, files);
  write('cpe.identity', '{"instance":"a"}   ');
  write('cpe.creds', '-');
  assert.equal(await kind(), 'found');
  assert.equal(refreshes(), 1);
});

test('a list that is of the template is renewed when the hardware clock has gone on without the system', async (context) => {
  const { directory, tick, now, kind, refreshes } = driver(context, files);
  mkdirSync(directory);
  assert.equal(await kind(), 'nothing');
  tick(now + 1);
  assert.equal(await kind(), 'nothing');
  assert.equal(refreshes(), 0);
  tick(now + 60);
  assert.equal(await kind(), 'found');
  assert.equal(refreshes(), 1);
});

test('an agent that is started where the clocks differ looks once whether there is more', async (context) => {
  const { directory, tick, now, kind, refreshes } = driver(context, {});
  mkdirSync(directory);
  tick(now + 7200);
  for (let round = 0; round < 3; round += 1) assert.equal(await kind(), 'nothing');
  assert.equal(refreshes(), 1);
});

test('an identity that is rubbish stays rubbish', async (context) => {
  const { write, kind, refreshes } = driver(context, { 'cpe.identity': 'rubbish' });
  write('cpe.identity', 'r');
  assert.equal(await kind(), 'found');
  assert.equal(refreshes(), 1);
});

test('a driver that cannot be loaded again is a problem only where something is to be read', async (context) => {
  const root = mkdtempSync(join(tmpdir(), 'fw-cfg-'));
  context.after(() => rmSync(root, { recursive: true }));
  const file = join(root, 'by_name', fwCfgDirectory, 'cpe.identity');
  mkdirSync(file, { recursive: true });
  const refresh = async (): Promise<void> => {
    throw new Error('no such module');
  };
  const source = fwCfgSource({ directory: root, clock: join(root, 'none'), refresh });
  assert.deepEqual(await source.look(), { kind: 'nothing' });
  writeFileSync(join(file, 'raw'), '{');
  assert.deepEqual(await source.look(), { kind: 'unusable', problem: "QEMU's fw_cfg: no such module" });
});
