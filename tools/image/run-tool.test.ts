import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isBakeFailure } from './bake-failure.js';
import { runTool } from './run-tool.js';

const directory = mkdtempSync(join(tmpdir(), 'run-tool-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const { signal } = new AbortController();
const purpose = 'could not do it';

test('a program gets its words and its input as they are, and its output comes back', async () => {
  const words = ['/bin/sh', '-c', 'printf "%s|" "$@"; cat', 'sh', '$HOME; x', 'ä'] as const;
  assert.equal(await runTool([...words], { signal, purpose, input: 'ö' }), '$HOME; x|ä|ö');
});

test('every line of both outputs is told', async () => {
  const lines: string[] = [];
  await runTool(['/bin/sh', '-c', 'echo a; echo b >&2'], { signal, purpose, onLine: (line) => lines.push(line) });
  assert.deepEqual(lines.sort(), ['a', 'b']);
});

test('a program that fails is named with what it said last', async () => {
  const failing = runTool(['/bin/sh', '-c', 'echo why >&2; exit 3'], { signal, purpose, next: 'mend it' });
  await assert.rejects(failing, (error) => {
    assert.ok(isBakeFailure(error));
    assert.equal(error.message, '/bin/sh could not do it: status 3\n  why');
    assert.equal(error.next, 'mend it');
    return true;
  });
});

test('nothing of the environment reaches it', async () => {
  process.env.CPE_TEST_SECRET = 'x';
  assert.equal((await runTool(['env'], { signal, purpose })).includes('CPE_TEST_SECRET'), false);
});

test('an interruption ends it with all that it has started', { timeout: 60_000 }, async () => {
  const controller = new AbortController();
  const file = join(directory, 'late');
  const script = `(sleep 3; touch ${file}) & echo started; wait`;
  const run = runTool(['/bin/sh', '-c', script], {
    signal: controller.signal,
    purpose,
    onLine: () => controller.abort(),
  });
  await assert.rejects(run, { name: 'AbortError' });
  assert.equal(existsSync(file), false);
  await assert.rejects(runTool(['true'], { signal: controller.signal, purpose }), { name: 'AbortError' });
});
