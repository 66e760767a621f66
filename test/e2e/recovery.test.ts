import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pidsOf, type Site, startSite, until } from './site.js';

let site: Site;
/** Arguments that no other process of this machine has. */
const mark = `${process.pid}`;
const command = (number: number) => `sleep ${number}${mark}`;
const exec = (number: number, more = '') => `exec: { command: [sleep, "${number}${mark}"] }${more}`;

const document = `
deployable: shop
assemblies:
  db:
    escalation: { failures: 2, period: 1h }
    resources:
      store:
        ${exec(1)}
  web:
    resources:
      app:
        ${exec(2)}
      ticker:
        ${exec(3)}
        escalation: { failures: 2, period: 1h }
  other:
    resources:
      alone:
        ${exec(4)}
constraints:
  - { order: [db.store, web.app] }
escalation: { failures: 2, period: 1h }
`;

before(async () => {
  site = await startSite();
  await site.launch('shop', document);
});
after(() => site.end());

const pidOf = (number: number) => pidsOf(command(number))[0];
const running = (number: number, not?: number) =>
  until(`${command(number)} to run`, 180_000, async () => pidsOf(command(number)).find((pid) => pid !== not));

test('a contained resource that is killed is restarted by its agent and reported once', async () => {
  const seq = await site.lastSeq();
  const [killed, app] = [pidOf(3), pidOf(2)];
  assert.ok(killed !== undefined);
  process.kill(killed, 'SIGKILL');
  await running(3, killed);
  await site.event(seq, ({ kind, resource }) => kind === 'resource-recovered' && resource === 'ticker');
  const failures = (await site.events(seq)).filter(({ kind }) => kind === 'resource-failed');
  assert.equal(failures.length, 1);
  assert.match(failures[0]?.reason ?? '', /SIGKILL/);
  assert.equal(pidOf(2), app);
});

test('a resource that others depend on is recovered in order, and nothing else is touched', async () => {
  const seq = await site.lastSeq();
  const [store, app, ticker, alone] = [pidOf(1), pidOf(2), pidOf(3), pidOf(4)];
  assert.ok(store !== undefined);
  process.kill(store, 'SIGKILL');
  await site.event(seq, ({ kind }) => kind === 'deployable-running');
  assert.notEqual(pidOf(1), store);
  assert.notEqual(pidOf(2), app);
  assert.deepEqual([pidOf(3), pidOf(4)], [ticker, alone]);
  const order = (await site.events(seq)).map(({ kind, resource }) => `${kind} ${resource}`);
  const expected = ['resource-failed store', 'resource-stopped app', 'resource-started store', 'resource-started app'];
  assert.deepEqual(
    order.filter((line) => expected.includes(line)),
    expected,
  );
});

test('an agent that is killed comes back and touches nothing', async () => {
  const before = [1, 2, 3, 4].map(pidOf);
  const seq = await site.lastSeq();
  const agent = await site.pid('agent', 'web');
  process.kill(agent, 'SIGKILL');
  await until('another agent', 180_000, async () => {
    const now = await site.pid('agent', 'web').catch(() => agent);
    return now === agent ? undefined : now;
  });
  const ticker = pidOf(3);
  assert.deepEqual([1, 2, 3, 4].map(pidOf), before);
  assert.ok(ticker !== undefined);
  const kinds = (await site.events(seq)).map(({ kind }) => kind);
  assert.deepEqual(kinds, ['agent-restarted']);
});

test('an instance that is killed is replaced, with its dependents stopped and started around it', async () => {
  const seq = await site.lastSeq();
  const [app, alone] = [pidOf(2), pidOf(4)];
  process.kill(await site.pid('instance', 'db'), 'SIGKILL');
  await site.event(seq, ({ kind }) => kind === 'deployable-running');
  assert.notEqual(pidOf(2), app);
  assert.equal(pidOf(4), alone);
  const kinds = (await site.events(seq)).filter(({ assembly }) => assembly === 'db').map(({ kind }) => kind);
  assert.deepEqual(kinds, ['assembly-failed', 'assembly-started', 'assembly-running', 'resource-started']);
});

test('budgets escalate level by level and end with an operator, who resumes with one command', async () => {
  let seq = await site.lastSeq();
  // The second failure of the ticker within its period (the first was above) recovers its assembly.
  process.kill(await running(3), 'SIGKILL');
  const toAssembly = await site.event(seq, ({ kind }) => kind === 'escalated');
  assert.equal(toAssembly.resource, 'ticker');
  await site.event(seq, ({ kind }) => kind === 'deployable-running');
  // The second failure of db within its period (the first was above) restarts the deployable.
  seq = await site.lastSeq();
  process.kill(await site.pid('instance', 'db'), 'SIGKILL');
  await site.event(seq, ({ kind }) => kind === 'deployable-restarting');
  await site.event(seq, ({ kind }) => kind === 'deployable-running');
  // Every window below is empty again: two more failures of db are needed for the deployable's second, and last.
  seq = await site.lastSeq();
  process.kill(await site.pid('instance', 'db'), 'SIGKILL');
  await site.event(seq, ({ kind }) => kind === 'deployable-running');
  process.kill(await site.pid('instance', 'db'), 'SIGKILL');
  const halted = await site.event(seq, ({ kind }) => kind === 'deployable-halted');
  assert.match(halted.reason, /cpectl deployable start shop/);
  await until('everything to stop', 180_000, async () =>
    [1, 2, 3, 4].every((n) => pidOf(n) === undefined) ? true : undefined,
  );
  assert.match((await site.run('deployable', 'status', 'shop')).stdout, /failed/);
  await site.must('deployable', 'start', 'shop');
  await site.settled('shop');
});
