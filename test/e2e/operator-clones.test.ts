import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { type Site, startSite } from './site.js';

/** Replicas with a promotable clone and a plain one, beside an assembly that has nothing to do with them. */
let site: Site;
const mark = `${process.pid}`;

const shop = (replicas: number, command = `2${mark}`) => `
deployable: shop
defaults: { assembly: { escalation: { failures: 20, period: 1h } } }
assemblies:
  pg:
    replicas: ${replicas}
    resources:
      db:
        agent: ocf:heartbeat:Stateful
        parameters: { state: "${site.home}/state-\${self.hostname}" }
        clone: { promotable: { prefer: [pg-1] } }
      pooler: { exec: { command: [sleep, "${command}"] }, clone: true }
      alone: { exec: { command: [sleep, "1${mark}"] } }
  web: { resources: { app: { exec: { command: [sleep, "3${mark}"] } } } }
constraints: [{ order: [{ promote: pg.db }, { start: web.app }] }]
`;

before(async () => {
  site = await startSite();
  await site.launch('shop', shop(3));
});
after(() => site.end());

interface Plan {
  readonly changes: readonly { readonly what: string; readonly subject: string }[];
}

/** What was started and stopped since, in the words of a plan: what did both was restarted. */
async function carriedOut(since: number): Promise<readonly string[]> {
  const seen = new Map<string, Set<string>>();
  for (const { kind, assembly, resource } of await site.events(since)) {
    const what = /^(?:resource|assembly)-(started|stopped)$/.exec(kind)?.[1];
    const subject = `${assembly}.${resource === '' ? 'vm' : resource}`;
    if (what !== undefined) seen.set(subject, (seen.get(subject) ?? new Set()).add(what));
  }
  const words = [...seen].map(([subject, kinds]) =>
    kinds.size === 2 ? `restart ${subject}` : `${kinds.has('started') ? 'start' : 'stop'} ${subject}`,
  );
  return words.sort();
}

async function agents(): Promise<ReadonlyMap<string, number>> {
  const info = JSON.parse(await site.must('--json', 'info')) as {
    processes: { role: string; assembly?: string; pid: number }[];
  };
  return new Map(
    info.processes.filter(({ role }) => role === 'agent').map(({ assembly, pid }) => [assembly ?? '', pid]),
  );
}

/** Pacemaker's own tools accept the CIB and find nothing to do. */
async function nothingLeft(): Promise<void> {
  const cib = site.document('cib.xml', await site.must('cib', 'shop'));
  const verified = spawnSync('crm_verify', ['-V', '-x', cib], { encoding: 'utf8' });
  assert.deepEqual([verified.status, verified.stdout + verified.stderr], [0, '']);
  const simulated = spawnSync('crm_simulate', ['-S', '-x', cib], { encoding: 'utf8' });
  assert.doesNotMatch(simulated.stdout, /Resource action|Pseudo action|Fencing/);
  await site.must('transitions', 'replay', 'shop');
}

const changes = [
  { name: 'a replica less', text: () => shop(2) },
  { name: 'two replicas more, and another command', text: () => shop(4, `4${mark}`) },
];

for (const { name, text } of changes) {
  test(`a reload does what its plan says and nothing else: ${name}`, async () => {
    const file = site.document('shop.yaml', text());
    const plan = JSON.parse(await site.must('--json', 'deployable', 'plan', '-f', file)) as Plan;
    const [seq, before] = [await site.lastSeq(), await agents()];
    await site.must('deployable', 'reload', 'shop', '-f', file);
    assert.deepEqual(await carriedOut(seq), plan.changes.map(({ what, subject }) => `${what} ${subject}`).sort());
    const now = await agents();
    for (const [assembly, pid] of before) {
      if (now.has(assembly)) assert.equal(now.get(assembly), pid, `the agent of ${assembly}`);
    }
    await nothingLeft();
  });
}

test('all replicas are restarted, and drained, at once; their clones are looked for nowhere else', async () => {
  const web = await site.pid('agent', 'web');
  for (const verbs of [['restart'], ['drain', 'unstandby']]) {
    const seq = await site.lastSeq();
    for (const verb of verbs) await site.must('assembly', verb, 'shop', 'pg', '--timeout', '60s');
    await site.settled('shop');
    assert.deepEqual(
      (await site.events(seq)).filter(({ kind }) => /failed/.test(kind)),
      [],
    );
    await nothingLeft();
  }
  assert.equal(await site.pid('agent', 'web'), web);
});
