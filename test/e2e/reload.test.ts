/** A changed parameter of a resource that runs: a reload where its agent can, and a restart where it has to be one. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Site, startSite } from './site.js';

let site: Site;
const document = (state: string, fake: string) => `
deployable: shop
assemblies:
  web:
    resources:
      dummy: { agent: "ocf:heartbeat:Dummy", parameters: { state: "${site.home}/${state}", fake: "${fake}" } }
      app: { exec: { command: [sleep, "4${process.pid}"] } }
constraints:
  - { order: [web.dummy, web.app] }
`;

before(async () => {
  site = await startSite();
  await site.launch('shop', document('one', 'first'));
  await site.settled('shop', 'running', 240_000);
});
after(() => site.end());

/** What a new definition leads to, as events of resources in their order. */
async function changeTo(state: string, fake: string): Promise<readonly string[]> {
  const since = await site.lastSeq();
  await site.must('deployable', 'reload', 'shop', '-f', site.document(`${state}-${fake}.yaml`, document(state, fake)));
  await site.settled('shop', 'running', 240_000);
  const events = await site.events(since);
  return events
    .filter(({ kind }) => kind.startsWith('resource-'))
    .map(({ resource, kind, reason }) => `${resource} ${kind}${kind === 'resource-failed' ? `: ${reason}` : ''}`);
}

test('a parameter that does not identify the resource is taken over while it runs', async () => {
  assert.deepEqual(await changeTo('one', 'second'), ['dummy resource-reloaded']);
  assert.deepEqual(await changeTo('one', 'third'), ['dummy resource-reloaded']);
});

test('one that identifies it restarts it, and what depends on it', async () => {
  assert.deepEqual(await changeTo('two', 'third'), [
    'app resource-stopped',
    'dummy resource-stopped',
    'dummy resource-started',
    'app resource-started',
  ]);
});
