import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ProcessJson, type Site, startSite, until } from './site.js';

/** Six assemblies that lose their agents, or their instances, at the same moment. */
let site: Site;
const mark = `${process.pid}`;
const names = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'];
const stopped = new Set<number>();

before(async () => {
  site = await startSite('--agent-lost-ms', '6000');
  const assemblies = names.map((name, index) => `  ${name}: { resources: { r: ${sleeping(index)} } }`);
  await site.launch('storm', `deployable: storm\nassemblies:\n${assemblies.join('\n')}\n`);
});
after(async () => {
  for (const pid of stopped) resume(pid);
  await site.end();
});

function resume(pid: number): void {
  stopped.delete(pid);
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It was given up and killed meanwhile.
  }
}

const sleeping = (index: number) => `{ exec: { command: [sleep, "${index + 1}${mark}"] } }`;

/** Pids of the agents or of the inits, by the names of their assemblies. */
async function pids(role: 'agent' | 'instance'): Promise<readonly number[]> {
  const info = JSON.parse(await site.must('--json', 'info')) as Record<'processes' | 'instances', ProcessJson[]>;
  const all = [...info.processes, ...info.instances].filter((each) => each.role === role);
  return names.map((name) => all.find(({ assembly }) => assembly === name)?.pid ?? 0);
}

test('when most agents fall silent at once nothing is recovered, and it goes on when they come back', async () => {
  const [agents, instances] = [await pids('agent'), await pids('instance')];
  const seq = await site.lastSeq();
  for (const pid of agents.slice(0, 4)) {
    process.kill(pid, 'SIGSTOP');
    stopped.add(pid);
  }
  const held = await site.event(seq, ({ kind }) => kind === 'recovery-held');
  assert.match(held.reason, /[34] of 6 agents.*cpectl deployable resume storm/);
  // Longer than the time after which one silent agent alone would have been given up.
  const since = Date.now();
  await until('the time to pass', 180_000, async () => (Date.now() - since > 9_000 ? true : undefined));
  for (const pid of stopped) resume(pid);
  await site.event(seq, ({ kind }) => kind === 'recovery-resumed');
  await site.settled('storm');
  assert.deepEqual([await pids('agent'), await pids('instance')], [agents, instances]);
  const kinds = new Set((await site.events(seq)).map(({ kind }) => kind));
  assert.ok(!kinds.has('assembly-failed'), [...kinds].join());
});

test('instances that are proven dead are all recovered at once', async () => {
  const instances = await pids('instance');
  const seq = await site.lastSeq();
  for (const pid of instances) process.kill(pid, 'SIGKILL');
  await site.event(seq, ({ kind }) => kind === 'deployable-running', 90_000);
  const events = await site.events(seq);
  assert.deepEqual(
    events.filter(({ kind }) => kind === 'recovery-held'),
    [],
  );
  assert.deepEqual(
    events
      .filter(({ kind }) => kind === 'assembly-failed')
      .map(({ assembly }) => assembly)
      .sort(),
    names,
  );
});
