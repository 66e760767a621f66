import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pidsOf, type Site, startSite, until } from './site.js';

let site: Site;
/** Arguments that no other process of this machine has. */
const mark = `${process.pid}`;
const names = Array.from({ length: 10 }, (_, index) => `app${index}`);
const command = (index: number) => `sleep ${index}${mark}`;
const rounds = 10;
/** A failure of its own comes after the recovery before it has ended. */
const settleMs = 700;
let stopped: number | undefined;

const resources = names
  .map(
    (name, index) => `
      ${name}:
        exec: { command: [sleep, "${index}${mark}"] }
        escalation: { failures: 50, period: 5m }`,
  )
  .join('');

before(async () => {
  site = await startSite();
  await site.launch('shop', `deployable: shop\nassemblies:\n  web:\n    resources:${resources}\n`);
  await site.settled('shop');
});
after(async () => {
  if (stopped !== undefined) process.kill(stopped, 'SIGCONT');
  await site.end();
});

/** Ends every resource; resolves when all run again, and have done so for a while. */
async function killAll(): Promise<readonly number[]> {
  const before = names.map((_, index) => pidsOf(command(index))[0] ?? 0);
  const killedAt = before.map((pid) => {
    process.kill(pid, 'SIGKILL');
    return Date.now();
  });
  let since = 0;
  await until('all to run again', 180_000, async () => {
    const isBack = names.every((_, index) => pidsOf(command(index)).some((pid) => pid !== before[index]));
    if (!isBack) return undefined;
    since ||= Date.now();
    return Date.now() - since >= settleMs ? true : undefined;
  });
  return killedAt;
}

test('a hundred failures while the bus stands still are repaired at once, and afterwards each is told once, in order', async () => {
  const seq = await site.lastSeq();
  stopped = await site.pid('nats-server', 'nats-server');
  process.kill(stopped, 'SIGSTOP');
  const cutAt = Date.now();
  const killedAt = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, at] of (await killAll()).entries()) killedAt.get(names[index] ?? '')?.push(at);
  }
  await until('the end of the cut', 180_000, async () => (Date.now() - cutAt > 20_000 ? true : undefined));
  const pids = names.map((_, index) => pidsOf(command(index)));
  process.kill(stopped, 'SIGCONT');
  stopped = undefined;
  const told = await until('every recovery to be told', 180_000, async () => {
    const recovered = (await site.events(seq)).filter(({ kind }) => kind === 'resource-recovered');
    return recovered.length >= names.length * rounds ? recovered : undefined;
  });
  await site.settled('shop');
  const events = await site.events(seq);
  const failed = events.filter(({ kind }) => kind === 'resource-failed');
  assert.equal(failed.length, names.length * rounds);
  assert.equal(events.filter(({ kind }) => kind === 'resource-recovered').length, told.length);
  for (const name of names) {
    const times = failed.filter(({ resource }) => resource === name).map(({ time }) => Date.parse(String(time)));
    assert.equal(times.length, rounds);
    for (const [index, time] of times.entries()) {
      const lateMs = time - (killedAt.get(name)?.[index] ?? 0);
      assert.ok(Math.abs(lateMs) < 2000, `failure ${index} of ${name} told ${lateMs} ms off`);
    }
  }
  const kinds = new Set(events.map(({ kind }) => kind));
  assert.equal(kinds.has('assembly-failed') || kinds.has('escalated'), false, [...kinds].join(' '));
  assert.deepEqual(
    names.map((_, index) => pidsOf(command(index))),
    pids,
    'and nothing was started once more',
  );
});
