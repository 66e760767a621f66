import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUS_ERROR_CODES, type BusErrorCode, busError } from '../../proto/bus-error.js';
import { explainAgentError, findAgent } from './find-agent.js';
import { sampleAssembly, sampleResource, sampleStatus } from './sample-status.js';
import { scriptedCoordinator } from './scripted-coordinator.js';

const shop = [
  sampleAssembly({ name: 'db', resources: [sampleResource({ name: 'redis' })] }),
  sampleAssembly({ name: 'web-1', instance: 'shop.web-1.local.1-2' }),
  sampleAssembly({ name: 'web-2', instance: 'shop.web-2.local.1-3' }),
  sampleAssembly({ name: 'off', state: 'stopped', instance: '', reason: 'drained' }),
];

function coordinator(assemblies = shop) {
  const scripted = scriptedCoordinator();
  scripted.statuses = [sampleStatus({ assemblies })];
  scripted.replies.set('getInfo', () => ({
    processes: [
      { role: 'instance', name: 'shop.db.local.1-9', deployable: 'shop', assembly: 'db' },
      { role: 'agent', name: 'shop.db.local.1-9', deployable: 'shop', assembly: 'db' },
      { role: 'agent', name: 'a.twin.local.1-1', deployable: 'a', assembly: 'twin' },
      { role: 'agent', name: 'b.twin.local.1-1', deployable: 'b', assembly: 'twin' },
    ],
  }));
  return scripted;
}

const find = (name: string, assemblies = shop) =>
  findAgent(coordinator(assemblies), { kind: 'words', deployable: 'shop', name, node: undefined });

test('the agent of an assembly is that of its instance', async () => {
  const found = await find('web-2');
  assert.deepEqual(found, {
    kind: 'found',
    deployable: 'shop',
    assembly: 'web-2',
    instance: { deployable: 'shop', assembly: 'web-2', host: 'local', incarnation: '1-3' },
    resource: '',
  });
});

test('the agent of a resource is that of its assembly', async () => {
  const found = await find('db.redis');
  assert.ok(found.kind === 'found');
  assert.deepEqual([found.assembly, found.resource, found.instance.incarnation], ['db', 'db.redis', '1-1']);
});

test('where the DPE does not answer, the launchers know', async () => {
  const found = await find('db', []);
  assert.ok(found.kind === 'found');
  assert.equal(found.instance.incarnation, '1-9');
  const missing = await find('web', []);
  assert.ok(missing.kind === 'failure');
  assert.match(missing.message, /no instance of shop\/web runs/);
});

test('an assembly alone is one that runs', async () => {
  const scripted = coordinator();
  scripted.replies.set('listDeployables', () => ({ deployables: [{ name: 'a' }, { name: 'b' }] }));
  scripted.replies.set('getStatus', () => sampleStatus({ assemblies: [sampleAssembly({ name: 'twin' })] }));
  const words = { kind: 'words', deployable: undefined, node: undefined } as const;
  const found = await findAgent(scripted, { ...words, name: 'db' });
  assert.ok(found.kind === 'found');
  assert.deepEqual([found.deployable, found.instance.incarnation], ['shop', '1-9']);
  const twins = await findAgent(scripted, { ...words, name: 'twin' });
  assert.ok(twins.kind === 'failure');
  assert.match(twins.next, /a\/twin or b\/twin/);
});

const refused: readonly [string, RegExp, RegExp][] = [
  ['off', /shop\/off does not run \(stopped: drained\)/, /cpectl explain shop\/off/],
  ['web', /shop\/web are several assemblies/, /web-1, web-2/],
  ['db.vm', /the VM itself/, /name the assembly: db/],
  ['dbb', /no assembly dbb in shop/, /db/],
];
for (const [name, message, next] of refused) {
  test(`${name} has no agent to be asked`, async () => {
    const outcome = await find(name);
    assert.ok(outcome.kind === 'failure');
    assert.match(outcome.message, message);
    assert.match(outcome.next, next);
    assert.equal(outcome.exit, 1);
  });
}

test('every failure of a call names the machine that it is about, and blames the right one', () => {
  const exits: Partial<Record<BusErrorCode, number>> = { 'no-responder': 3, disconnected: 3, deadline: 4, timeout: 4 };
  for (const code of Object.keys(BUS_ERROR_CODES) as BusErrorCode[]) {
    const explained = explainAgentError(busError(code, 'so \u001b[2J'), { deployable: 'shop', assembly: 'db' });
    assert.equal(explained.exit, exits[code] ?? 1, code);
    assert.doesNotMatch(explained.message, /coordinator|cped/, code);
    assert.ok(!explained.message.includes('\u001b'), code);
    if (code !== 'disconnected') assert.match(explained.message, /shop\/db/, code);
  }
});
