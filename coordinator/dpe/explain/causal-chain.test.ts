import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredEvent } from '../../store/store.js';
import type { ExecutedAction } from '../core/dpe-effect.js';
import { type ArchivedDecision, causalChains } from './causal-chain.js';

const start = 1_800_000_000_000;

function event(seq: number, at: number, kind: string, change: Partial<StoredEvent> = {}): StoredEvent {
  return { seq, time: start + at, deployable: 'shop', kind, reason: kind, ...change };
}

function action(resource: string, operation: string, began: number, took: number): ExecutedAction {
  const node = resource.split('.')[0] ?? '';
  const times = { beganAt: start + began, endedAt: start + began + took };
  const key = `${resource}_${operation}_0`;
  return {
    id: 1,
    kind: 'resource',
    operation,
    key,
    resource,
    node,
    intervalMs: 0,
    ...times,
    outcome: 'succeeded',
    reason: '',
  };
}

function transition(
  number: number,
  at: number,
  trigger: string,
  executed: readonly ExecutedAction[],
): ArchivedDecision {
  const outcome = { failed: 0, outcome: 'complete', reason: '', durationMs: 60, decideMs: 8 } as const;
  return { number, trigger, at: start + at, actions: 9, executed, ...outcome };
}

const redis = { assembly: 'db', resource: 'redis' };
const app = { assembly: 'web', resource: 'app' };
const rule = 'its DPE recovers it';

const events = [
  event(1, 0, 'resource-started', redis),
  event(2, 1, 'resource-started', app),
  event(3, 1_000, 'resource-failed', {
    ...redis,
    reason: 'monitor returned 7',
    evidence: { verdict: 'application', rc: 7, operation: 'monitor' },
  }),
  event(4, 1_030, 'resource-stopped', app),
  event(5, 1_050, 'resource-stopped', redis),
  event(6, 1_080, 'resource-started', redis),
  event(7, 1_100, 'resource-started', app),
];
const transitions = [
  transition(5, 1_020, 'db.redis failed', [
    action('web.app', 'stop', 1_021, 9),
    action('db.redis', 'stop', 1_031, 19),
    action('db.redis', 'start', 1_051, 29),
    action('web.app', 'start', 1_081, 19),
  ]),
];

test('a failure of its own is told from its evidence over the rule and the transition to its start', () => {
  const [newest, first, ...more] = causalChains(redis, { events, transitions, rule }, 5);
  assert.deepEqual(more, []);
  assert.equal(first?.links.at(-1)?.what, 'outcome');
  assert.equal(newest?.verdict, 'application');
  assert.deepEqual(
    newest?.links.map(({ what, text }) => `${what}: ${text}`),
    [
      'failure: db.redis: resource failed: monitor returned 7',
      'evidence: rc 7, operation monitor',
      'rule: its DPE recovers it',
      'transition: transition 5, because db.redis failed: decided in 8 ms, 9 steps in 60 ms, complete',
      'action: stop db.redis on db: succeeded (19 ms)',
      'outcome: resource stopped: resource-stopped',
      'action: start db.redis on db: succeeded (29 ms)',
      'outcome: resource started: resource-started',
    ],
  );
  assert.deepEqual(newest?.phases, [
    { name: 'until the decision', durationMs: 12 },
    { name: 'decisions', durationMs: 8 },
    { name: 'stop', durationMs: 19 },
    { name: 'start', durationMs: 29 },
    { name: 'total', durationMs: 80 },
  ]);
});

test('what was stopped for the sake of another names the failure of that other', () => {
  const [newest] = causalChains(app, { events, transitions, rule }, 1);
  assert.equal(newest?.links[0]?.text, 'db.redis: resource failed: monitor returned 7');
  assert.equal(newest?.verdict, 'application');
  assert.equal(newest?.until, start + 1_100);
  assert.equal(newest?.phases.at(-1)?.durationMs, 100);
});

test('a local recovery has no transition, and what is not over has no end', () => {
  const local = [
    event(1, 0, 'resource-failed', { ...app, evidence: { verdict: 'application' } }),
    event(2, 12, 'resource-recovered', app),
    event(3, 500, 'resource-failed', app),
  ];
  const [open, recovered] = causalChains(app, { events: local, transitions: [], rule }, 5);
  assert.equal(open?.until, undefined);
  assert.deepEqual(open?.phases, []);
  assert.equal(open?.verdict, 'unknown');
  assert.deepEqual(recovered?.phases, [{ name: 'local recovery', durationMs: 12 }]);
});

test('an operator who stopped it is the cause', () => {
  const asked = [
    event(1, 0, 'resource-stop-ordered', { ...app, reason: 'by ops' }),
    event(2, 20, 'resource-stopped', app),
  ];
  const [chain] = causalChains(app, { events: asked, transitions: [], rule }, 5);
  assert.equal(chain?.verdict, 'operator');
  assert.equal(chain?.links[0]?.text, 'web.app: resource stop ordered: by ops');
});

test('nothing recorded, nothing told', () => {
  assert.deepEqual(causalChains(app, { events: [], transitions, rule }, 5), []);
});

test('a promotion that followed the failure of another instance names it', () => {
  const failover = [
    event(1, 0, 'assembly-failed', { assembly: 'pg-1', evidence: { verdict: 'vm' } }),
    event(2, 90, 'resource-promoted', { assembly: 'pg-2', resource: 'db' }),
  ];
  const subject = { assembly: 'pg-2', resource: 'db' };
  const [chain] = causalChains(subject, { events: failover, transitions: [], rule }, 5);
  assert.equal(chain?.verdict, 'vm');
  assert.equal(chain?.links[0]?.text, 'pg-1: assembly failed: assembly-failed');
  assert.equal(chain?.phases.at(-1)?.durationMs, 90);
});

for (const { name, kinds } of [
  {
    name: 'a pause that nobody felt is over when its VM works',
    kinds: ['assembly-paused', 'assembly-working'],
  },
  {
    name: 'one that silenced its agent is over when that is heard',
    kinds: ['assembly-paused', 'assembly-suspect', 'assembly-working', 'assembly-heard'],
  },
  {
    name: 'whatever of the two is told first',
    kinds: ['assembly-paused', 'assembly-suspect', 'assembly-heard', 'assembly-working'],
  },
]) {
  test(`${name}: one chain, with its verdict`, () => {
    const evidence = { verdict: 'vm', evidence: ['its VM is paused'] };
    const told = kinds.map((kind, index) => event(index + 1, index * 1_000, kind, { assembly: 'web', evidence }));
    const subject = { assembly: 'web', resource: undefined };
    const found = causalChains(subject, { events: told, transitions: [], rule }, 10);
    assert.equal(found.length, 1);
    assert.equal(found[0]?.verdict, 'vm');
    assert.notEqual(found[0]?.until, undefined);
  });
}
