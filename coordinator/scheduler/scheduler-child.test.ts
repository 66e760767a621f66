/** How the adapter treats a scheduler process that misbehaves: a program that does what the CIB's text tells it. */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import type { Decision, Scheduler } from './scheduler.js';
import { openSchedulerChild, type SchedulerChildOptions, type SchedulerProcessEvent } from './scheduler-child.js';

const directory = mkdtempSync(join(tmpdir(), 'scheduler-child-'));
after(() => rmSync(directory, { recursive: true }));

/** Answers with its count of requests as graph, unless the CIB's first word tells it to do worse. */
const OBEDIENT_PROGRAM = `#!${process.execPath}
const fs = require('node:fs');
let served = 0;
const read = (length) => {
  const all = Buffer.alloc(length);
  for (let have = 0; have < length; ) {
    const got = fs.readSync(0, all, have, length - have);
    if (got === 0) process.exit(0);
    have += got;
  }
  return all;
};
const write = (bytes) => { for (let done = 0; done < bytes.length; ) done += fs.writeSync(3, bytes, done); };
const frame = (id, meta, graph) => {
  const header = Buffer.alloc(16);
  header.write('CPE1');
  header.writeUInt32LE(id, 4);
  header.writeUInt32LE(meta.length, 8);
  header.writeUInt32LE(graph.length, 12);
  return Buffer.concat([header, Buffer.from(meta), Buffer.from(graph)]);
};
const GRAPH = JSON.stringify({ kind: 'graph', recheckAtUnixS: 5, warnings: [], status: { nodes: [], resources: [] } });
for (;;) {
  const header = read(32);
  const id = header.readUInt32LE(4);
  const [word, argument] = read(Number(header.readBigUInt64LE(24))).toString().split(' ');
  const answer = frame(id, GRAPH, String(++served));
  if (word === 'crash' || (word === 'crash-once' && !fs.existsSync(argument))) {
    if (argument) fs.writeFileSync(argument, '');
    fs.writeSync(2, 'assertion failed: ' + word);
    process.kill(process.pid, 'SIGABRT');
    for (;;);
  }
  if (word === 'hang') for (;;);
  if (word === 'exit-in-answer') { write(answer.subarray(0, 30)); process.exit(3); }
  if (word === 'garbage') { write(Buffer.from('Warning: something printed here')); continue; }
  if (word === 'bad-json') { write(frame(id, '{"kind":"graph"}', '')); continue; }
  if (word === 'wrong-id') { write(frame(id + 1, GRAPH, '')); continue; }
  if (word === 'huge') { write(frame(id, GRAPH, 'x'.repeat(200_000))); continue; }
  if (word === 'byte-by-byte') { for (const byte of answer) write(Buffer.of(byte)); continue; }
  if (word === 'answer-and-exit') { write(answer); process.exit(0); }
  write(answer);
}
`;

function writeProgram(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

const obedient = writeProgram('obedient', OBEDIENT_PROGRAM);

function open(t: TestContext, options: SchedulerChildOptions = {}): { scheduler: Scheduler; events: string[] } {
  const events: string[] = [];
  const onEvent = (event: SchedulerProcessEvent) => {
    events.push(event.kind === 'started' ? 'started' : event.message);
  };
  const scheduler = openSchedulerChild({ binary: obedient, maxResponseBytes: 100_000, onEvent, ...options });
  t.after(() => scheduler.close());
  return { scheduler, events };
}

const ask = (scheduler: Scheduler, cib: string, deadlineMs = 60_000) =>
  scheduler.decide({ cib, nowUnixS: 1, deadlineMs });

/** What a test compares: the kind, then the graph or the reason. */
const brief = (decision: Decision) =>
  decision.kind === 'graph' ? `graph ${decision.graphXml}` : `${decision.kind} ${decision.reason}`;

test('one process answers request after request', async (t) => {
  const { scheduler, events } = open(t);
  const decision = await ask(scheduler, 'answer');
  assert.ok(decision.kind === 'graph');
  assert.equal(decision.recheckAtUnixS, 5);
  assert.ok(decision.elapsedMs > 0);
  assert.equal(brief(await ask(scheduler, 'byte-by-byte')), 'graph 2');
  assert.deepEqual(events, ['started']);
});

test('requests made at once are answered in their order', async (t) => {
  const { scheduler } = open(t);
  const decisions = await Promise.all(Array.from({ length: 20 }, () => ask(scheduler, 'answer')));
  assert.deepEqual(
    decisions.map(brief),
    Array.from({ length: 20 }, (_, index) => `graph ${index + 1}`),
  );
});

test('a request that its process dies of is asked again in a new one', async (t) => {
  const { scheduler, events } = open(t);
  assert.equal(brief(await ask(scheduler, `crash-once ${join(directory, 'crashed')}`)), 'graph 1');
  assert.deepEqual(events, ['started', 'it was ended by SIGABRT', 'started']);
});

for (const [word, reason, message] of [
  ['crash', 'crashed', /ended by SIGABRT/],
  ['exit-in-answer', 'crashed', /exited with code 3/],
  ['garbage', 'protocol', /not of this protocol version/],
  ['wrong-id', 'protocol', /what was not asked/],
  ['huge', 'protocol', /larger than the 100000 allowed/],
] as const) {
  test(`a process that always does "${word}" fails its request after two attempts and does not harm the next one`, async (t) => {
    const { scheduler } = open(t);
    const [decision, next] = await Promise.all([ask(scheduler, word), ask(scheduler, 'answer')]);
    assert.ok(decision.kind === 'failed');
    assert.equal(decision.reason, reason);
    assert.match(decision.message, message);
    assert.equal(decision.attempts, 2);
    assert.equal(brief(next), 'graph 1');
  });
}

test('the end of what a crashing process printed is told', async (t) => {
  const decision = await ask(open(t, { maxAttempts: 1 }).scheduler, 'crash');
  assert.ok(decision.kind === 'failed');
  assert.deepEqual([decision.attempts, decision.stderr], [1, 'assertion failed: crash']);
});

test('an answer with the wrong fields fails its request and replaces the process', async (t) => {
  const { scheduler } = open(t);
  const [decision, next] = await Promise.all([ask(scheduler, 'bad-json'), ask(scheduler, 'answer')]);
  assert.equal(brief(decision), 'failed protocol');
  assert.equal(brief(next), 'graph 1');
});

test('a request that misses its deadline costs the process its life, not the next request', async (t) => {
  const { scheduler, events } = open(t);
  await ask(scheduler, 'answer');
  const [decision, next] = await Promise.all([ask(scheduler, 'hang', 100), ask(scheduler, 'answer')]);
  assert.ok(decision.kind === 'failed');
  assert.deepEqual([decision.reason, decision.attempts], ['timeout', 1]);
  assert.equal(brief(next), 'graph 1');
  assert.equal(events.filter((event) => event === 'started').length, 2);
});

test('a request whose deadline passes while it waits fails alone', async (t) => {
  const { scheduler } = open(t);
  const first = ask(scheduler, 'hang', 2000);
  const second = await ask(scheduler, 'answer', 50);
  assert.ok(second.kind === 'failed');
  assert.deepEqual([second.reason, second.attempts], ['timeout', 0]);
  assert.equal(brief(await first), 'failed timeout');
});

test('a process that ended while idle is replaced with the next request', async (t) => {
  const { scheduler } = open(t);
  assert.equal(brief(await ask(scheduler, 'answer-and-exit')), 'graph 1');
  assert.equal(brief(await ask(scheduler, 'answer')), 'graph 1');
});

test('requests beyond the allowed number waiting fail at once', async (t) => {
  const { scheduler } = open(t, { maxWaiting: 2 });
  const decisions = await Promise.all(Array.from({ length: 5 }, () => ask(scheduler, 'answer')));
  const overloaded = 'failed overloaded';
  assert.deepEqual(decisions.map(brief), ['graph 1', 'graph 2', 'graph 3', overloaded, overloaded]);
});

test('a CIB larger than allowed is refused, counted in bytes, without a process', async (t) => {
  const { scheduler, events } = open(t, { maxCibBytes: 10 });
  assert.equal(brief(await ask(scheduler, 'ääääää')), 'refused oversize');
  assert.deepEqual(events, []);
  assert.equal(brief(await ask(scheduler, 'äääää')), 'graph 1');
});

test('closing answers the request under way and those waiting, ends the process and is final', async () => {
  const events: string[] = [];
  const scheduler = openSchedulerChild({ binary: obedient, onEvent: (event) => events.push(event.kind) });
  const decisions = [ask(scheduler, 'hang'), ask(scheduler, 'answer')];
  await scheduler.close();
  assert.deepEqual((await Promise.all(decisions)).map(brief), ['failed closed', 'failed closed']);
  assert.deepEqual(events, ['started', 'ended']);
  assert.equal(brief(await ask(scheduler, 'answer')), 'failed closed');
  await scheduler.close();
});

test('closing an idle scheduler lets its process end by itself', async (t) => {
  const { scheduler, events } = open(t);
  await ask(scheduler, 'answer');
  await scheduler.close();
  assert.deepEqual(events, ['started', 'it exited with code 0']);
});

test('a missing binary is told with the command that builds it', async (t) => {
  const { scheduler } = open(t, { binary: join(directory, 'absent') });
  const decision = await ask(scheduler, 'answer');
  assert.ok(decision.kind === 'failed');
  assert.equal(decision.reason, 'not-built');
  assert.match(
    decision.message,
    /absent is missing; build it with "sh coordinator\/scheduler\/native\/build.sh .native"/,
  );
  await assert.rejects(scheduler.hello(), /no scheduler \(not-built\).*build\.sh/s);
});

test('a binary that may not be executed is told as such', async (t) => {
  const path = writeProgram('locked', '');
  chmodSync(path, 0o644);
  assert.equal(brief(await ask(open(t, { binary: path }).scheduler, 'answer')), 'failed not-started');
});

test('a binary that ends before it serves is told with what it printed', async (t) => {
  const path = writeProgram(
    'broken',
    '#!/bin/sh\necho "libpacemaker.so.1: cannot open shared object file" >&2\nexit 127\n',
  );
  const decision = await ask(open(t, { binary: path }).scheduler, 'answer');
  assert.ok(decision.kind === 'failed');
  assert.equal(decision.reason, 'crashed');
  assert.match(decision.stderr, /libpacemaker/);
});

for (const nowUnixS of [-1, 1.5, Number.NaN, 253_402_300_800]) {
  test(`${nowUnixS} as time is the caller's error`, async (t) => {
    await assert.rejects(open(t).scheduler.decide({ cib: 'answer', nowUnixS }), RangeError);
  });
}
