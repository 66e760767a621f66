import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { busOfBoot } from './bus-of-boot.js';

const [systemd, unit] = ['run/systemd/system/.keep', 'usr/lib/systemd/system/dbus.socket'];
const [init, socket] = ['proc/1/comm', 'run/dbus/system_bus_socket'];

function machine(context: TestContext, files: readonly string[]) {
  const root = mkdtempSync(join(tmpdir(), 'bus-of-boot-'));
  context.after(() => rmSync(root, { recursive: true }));
  const put = (path: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), 'systemd\n');
  };
  for (const file of files) put(file);
  return { put, answer: busOfBoot(root).then(() => 'resolved') };
}

const atOnce: readonly { readonly what: string; readonly files: readonly string[] }[] = [
  { what: 'it is there', files: [systemd, init, unit, socket] },
  { what: 'systemd has booted nothing', files: [unit] },
  { what: 'no unit makes it', files: [systemd, init] },
];

for (const { what, files } of atOnce) {
  test(`the bus is not waited for where ${what}`, async (context) => {
    assert.equal(await machine(context, files).answer, 'resolved');
  });
}

test('while a machine boots the bus is waited for', async (context) => {
  const { put, answer } = machine(context, [systemd, init, unit]);
  assert.equal(await Promise.race([answer, pause(200).then(() => 'waits')]), 'waits');
  put(socket);
  const timer = setInterval(() => undefined, 1000);
  assert.equal(await answer, 'resolved');
  clearInterval(timer);
});
