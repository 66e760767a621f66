import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { pidsOf, until } from '../e2e/site.js';
import { namespacesMissing } from './namespaces.js';
import { type NetworkSite, startNetworkSite, takeCensus } from './network-site.js';

const skip = namespacesMissing() ?? false;
const mark = `${process.pid}`;
const apps = { store: `sleep 5${mark}`, app: `sleep 6${mark}` } as const;
/** Each start of anything appends its name. */
const directory = mkdtempSync(join(tmpdir(), 'starts-'));
const log = join(directory, 'starts');
const resource = (name: keyof typeof apps) =>
  `${name}: { exec: { command: [sh, -c, "echo ${name} >>${log}; exec ${apps[name]}"] }, escalation: { failures: 50, period: 1h } }`;
const document = `
deployable: shop
hosts: [c]
assemblies:
  db: { escalation: { failures: 50, period: 1h }, resources: { ${resource('store')} } }
  web: { escalation: { failures: 50, period: 1h }, resources: { ${resource('app')} } }
constraints:
  - { order: [db.store, web.app] }
`;

let site: NetworkSite;
const census = takeCensus(Object.values(apps));

before(async () => {
  if (skip !== false) return;
  site = await startNetworkSite({ buses: ['b'], launcherHosts: ['c'], relay: 'r', agentLostMs: 15_000 });
  await site.launch('shop', document);
});
after(async () => {
  census.stop();
  if (skip === false) await site.end();
  rmSync(directory, { recursive: true });
});
afterEach(() => assert.ok(skip !== false || census.mostAtOnce === 1, 'something ran twice'));

const starts = () => readFileSync(log, 'utf8').split('\n').filter(Boolean);

/** Does it, waits until all is settled with other processes of these names, and asserts that nothing was started more often. */
async function startsOf(expected: readonly (keyof typeof apps)[], change: () => Promise<unknown>): Promise<void> {
  const before = starts().length;
  await change();
  await until(
    `${expected.join(', ')} to start`,
    120_000,
    async () => (starts().length >= before + expected.length ? true : undefined),
    async () => starts().join(' '),
  );
  await site.settled('shop');
  assert.deepEqual(starts().slice(before), expected);
}

async function kill(name: keyof typeof apps): Promise<void> {
  const [pid] = pidsOf(apps[name]);
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGKILL');
}

test('on a slow bus that doubles messages everything is started once, in order', { skip }, async () => {
  assert.deepEqual(starts(), ['store', 'app']);
});

test('failures are repaired once and told once', { skip }, async () => {
  const seq = await site.lastSeq();
  await startsOf(['app'], () => kill('app'));
  await startsOf(['store', 'app'], () => kill('store'));
  await site.event(seq, 'resource-failed', 'db');
  const failed = (await site.cpectl.events(seq)).filter(({ kind }) => kind === 'resource-failed');
  assert.deepEqual(
    failed.map(({ assembly }) => assembly),
    ['web', 'db'],
  );
});

test('what an operator asks for is done once', { skip }, async () => {
  await startsOf(['app'], () => site.cpectl.must('resource', 'restart', 'shop', 'web.app'));
  await startsOf(['app'], () => site.cpectl.must('assembly', 'destroy', 'shop', 'web', '--force'));
  await site.cpectl.must('deployable', 'stop', 'shop', '--force');
  assert.deepEqual(Object.values(apps).flatMap(pidsOf), []);
  await startsOf(['store', 'app'], () => site.cpectl.must('deployable', 'start', 'shop'));
});
