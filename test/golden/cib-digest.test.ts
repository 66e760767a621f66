import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainOrder } from '../../coordinator/model/plain.js';
import { addressOf, assembly, deployable, resource, text } from './cib-deployables.js';
import { inWorld, settle } from './cib-world.js';

/** The scheduler computes each digest from the configuration: where ours differ it restarts the resource at once. */
const values: readonly string[] = [
  '',
  ' ',
  'plain',
  'a "quoted" one',
  "it's",
  'a < b > c & d',
  '&amp; already',
  'tab\there',
  'line\nfeed',
  'carriage\r\nreturn',
  '  blanks  around  ',
  'ümlaut',
  'before "é" <after>',
  'single \u0080 control',
  '日本語 "x"',
  '😀 & more',
  '\\n literal',
  'del\u007fete',
  '$' + '{unresolved} %s $(date)',
  'x'.repeat(5_000),
];

test('digests of parameters with odd values are those of the library', () => {
  const resources = values.map((value, index) =>
    resource(`r${index}`, {
      parameters: { zeta: text(value), Alpha: text('1'), _under: text('2'), 'al-pha': text('3') },
    }),
  );
  inWorld(deployable([assembly('db', ...resources)]), ['h1'], (world) => {
    assert.equal(settle(world).length, 1);
  });
});

test('digests of exec definitions with odd values in them are those of the library', () => {
  const resources = values.map((value, index) => {
    const timing = { intervalMs: 1, timeoutMs: 2, failures: 3, initialDelayMs: 4 };
    const exec = {
      command: [text('/bin/server'), [...text(`${value} `), ...addressOf('db')]],
      environment: { ODD: text(value), PLAIN: text('1') },
      directory: value === '' ? undefined : '/srv',
      user: undefined,
      health: [{ kind: 'tcp' as const, host: addressOf('db'), port: 80, ...timing }],
    };
    return resource(`r${index}`, { agent: { class: 'exec', exec } });
  });
  inWorld(deployable([assembly('db', ...resources)]), ['h1'], (world) => {
    // The first graph starts the VM; its address is known to the second, which starts what refers to it.
    const [, started] = settle(world);
    assert.equal(started?.filter((line) => line.startsWith('start db.r')).length, values.length);
  });
});

test('resources of every class settle', () => {
  const resources = [
    resource('lsb', { agent: { class: 'lsb', type: 'apache2' } }),
    resource('unit', { agent: { class: 'systemd', type: 'nginx' } }),
    resource('instance', { agent: { class: 'systemd', type: 'foo@bar.service' } }),
    resource('swap', { agent: { class: 'systemd', type: 'dev-disk-by\\x2dlabel-a:b.swap' } }),
    resource('service', { agent: { class: 'service', type: 'postgresql@15-main' } }),
    resource('pcs', { agent: { class: 'ocf', provider: 'pacemaker', type: 'Stateful' } }),
  ];
  inWorld(deployable([assembly('db', ...resources)]), ['h1'], (world) => {
    assert.equal(settle(world).length, 1);
  });
});

test('names that JavaScript objects have by birth are names like any other', () => {
  const named = deployable([assembly('constructor', resource('toString')), assembly('__proto__', resource('valueOf'))]);
  inWorld(named, ['hasOwnProperty'], (world) => {
    assert.equal(settle(world).length, 1);
  });
});

test('names that resemble ids of ours are told apart', () => {
  const configure = { url: '/configure', timeoutMs: 1_000 };
  const names = ['order', 'location', 'instance_attributes', 'meta_attributes', 'start', 'fencing', 'rsc', 'x', 'x-y'];
  const assemblies = ['cpe', 'status', 'fencing', 'h'].map((name) =>
    assembly(
      name,
      ...names.map((each) => resource(each, { configure, parameters: { url: text('1'), start: text('2') } })),
    ),
  );
  const sequence = ['order', 'location', 'x'].map((name) => ({ assembly: 'cpe', resource: name }));
  const constraints = ['1', '1 ', '1.0', 'cpe', 'ü'].map((id) => plainOrder(id, sequence));
  inWorld(deployable(assemblies, { constraints: constraints.slice(0, 5) }), ['h1', 'h2'], (world) => {
    assert.equal(settle(world).length, 1);
  });
});
