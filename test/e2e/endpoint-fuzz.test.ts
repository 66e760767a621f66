import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { mintCredentials, openAuthority } from '../../coordinator/identity/authority.js';
import type { Identity } from '../../coordinator/identity/permissions.js';
import { inboxesOf } from '../../proto/subjects.js';
import { plainConnect } from '../contract/plain-client.js';
import { madeEnvelopes } from '../fuzz/made-envelopes.js';
import { mutateBytes } from '../fuzz/mutate-bytes.js';
import { Chance } from '../sim/chance.js';
import { pidsOf, type Site, startSite } from './site.js';

/** FUZZ_SECONDS makes it longer, FUZZ_SEED another one. */
const seconds = Number(process.env.FUZZ_SECONDS ?? 15);
const seed = Number(process.env.FUZZ_SEED ?? 1);
const mark = `4${process.pid}`;
/** What a process may hold more at the end than after the first half; it is meant to be about nothing. */
const grownMiB = 64;

let site: Site;
before(async () => {
  site = await startSite();
  await site.launch(
    'shop',
    `deployable: shop\nassemblies: { web: { resources: { app: { exec: { command: [sleep, "1${mark}"] } } } } }\n`,
  );
  await site.settled('shop');
});
after(() => site.end());

/** As each of the processes that talk to us, so that all of it gets past the bus. */
const senders = (instance: string): readonly (readonly [Identity, readonly string[]])[] => [
  [{ role: 'viewer', id: 'fuzz' }, ['cpe.v1.cpe.main.request.viewer.fuzz']],
  [{ role: 'operator', id: 'fuzz' }, ['cpe.v1.launcher.local.list', `cpe.v1.agent.${instance}.call`]],
  [{ role: 'launcher', id: 'ghost' }, ['cpe.v1.launcher.ghost.beat', 'cpe.v1.launcher.ghost.report.shop']],
  [
    { role: 'agent', id: 'shop.ghost.local.1-1' },
    ['register', 'heartbeat', 'report', 'event', 'renew'].map(
      (channel) => `cpe.v1.agent.shop.ghost.local.1-1.${channel}`,
    ),
  ],
];

test('well-formed and mutated messages at every endpoint: nobody ends, hangs or grows', {
  timeout: 600_000,
}, async (context) => {
  const info = JSON.parse(await site.must('--json', 'info')) as {
    busUrl: string;
    instances: { name: string }[];
    processes: { role: string; pid: number; name: string }[];
  };
  const [{ name: instance } = { name: '' }] = info.instances;
  const watched = info.processes.filter(({ role }) => ['cped', 'dped', 'launcherd', 'agent'].includes(role));
  assert.equal(watched.length, 4);
  const running = pidsOf(`sleep 1${mark}`);
  const authority = await openAuthority(site.home);
  const connections = await Promise.all(
    senders(instance).map(async ([identity, subjects]) => {
      const inboxPrefix = inboxesOf(identity.role, identity.id).slice(0, -2);
      const credentials = mintCredentials(authority, identity, { issuedUnixMs: Date.now() });
      const connection = await plainConnect(info.busUrl, credentials, { inboxPrefix });
      context.after(() => connection.close());
      return { connection, subjects, reply: `${inboxPrefix}.x` };
    }),
  );
  const chance = new Chance(seed);
  let sent = 0;
  let half: readonly number[] | undefined;
  const end = Date.now() + seconds * 1_000;
  for (let round = 0; Date.now() < end; round += 1) {
    const made = fc.sample(madeEnvelopes, { seed: seed + round, numRuns: 50 });
    const breed = { corpus: made, words: ['shop', 'local'], maxBytes: 262_144 };
    for (const { connection, subjects, reply } of connections) {
      for (const subject of subjects) {
        for (let count = 0; count < 10; count += 1) {
          const whole = made[(sent + count) % made.length] ?? new Uint8Array();
          connection.publish(subject, count % 3 === 0 ? mutateBytes(chance, breed) : whole, { reply });
          sent += 1;
        }
      }
      await connection.flush();
    }
    if (half === undefined && Date.now() > end - (seconds * 1_000) / 2)
      half = watched.map(({ pid }) => residentMiB(pid));
  }
  await site.settled('shop');
  const grown = watched.map(({ pid, name }, at) => `${name} ${Math.round(residentMiB(pid) - (half?.[at] ?? 0))} MiB`);
  context.diagnostic(`${sent} messages, seed ${seed}; grown since half of them: ${grown.join(', ')}`);
  for (const [at, { pid, name }] of watched.entries()) {
    assert.ok(residentMiB(pid) - (half?.[at] ?? 0) < grownMiB, `${name} has grown: ${grown.join(', ')}`);
  }
  assert.deepEqual(pidsOf(`sleep 1${mark}`), running);
  const after = JSON.parse(await site.must('--json', 'info')) as typeof info;
  const pids = (processes: typeof watched) => processes.map(({ role, pid }) => `${role} ${pid}`).sort();
  assert.deepEqual(
    pids(after.processes.filter(({ role }) => ['cped', 'dped', 'launcherd', 'agent'].includes(role))),
    pids(watched),
  );
});

function residentMiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
