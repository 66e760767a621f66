import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

test('PID 1 is systemd 252, every unit has started, and the system bus answers', () => {
  assert.equal(readFileSync('/proc/1/comm', 'utf8'), 'systemd\n');
  assert.match(execFileSync('systemctl', ['--version'], { encoding: 'utf8' }), /^systemd 252/);
  assert.equal(execFileSync('systemctl', ['is-system-running'], { encoding: 'utf8' }), 'running\n');
  const call = ['call', 'org.freedesktop.DBus', '/', 'org.freedesktop.DBus', 'GetId'];
  assert.match(execFileSync('busctl', call, { encoding: 'utf8' }), /^s "[0-9a-f]{32}"/);
});

test('nothing that the tests would start is running yet', () => {
  for (const unit of ['redis-server', 'nginx', 'apache2', 'mariadb', 'nats-server']) {
    const state = execFileSync('systemctl', ['show', '--property=ActiveState,LoadState', '--value', unit]).toString();
    assert.deepEqual(state.trim().split('\n').sort(), ['inactive', 'loaded'], unit);
  }
});
