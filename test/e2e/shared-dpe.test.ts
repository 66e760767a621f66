import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pidsOf, type Site, startSite, until } from './site.js';

let site: Site;
const mark = `${process.pid}`;
const names = ['one', 'two', 'three'];

before(async () => {
  site = await startSite('--max-deployables', '2');
});
after(() => site.end());

test('deployables that share a DPE process start, recover and stop without touching each other', async () => {
  for (const [index, name] of names.entries()) {
    const exec = `exec: { command: [sleep, "${index + 1}${mark}"] }`;
    await site.launch(name, `deployable: ${name}\nassemblies: { a: { resources: { r: { ${exec} } } } }\n`);
  }
  const pid = (index: number) => pidsOf(`sleep ${index + 1}${mark}`)[0];
  const before = names.map((_, index) => pid(index));
  assert.ok(before.every((each) => each !== undefined));
  const failures = (await site.events()).filter(({ kind }) => kind.endsWith('-failed'));
  assert.deepEqual(failures, []);
  const seq = await site.lastSeq();
  const info = JSON.parse(await site.must('--json', 'info')) as { instances: { pid: number; deployable: string }[] };
  const init = info.instances.find(({ deployable }) => deployable === 'two')?.pid;
  assert.ok(init !== undefined);
  process.kill(init, 'SIGKILL');
  await site.event(seq, ({ kind, deployable }) => kind === 'deployable-running' && deployable === 'two');
  assert.deepEqual([pid(0), pid(2)], [before[0], before[2]]);
  for (const name of names) await site.must('deployable', 'stop', name);
  await until('all to be stopped', 180_000, async () =>
    names.every((_, index) => pid(index) === undefined) ? true : undefined,
  );
});
