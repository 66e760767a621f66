import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assessVerb, type VerbGoal } from './assess-verb.js';
import { giveVerb, type VerbRequest } from './give-verb.js';
import type { GlobalOptions } from './global-options.js';
import { recordingTerminal } from './recording-terminal.js';
import { sampleAssembly, sampleResource, sampleStatus } from './sample-status.js';
import { type ScriptedCoordinator, sampleEvent, scriptedCoordinator } from './scripted-coordinator.js';

const options: GlobalOptions = { home: '/none', upCommand: 'cpectl up', json: false, timeoutMs: undefined };
const stop: VerbGoal = { kind: 'resource', name: 'db.redis', state: 'stopped' };
const stopped = sampleAssembly({ resources: [sampleResource({ state: 'stopped' })] });
const replicas = [1, 2].map((index) =>
  sampleAssembly({
    name: `web-${index}`,
    resources: [sampleResource({ name: 'app', state: index === 1 ? 'running' : 'stopped' })],
  }),
);

const progress: readonly [string, Parameters<typeof assessVerb>[0], VerbGoal, object][] = [
  ['nothing in flight is what a verb waits for', sampleStatus(), { kind: 'settled' }, { kind: 'reached' }],
  [
    'a transition in flight is waited for',
    sampleStatus({ settled: false, actionsDone: 2, actionsTotal: 5 }),
    { kind: 'settled' },
    { kind: 'under-way', missing: ['2 of 5 actions are done'] },
  ],
  [
    'a DPE that does not answer is waited for',
    sampleStatus({ condition: 'unknown', reason: 'its DPE does not answer' }),
    stop,
    { kind: 'under-way', missing: ['its DPE does not answer'] },
  ],
  ['what is stopped is stopped', sampleStatus({ assemblies: [stopped] }), stop, { kind: 'reached' }],
  ['what the status does not know is not waited for', sampleStatus({ assemblies: [] }), stop, { kind: 'reached' }],
  [
    'what still runs once nothing is left to do was not stopped',
    sampleStatus(),
    stop,
    { kind: 'failed', isFinal: false, reason: 'db.redis is running' },
  ],
  [
    'every replica counts',
    sampleStatus({ assemblies: replicas }),
    { kind: 'resource', name: 'web.app', state: 'running' },
    { kind: 'failed', isFinal: false, reason: 'web-2.app is stopped' },
  ],
  [
    'back-off ends by itself',
    sampleStatus({ assemblies: [sampleAssembly({ state: 'back-off', reason: 'boots again' })] }),
    { kind: 'assembly', name: 'db', state: 'running' },
    { kind: 'under-way', missing: ['db is back-off: boots again'] },
  ],
  [
    'in a stopped deployable nothing is to run',
    sampleStatus({ desired: 'stopped', assemblies: [stopped] }),
    { kind: 'resource', name: 'db.redis', state: 'running' },
    { kind: 'reached' },
  ],
  [
    'what waits for something else is not waited for',
    sampleStatus({
      assemblies: [sampleAssembly({ resources: [sampleResource({ state: 'waiting', reason: 'for x.y' })] })],
    }),
    { kind: 'resource', name: 'db.redis', state: 'running' },
    { kind: 'deferred', reason: 'db.redis is waiting: for x.y' },
  ],
  [
    'in maintenance nothing is carried out',
    sampleStatus({ maintenance: true }),
    stop,
    { kind: 'deferred', reason: 'shop is in maintenance' },
  ],
  [
    'what is unmanaged is not touched',
    sampleStatus({ assemblies: [sampleAssembly({ resources: [sampleResource({ unmanaged: true })] })] }),
    stop,
    { kind: 'deferred', reason: 'db.redis is unmanaged' },
  ],
  [
    'while it is held nothing is carried out',
    sampleStatus({ condition: 'held', reason: 'held by ann' }),
    stop,
    { kind: 'deferred', reason: 'shop is held by ann' },
  ],
];
for (const [name, status, goal, expected] of progress) {
  test(`a verb's progress: ${name}`, () => assert.deepEqual(assessVerb(status, goal), expected));
}

function scripted(done: object = {}): ScriptedCoordinator {
  const coordinator = scriptedCoordinator();
  const value = { message: 'db.redis is to stop', warnings: [], lastSeq: 1, changed: true, ...done };
  coordinator.replies.set('resourceStop', () => value);
  coordinator.events.push(sampleEvent(1), sampleEvent(2, { kind: 'resource-stopped' }));
  coordinator.statuses = [sampleStatus({ settled: false }), sampleStatus({ assemblies: [stopped] })];
  return coordinator;
}

async function give(coordinator: ScriptedCoordinator, change: Partial<VerbRequest> = {}, given = options) {
  const terminal = recordingTerminal();
  const request: VerbRequest = {
    deployable: 'shop',
    subject: 'db.redis',
    verb: 'resource stop',
    goal: stop,
    wait: true,
    give: (to) => to.ask('resourceStop', { deployable: 'shop', resource: 'db.redis' }),
    ...change,
  };
  const outcome = await giveVerb(coordinator, request, { terminal, options: given });
  return { outcome, ...terminal.printed };
}

test('a verb is given, followed with its events, and told when it is done', async () => {
  const { outcome, out, err } = await give(scripted({ warnings: ['web waits for it'] }));
  assert.equal(outcome.kind, 'done');
  assert.match(err, /^warning: web waits for it\ndb\.redis is to stop\n.*resource-stopped/);
  assert.doesNotMatch(err, /resource-started/);
  assert.match(out, /^shop\/db\.redis is stopped \(\d+ms\)\n$/);
});

test('a verb for programs is one JSON document with how it ended', async () => {
  const { out, err } = await give(scripted(), {}, { ...options, json: true });
  const { deployable, subject, verb, message, changed, outcome, status } = JSON.parse(out);
  assert.deepEqual(
    { deployable, subject, verb, message, changed, outcome, condition: status.condition },
    {
      deployable: 'shop',
      subject: 'db.redis',
      verb: 'resource stop',
      message: 'db.redis is to stop',
      changed: true,
      outcome: 'reached',
      condition: 'running',
    },
  );
  assert.equal(err, '');
});

test('a verb that is not waited for says how it is watched', async () => {
  const { out } = await give(scripted(), { wait: false });
  assert.equal(out, 'db.redis is to stop; watch it with: cpectl events -f --deployable shop\n');
  const again = await give(scripted({ changed: false, message: 'so it is' }), { wait: false });
  assert.equal(again.out, 'so it is\n');
});

test('a verb in a deployable that is held is accepted, and says what it waits for', async () => {
  const coordinator = scripted();
  coordinator.statuses = [sampleStatus({ condition: 'held', reason: 'held by ann' })];
  const { outcome, err, out } = await give(coordinator);
  assert.equal(outcome.kind, 'done');
  assert.match(err, /resource stop shop\/db\.redis is accepted, and waits: shop is held by ann\n$/);
  assert.equal(out, '');
});

test('a verb that does not lead to what it is for ends with 1 and the way to its reason', async () => {
  const coordinator = scripted();
  coordinator.statuses = [sampleStatus()];
  const { outcome } = await give(coordinator);
  assert.match(
    outcome.kind === 'failure' ? `${outcome.exit} ${outcome.message}; ${outcome.next}` : '',
    /^1 resource stop shop\/db\.redis failed: db\.redis is running; .*cpectl explain shop\/db\.redis$/,
  );
});

test('a verb that is refused is not waited for', async () => {
  const coordinator = scripted();
  coordinator.replies.set('resourceStop', () => 'conflict');
  const { outcome, out } = await give(coordinator);
  assert.deepEqual([outcome.kind, out], ['failure', '']);
});
