import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findSubject, type SubjectKind } from './find-subject.js';
import { sampleAssembly, sampleResource, sampleStatus } from './sample-status.js';
import { scriptedCoordinator } from './scripted-coordinator.js';

const redis = sampleResource({ name: 'redis' });
const app = sampleResource({ name: 'app' });
const shop = [
  sampleAssembly({ name: 'db', resources: [redis] }),
  sampleAssembly({ name: 'web-1', resources: [app] }),
  sampleAssembly({ name: 'web-2', resources: [app] }),
];
const cart = [sampleAssembly({ name: 'db', resources: [sampleResource({ name: 'mysql' })] })];

/** Two deployables, and on demand a third whose DPE does not answer. */
function coordinator(withSilent = false) {
  const scripted = scriptedCoordinator();
  const known: Readonly<Record<string, object>> = {
    shop: sampleStatus({ assemblies: shop }),
    cart: sampleStatus({ name: 'cart', assemblies: cart }),
    ...(withSilent ? { mute: sampleStatus({ name: 'mute', condition: 'unknown', assemblies: [] }) } : {}),
  };
  scripted.replies.set('listDeployables', () => ({ deployables: Object.keys(known).map((name) => ({ name })) }));
  scripted.replies.set('getStatus', (value) => {
    return known[(value as { deployable: string }).deployable] ?? 'unknown-deployable';
  });
  return scripted;
}

function find(name: string, kind: SubjectKind, deployable?: string, withSilent = false) {
  return findSubject(coordinator(withSilent), { kind: 'words', deployable, name, node: undefined }, kind);
}

const found: readonly [string, SubjectKind, string | undefined, string][] = [
  ['db.redis', 'resource', undefined, 'shop'],
  ['db.mysql', 'resource', undefined, 'cart'],
  ['db.vm', 'resource', 'cart', 'cart'],
  ['web.app', 'resource', undefined, 'shop'],
  ['web-2.app', 'resource', 'shop', 'shop'],
  ['web', 'assembly', undefined, 'shop'],
  ['db', 'resource or assembly', 'shop', 'shop'],
];
for (const [name, kind, deployable, owner] of found) {
  test(`${kind} ${name} is found in ${deployable ?? 'whatever has it'}`, async () => {
    assert.deepEqual(await find(name, kind, deployable), { kind: 'found', deployable: owner, name });
  });
}

const missed: readonly [string, string, SubjectKind, string | undefined, RegExp][] = [
  [
    'what is in two is asked for',
    'db',
    'assembly',
    undefined,
    /a db in shop and cart; say which one: shop\/db or cart\/db/,
  ],
  ['a slip is seen', 'db.reids', 'resource', undefined, /in any deployable; did you mean db\.redis\?/],
  ['a slip is seen in one', 'bd', 'assembly', 'shop', /no assembly bd in shop; did you mean db\?/],
  ['an assembly is no resource', 'web', 'resource', 'shop', /web is an assembly: its VM is web\.vm/],
  ['an unknown deployable is refused', 'db', 'assembly', 'shopp', /as scripted; cpectl deployable list shows/],
  ['what is there is listed', 'other', 'assembly', 'cart', /there is: db/],
];
for (const [name, subject, kind, deployable, expected] of missed) {
  test(`what cannot be found: ${name}`, async () => {
    const outcome = await find(subject, kind, deployable);
    assert.match(outcome.kind === 'failure' ? `${outcome.message}; ${outcome.next}` : '', expected);
  });
}

test('a DPE that does not answer may have one of that name too', async () => {
  const outcome = await find('db.redis', 'resource', undefined, true);
  assert.match(
    outcome.kind === 'failure' ? `${outcome.message}; ${outcome.next}` : '',
    /whether db\.redis is in mute, whose DPE does not answer; say which one is meant: shop\/db\.redis/,
  );
  // Named in full, it is the DPE's to know.
  assert.equal((await find('x.y', 'resource', 'mute', true)).kind, 'found');
});
