import assert from 'node:assert/strict';
import { test } from 'node:test';
import { subjectId } from './deployable.js';
import { parseDeployable } from './parse-deployable.js';
import { renderProblem } from './problem.js';

const assemblies = `deployable: d
assemblies:
  db: { resources: { r: { agent: "lsb:x" }, s: { agent: "lsb:x" } } }
  web: { replicas: 2, resources: { app: { agent: "lsb:x" }, proxy: { agent: "lsb:x" }, log: { agent: "lsb:x" } } }
  api: { replicas: 2, resources: { app: { agent: "lsb:x" } } }
  pg: { replicas: 2, resources: { pg: { agent: "ocf:p:t", clone: { promotable: true } }, pool: { agent: "lsb:x", clone: true } } }
groups: { pair: [db.r, db.s], front: [web.app, web.proxy] }
`;

function parse(constraints: string) {
  return parseDeployable(`${assemblies}constraints:\n${constraints}\n`, 'yaml');
}

/** Each order as its id and its steps. */
function ordersOf(...lines: string[]): string[] {
  const parsed = parse(lines.join('\n'));
  if (parsed.kind === 'problems') assert.fail(parsed.problems.map(renderProblem).join('\n'));
  return parsed.deployable.constraints.flatMap((constraint) => {
    if (constraint.kind !== 'order') return [];
    const steps = constraint.steps.map(({ action, members }) => {
      const names = members.map(subjectId).join('+');
      return action === 'start' ? names : `${action} ${names}`;
    });
    return [`${constraint.id}: ${steps.join(' > ')}`];
  });
}

function problemsOf(...lines: string[]): string[] {
  const parsed = parse(lines.join('\n'));
  const problems = parsed.kind === 'problems' ? parsed.problems : parsed.warnings;
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

test('one name stands for what it means', () => {
  const cases: [string, string[]][] = [
    ['[db.r, web.app]', ['order-1: db.r > web-1.app+web-2.app']],
    ['[db, web]', ['order-1: db.vm > web-1.vm+web-2.vm']],
    ['[pair, web-2.app]', ['order-1: pair > web-2.app']],
    ['[pg.pg, pg.pool]', ['order-1: pg.pg-clone > pg.pool-clone']],
    ['[{ promote: pg.pg }, web-1]', ['order-1: promote pg.pg-clone > web-1.vm']],
    ['[[db.r, db.s], web.log]', ['order-1: db.r+db.s > web-1.log+web-2.log']],
    ['[{ stop: [db.r, pair] }, { demote: pg.pg }]', ['order-1: stop db.r+pair > demote pg.pg-clone']],
    ['[web.app, api.app]', ['order-1: web-1.app+web-2.app > api-1.app+api-2.app']],
  ];
  for (const [order, expected] of cases) assert.deepEqual(ordersOf(`- { order: ${order} }`), expected, order);
});

test('what is within the replicas of one assembly holds in each for itself', () => {
  const cases: [string, string[]][] = [
    ['[web.app, web.proxy]', ['order-1.1: web-1.app > web-1.proxy', 'order-1.2: web-2.app > web-2.proxy']],
    [
      '[db.r, web.app, web.proxy, db.s]',
      [
        'order-1.1: db.r > web-1.app+web-2.app',
        'order-1.2: web-1.app > web-1.proxy',
        'order-1.3: web-2.app > web-2.proxy',
        'order-1.4: web-1.proxy+web-2.proxy > db.s',
      ],
    ],
    [
      '[[web.app, web.log], web.proxy]',
      ['order-1.1: web-1.app+web-1.log > web-1.proxy', 'order-1.2: web-2.app+web-2.log > web-2.proxy'],
    ],
    ['[web.log, front]', ['order-1.1: web-1.log > front-1', 'order-1.2: web-2.log > front-2']],
    ['[[web.app, db.r], web.proxy]', ['order-1: web-1.app+web-2.app+db.r > web-1.proxy+web-2.proxy']],
  ];
  for (const [order, expected] of cases) assert.deepEqual(ordersOf(`- { order: ${order} }`), expected, order);
  assert.deepEqual(ordersOf('- { order: [web.app, web.log], id: mine }'), [
    'mine.1: web-1.app > web-1.log',
    'mine.2: web-2.app > web-2.log',
  ]);
});

test('an order that says nothing sound is refused at its place', () => {
  const cases: [string, string[]][] = [
    ['order: [web.app, web-1.app]', ['9:22 web-1.app is in this order twice']],
    ['order: [web, web]', ['9:18 web-1 is in this order twice']],
    ['order: [[db.r, db.s]]', ['9:12 an order has two steps or more']],
    ['order: [[], db.s]', ['9:13 a step has one member or more']],
    ['order: [{ promote: pg.pool }, db.s]', ['9:24 pg.pool is no promotable clone: nobody can promote it']],
    ['order: [{ demote: db }, db.s]', ['9:23 db is no promotable clone: nobody can demote it']],
    ['order: [pg-1.pg, db.s]', ['9:13 pg-1.pg is an instance of a clone, which is one thing in constraints']],
    ['order: [dbb, db.s]', ['9:13 there is no resource, assembly, group "dbb", did you mean db?']],
    ['order: [db.t, db.s]', ['9:13 there is no resource "db.t", did you mean db.r?']],
    [
      'order: [piar, db.t]',
      [
        '9:13 there is no resource, assembly, group "piar", did you mean pair?',
        '9:19 there is no resource "db.t", did you mean db.r?',
      ],
    ],
    ['order: [db.r, db.s], kind: never', ['9:32 "never" is unknown']],
    ['order: [db.r, db.s], kind: serialize, symmetrical: true', ['9:56 what may only not act at once has no reverse']],
    ['order: [db.r, db.s], require-all: 1', ['9:39 "1" is neither, did you mean true?']],
    ['order: [{ start: db.r, stop: db.s }, db.s]', ['9:13 has start and stop']],
    ['order: [{ require-all: true }, db.s]', ['9:13 what is done is missing']],
  ];
  for (const [order, expected] of cases) assert.deepEqual(problemsOf(`- { ${order} }`), expected, order);
});

test('circles are found over VMs, groups, promotions and reversed stops', () => {
  const circle = (...names: string[]) => `the order is a circle: ${names.join(', ')}`;
  const cases: [string[], string[]][] = [
    [['[db.r, db]'], [`9:3 ${circle('db.r', 'db.vm', 'db.r')}`]],
    [['[db, db.r]'], []],
    [['[pair, db.r]'], [`9:3 ${circle('db.r', 'db.r')}`]],
    [['[db.s, db.r]'], [`9:3 ${circle('db.s', 'db.r', 'db.s')}`]],
    [
      ['[pair, web.app]', '[web-2.log, pair]', '[front, web-1.log]', '[web-1.log, db.r]'],
      [`12:3 ${circle('db.r', 'web-1.app', 'web-1.log', 'db.r')}`],
    ],
    [['[pg.pg, pg.pool]', '[pg.pool, { promote: pg.pg }]'], []],
    [
      ['[{ promote: pg.pg }, pg.pool]', '[pg.pool, pg.pg]'],
      [`10:3 ${circle('pg.pg-clone promoted', 'pg.pool-clone', 'pg.pg-clone', 'pg.pg-clone promoted')}`],
    ],
    [['[pg.pool, pg]'], [`9:3 ${circle('pg.pool-clone', 'pg-1.vm', 'pg.pool-clone')}`]],
    [['[{ stop: db.r }, { stop: web.app }]', '[db.r, web.app]'], [`10:3 ${circle('web-1.app', 'db.r', 'web-1.app')}`]],
    [['[{ stop: db.r }, web.app]', '[web.app, db.r]'], []],
  ];
  for (const [orders, expected] of cases) {
    const lines = orders.map((order) => `- { order: ${order} }`);
    assert.deepEqual(problemsOf(...lines), expected, orders.join('\n'));
  }
  assert.deepEqual(problemsOf('- { order: [db.r, web.app] }', '- { order: [web.app, db.r], kind: optional }'), []);
  assert.deepEqual(problemsOf('- { order: [db.r, web.app] }', '- { order: [web.app, db.r], require-all: false }'), []);
});
