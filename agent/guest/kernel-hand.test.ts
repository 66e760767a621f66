import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openKernelHand } from './kernel-hand.js';

/** In place of the machine's date(1): the clock of the machine that runs the tests is not ours to set. */
const directory = mkdtempSync(join(tmpdir(), 'kernel-hand-'));
const [said, path] = [join(directory, 'said'), process.env.PATH];
writeFileSync(join(directory, 'date'), `#!/bin/sh\necho "$@" >>${said}\necho chatter\n[ "$2" != --set=@1.000 ]\n`);
chmodSync(join(directory, 'date'), 0o755);
process.env.PATH = `${directory}:${path}`;
after(() => rmSync(directory, { recursive: true }));

test('what is asked for is done in order, and what fails is told', async () => {
  const hand = openKernelHand();
  const outcomes = await Promise.allSettled([
    hand.setClock(1_700_000_000_123),
    hand.setClock(1000),
    hand.setClock(1_700_000_001_000),
  ]);
  hand.close();
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.match(String((outcomes[1] as PromiseRejectedResult).reason), /date: exit 256/);
  const calls = readFileSync(said, 'utf8').trim().split('\n');
  assert.deepEqual(calls, ['--utc --set=@1700000000.123', '--utc --set=@1.000', '--utc --set=@1700000001.000']);
});

test('the random number generator takes a seed from root, and no other', async () => {
  const hand = openKernelHand();
  const outcome = await hand.reseed(new Uint8Array(64)).then(
    () => 'done',
    (error: Error) => error.message,
  );
  hand.close();
  assert.match(outcome, /^(done|RNDADDENTROPY: Operation not permitted|\/dev\/urandom: Permission denied)$/);
});

test('without perl everything is refused', async () => {
  process.env.PATH = directory;
  const hand = openKernelHand();
  process.env.PATH = `${directory}:${path}`;
  await assert.rejects(hand.setClock(1000), /perl: .*ENOENT|perl has ended/);
  await assert.rejects(hand.reseed(new Uint8Array()), /perl/);
  hand.close();
});
