import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Constraint, Subject } from '../../model/deployable.js';
import type { Overrides } from './dpe-state.js';
import { emptyState } from './empty-state.js';
import { shop } from './sample-shop.js';
import { waitingOf } from './waiting.js';

const redis: Subject = { kind: 'resource', assembly: 'db', resource: 'redis' };
const app: Subject = { kind: 'clone', assembly: 'web', resource: 'app' };
const log: Subject = { kind: 'resource', assembly: 'web-1', resource: 'log' };

function order(first: Subject, then: Subject, more: { strength?: 'optional' | 'serialize' } = {}): Constraint {
  const step = (member: Subject) => ({ members: [member], action: 'start', needsAll: true }) as const;
  const { strength = 'mandatory' as const } = more;
  return { kind: 'order', id: 'o', steps: [step(first), step(then)], strength, isSymmetrical: true };
}

const { overrides: none } = emptyState('shop');
const stopped = { target: 'stopped' } as const;

const cases: readonly {
  readonly name: string;
  readonly overrides: Partial<Overrides>;
  readonly constraints: readonly Constraint[];
  readonly waiting: Readonly<Record<string, string>>;
}[] = [
  { name: 'nothing is to be stopped', overrides: {}, constraints: [order(redis, app)], waiting: {} },
  {
    name: 'a resource is to be stopped, what is ordered after it, and after that, waits for it',
    overrides: { resources: { 'db.redis': stopped } },
    constraints: [order(app, log), order(redis, app)],
    waiting: {
      'db.redis': 'db.redis',
      'db.exporter': 'db.redis',
      'web-1.app': 'db.redis',
      'web-2.app': 'db.redis',
      'web-1.log': 'db.redis',
    },
  },
  {
    name: 'an assembly is drained, what runs inside and what is ordered after that waits',
    overrides: { assemblies: { db: 'drained' } },
    constraints: [order(redis, log)],
    waiting: { 'db.vm': 'db.vm', 'db.redis': 'db.vm', 'db.exporter': 'db.vm', 'web-1.log': 'db.vm' },
  },
  {
    name: 'an assembly is in standby, its VM does not wait',
    overrides: { assemblies: { db: 'standby' } },
    constraints: [],
    waiting: { 'db.redis': 'db', 'db.exporter': 'db' },
  },
  {
    name: 'one instance of a clone is to be stopped, what follows the clone goes on',
    overrides: { resources: { 'web-1.app': stopped } },
    constraints: [order(app, redis)],
    waiting: { 'web-1.app': 'web-1.app' },
  },
  {
    name: 'a clone is to be stopped, what follows it waits',
    overrides: { resources: { 'web.app': stopped } },
    constraints: [order(app, redis)],
    waiting: {
      'web-1.app': 'web-1.app',
      'web-2.app': 'web-2.app',
      'db.redis': 'web-1.app',
      'db.exporter': 'web-1.app',
    },
  },
  {
    name: 'an order is optional or only keeps apart in time, nobody waits',
    overrides: { resources: { 'web-1.log': stopped } },
    constraints: [order(log, redis, { strength: 'optional' }), order(log, redis, { strength: 'serialize' })],
    waiting: { 'web-1.log': 'web-1.log' },
  },
];

for (const { name, overrides, constraints, waiting } of cases) {
  test(`when ${name}`, () => {
    const definition = { revision: 1, deployable: { ...shop, constraints } };
    const found = waitingOf({ definition, overrides: { ...none, ...overrides } });
    // Clones and groups as a whole are there under names of their own.
    const members = [...found].filter(([id]) => id.includes('.') && !id.endsWith('-clone'));
    assert.deepEqual(Object.fromEntries(members), waiting);
  });
}
