import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Site, startSite } from './site.js';

const planted = 'pl4nted-s3cret';
const document = `
deployable: shop
assemblies:
  web:
    resources:
      app:
        exec: { command: [sleep, "81${process.pid}"], environment: { DB_PASSWORD: ${planted}-1 } }
      idle: { exec: { command: [/bin/sh, -c, "sleep 82${process.pid}; : --api-token=${planted}-2"] } }
`;

let site: Site;
before(async () => {
  site = await startSite();
  await site.launch('shop', document);
  await site.settled('shop');
});
after(() => site.end());

/** Everything in a report, with the names of its files. */
function unpack(file: string, into: string): string {
  mkdirSync(into);
  execFileSync('tar', ['-xzf', file, '-C', into]);
  return readdirSync(into, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'utf8')}`)
    .join('\n');
}

function secrets(): readonly string[] {
  return ['keys', 'credentials'].flatMap((folder) =>
    readdirSync(join(site.home, folder)).flatMap(
      (name) =>
        readFileSync(join(site.home, folder, name), 'utf8').match(
          /S[OAUCN][A-Z2-7]{56}|\b[0-9a-f]{64}\b|eyJ[\w.-]{50,}|\bMIG[\w+/]{40,}/g,
        ) ?? [],
    ),
  );
}

test('a report has what happened and no secret, and is for its owner only', async () => {
  // As careless as a log can be.
  const leak = `{"msg":"started","password":"${planted}-3"} ${secrets().join(' ')} nats://u:${planted}-4@h:1\n`;
  writeFileSync(join(site.home, 'logs', 'careless.log'), leak);
  const file = join(site.home, '..', 'report.tar.gz');
  assert.match(await site.must('report', '--out', file), /1 deployable\(s\)/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const text = unpack(file, join(site.home, '..', 'unpacked'));
  for (const part of ['deployable-running', 'cped is up', 'startDeployable', '<cib', '"node"']) {
    assert.ok(text.includes(part), part);
  }
  assert.ok(secrets().length > 10);
  for (const secret of [...secrets(), planted]) assert.ok(!text.includes(secret), `${secret.slice(0, 20)} is in it`);
  const again = await site.run('report', '--out', file);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /cannot be written/);
});

test('without a coordinator there is a report of its logs', async () => {
  await site.must('down', '--keep-running');
  const file = join(site.home, '..', 'down.tar.gz');
  const ran = await site.run('report', '--out', file);
  assert.equal(ran.code, 0, ran.stderr);
  assert.match(ran.stderr, /does not answer/);
  const text = unpack(file, join(site.home, '..', 'unpacked-down'));
  assert.ok(text.includes('cped is up'));
  assert.ok(text.includes('missing.txt'));
  await site.must('up');
  await site.settled('shop');
});
