import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openResultMemory, type RememberedResult } from './result-memory.js';

test('a result is found by its operation id, also by a later process', async (t) => {
  const file = temporaryFile(t);
  const memory = await openResultMemory(file);
  await memory.remember(result(1));
  assert.deepEqual(memory.find('op-1'), result(1));
  assert.equal(memory.find('op-2'), undefined);
  assert.deepEqual((await openResultMemory(file)).find('op-1'), result(1));
});

test('the latest are remembered, and the file stays bounded', async (t) => {
  const file = temporaryFile(t);
  const memory = await openResultMemory(file, 10);
  await Promise.all(Array.from({ length: 200 }, (_, at) => memory.remember(result(at))));
  for (const found of [memory, await openResultMemory(file, 10)]) {
    assert.equal(found.find('op-189'), undefined);
    for (let at = 190; at < 200; at += 1) assert.deepEqual(found.find(`op-${at}`), result(at));
  }
  assert.ok(readFileSync(file, 'utf8').split('\n').length <= 21);
});

test('a torn last line costs that result alone', async (t) => {
  const file = temporaryFile(t);
  await (await openResultMemory(file)).remember(result(1));
  appendFileSync(file, '{"operationId":"op-2","ord');
  const memory = await openResultMemory(file);
  assert.equal(memory.find('op-2'), undefined);
  await memory.remember(result(3));
  const reopened = await openResultMemory(file);
  assert.deepEqual(reopened.find('op-1'), result(1));
  assert.deepEqual(reopened.find('op-3'), result(3));
});

test('a result without a state is none', async (t) => {
  const file = temporaryFile(t);
  appendFileSync(file, '{"operationId":"op-1","order":"start","state":null}\n');
  assert.equal((await openResultMemory(file)).find('op-1'), undefined);
});

function result(at: number): RememberedResult {
  return { operationId: `op-${at}`, order: `destroy shop.db.local.1-${at}`, state: { state: 'dead', atUnixMs: at } };
}

function temporaryFile(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'cpe-results-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return join(directory, 'results.jsonl');
}
