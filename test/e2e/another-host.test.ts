import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pidsOf, type Site, startSite } from './site.js';

let site: Site;
/** Arguments that no other process of this machine has. */
const mark = `${process.pid}`;

const document = `
deployable: duo
hosts: [left, right]
assemblies:
  db:
    escalation: { failures: 2, period: 1h }
    resources: { store: { exec: { command: [sleep, "1${mark}"] } } }
  web:
    resources: { app: { exec: { command: [sleep, "2${mark}"] } } }
escalation: { failures: 2, period: 1h }
`;

before(async () => {
  site = await startSite('--launcher-host', 'left,right');
  await site.launch('duo', document);
});
after(() => site.end());

async function hostOf(name: string): Promise<string> {
  const status = JSON.parse(await site.must('--json', 'deployable', 'status', 'duo')) as {
    assemblies: { readonly name: string; readonly launcherHost: string }[];
  };
  return status.assemblies.find((each) => each.name === name)?.launcherHost ?? '';
}

/** Kills the instance of `db` and waits until the deployable runs again; the kinds of events on the way. */
async function kill(): Promise<readonly string[]> {
  const seq = await site.lastSeq();
  process.kill(await site.pid('instance', 'db'), 'SIGKILL');
  await site.event(seq, ({ kind }) => kind === 'deployable-running');
  return (await site.events(seq)).map(({ kind }) => kind);
}

test('an assembly that fails too often on one launcher host starts on another, with a new budget there', async () => {
  const [first, bystander] = [await hostOf('db'), pidsOf(`sleep 2${mark}`)[0]];
  assert.equal((await kill()).includes('escalated'), false);
  assert.equal(await hostOf('db'), first);
  assert.equal((await kill()).includes('escalated'), true);
  const second = await hostOf('db');
  assert.notEqual(second, first);
  assert.equal((await kill()).includes('escalated'), false);
  assert.equal(await hostOf('db'), second);
  assert.equal(pidsOf(`sleep 2${mark}`)[0], bystander, 'nobody else is touched');
});

test('when the last launcher host is used up, the deployable is restarted in order', async () => {
  const kinds = await kill();
  assert.deepEqual(
    kinds.filter((kind) => kind === 'escalated' || kind === 'deployable-restarting'),
    ['escalated', 'deployable-restarting'],
  );
});
