import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseUnitName, unitPath } from './unit-name.js';

test('a name is a unit of its type, and a service without one', () => {
  const table: readonly [string, string | undefined][] = [
    ['nginx', 'nginx.service'],
    ['nginx.service', 'nginx.service'],
    ['postgresql@15-main', 'postgresql@15-main.service'],
    ['foo@bar.service', 'foo@bar.service'],
    ['getty@tty1@x', 'getty@tty1@x.service'],
    ['php8.2-fpm', 'php8.2-fpm.service'],
    ['srv-data.mount', 'srv-data.mount'],
    ['-.mount', '-.mount'],
    ['dev-disk-by\\x2dlabel-root.swap', 'dev-disk-by\\x2dlabel-root.swap'],
    ['multi-user.target', 'multi-user.target'],
    ['a.conf', 'a.conf.service'],
    ['service', 'service.service'],
    ['a'.repeat(247), `${'a'.repeat(247)}.service`],
    ['a'.repeat(248), undefined],
    ['', undefined],
    ['.service', undefined],
    ['foo@', undefined],
    ['foo@.service', undefined],
    ['@bar', undefined],
    ['../etc/passwd', undefined],
    ['a b', undefined],
    ['a\nb', undefined],
    ['a;reboot', undefined],
    ['--no-block', '--no-block.service'],
    ['grün', undefined],
    ['*', undefined],
  ];
  for (const [name, expected] of table) {
    const parsed = parseUnitName(name);
    assert.equal(parsed.kind === 'unit' ? parsed.name : undefined, expected, name);
  }
});

test('a unit has an object whose name is escaped', () => {
  assert.equal(unitPath('nginx.service'), '/org/freedesktop/systemd1/unit/nginx_2eservice');
  assert.equal(unitPath('3proxy@a_b.service'), '/org/freedesktop/systemd1/unit/_33proxy_40a_5fb_2eservice');
  assert.equal(unitPath('-.mount'), '/org/freedesktop/systemd1/unit/_2d_2emount');
});
