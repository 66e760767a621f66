import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pidsOf, type Site, startSite, until } from './site.js';

let site: Site;
/** Arguments that no other process of this machine has. */
const mark = `${process.pid}`;
const names = ['a', 'b', 'c', 'd'] as const;
const command = (number: number) => `sleep ${number}${mark}`;
const pidOf = (number: number) => pidsOf(command(number))[0];
const stopped = new Set<number>();

/** Assemblies of `shop` and `mart`: what is silent is counted over both, though two processes decide for them. */
const deployables = { shop: [0, 1], mart: [2, 3] } as const;

function document(name: keyof typeof deployables): string {
  const assemblies = deployables[name].map(
    (index) => `
  ${names[index]}:
    resources:
      app:
        exec: { command: [sleep, "${index}${mark}"] }
        exclusive: ${index === 0}
`,
  );
  return `deployable: ${name}\nassemblies:\n${assemblies.join('')}`;
}

function freeze(pid: number): void {
  process.kill(pid, 'SIGSTOP');
  stopped.add(pid);
}

function thaw(pid: number): void {
  process.kill(pid, 'SIGCONT');
  stopped.delete(pid);
}

before(async () => {
  site = await startSite('--agent-lost-ms', '6000');
  for (const name of ['shop', 'mart'] as const) await site.launch(name, document(name));
});
after(async () => {
  for (const pid of stopped) {
    try {
      process.kill(pid, 'SIGCONT');
    } catch {
      // It has ended.
    }
  }
  await site.end();
});

test('one agent that stands still is recovered with its instance, and nobody else is touched', async () => {
  const seq = await site.lastSeq();
  const others = [0, 2, 3].map(pidOf);
  const frozen = await site.pid('agent', 'b');
  freeze(frozen);
  const failed = await site.event(seq, ({ kind }) => kind === 'assembly-failed');
  stopped.delete(frozen);
  assert.equal(failed.assembly, 'b');
  assert.match(JSON.stringify(failed.evidence), /"verdict":"agent".*the launcher says that the instance runs/);
  await site.event(seq, ({ kind }) => kind === 'deployable-running');
  assert.deepEqual([0, 2, 3].map(pidOf), others);
  assert.ok(pidOf(1) !== undefined);
});

test('when all agents stand still at once nothing is recovered until they go on, and then nothing has to be', async () => {
  const seq = await site.lastSeq();
  const before = [0, 1, 2, 3].map(pidOf);
  const agents = await Promise.all(names.map((name) => site.pid('agent', name)));
  for (const pid of agents) freeze(pid);
  for (const name of ['shop', 'mart']) {
    const held = await site.event(seq, ({ kind, deployable }) => kind === 'recovery-held' && deployable === name);
    assert.match(held.reason, /^[34] of 4 agents on launcher host \S+ fell silent at once/);
    assert.ok(held.reason.endsWith(`cpectl deployable resume ${name}`), held.reason);
  }
  // Twice as long as one silent agent is given.
  const since = Date.now();
  await until('a while', 180_000, async () => (Date.now() - since > 12_000 ? true : undefined));
  for (const pid of agents) thaw(pid);
  for (const name of ['shop', 'mart']) {
    await site.event(seq, ({ kind, deployable }) => kind === 'recovery-resumed' && deployable === name);
  }
  const kinds = (await site.events(seq)).map(({ kind }) => kind);
  assert.equal(kinds.includes('assembly-failed'), false, kinds.join(' '));
  assert.deepEqual([1, 2, 3].map(pidOf), before.slice(1), 'what is not exclusive was not touched');
});

test('an exclusive resource is stopped while its agent hears of no decider, and started again by the decider', async () => {
  await site.settled('shop');
  const seq = await site.lastSeq();
  const [exclusive, other] = [pidOf(0), pidOf(1)];
  const dped = await site.pid('dped', 'dped-shop');
  freeze(dped);
  await until('the exclusive resource to stop', 180_000, async () => (pidOf(0) === undefined ? true : undefined));
  assert.equal(pidOf(1), other);
  thaw(dped);
  const failed = await site.event(seq, ({ kind, assembly }) => kind === 'resource-failed' && assembly === 'a');
  assert.match(failed.reason, /^lease ran out/);
  assert.match(JSON.stringify(failed.evidence), /"verdict":"bus"/);
  const started = await until('the exclusive resource to run again', 180_000, async () => pidOf(0));
  assert.notEqual(started, exclusive);
  assert.equal(pidOf(1), other);
  await site.settled('shop');
  const kinds = (await site.events(seq)).filter(({ assembly }) => assembly === 'a').map(({ kind }) => kind);
  assert.deepEqual(kinds, ['resource-failed', 'resource-stopped', 'resource-started'], 'and it counts nowhere');
});
