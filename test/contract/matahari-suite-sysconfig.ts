import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  assertNoSuch,
  assertProblem,
  type Create,
  doneValue,
  type MachineUnderTest,
  type Scheme,
  type SchemeUnderTest,
  type Shared,
  shared,
} from './matahari-under-test.js';

const again = 1;
const schemes: readonly Scheme[] = ['script', 'puppet', 'augeas'];

export function sysconfigContract(create: Create): void {
  const { test } = shared(create);
  propertyTests(test);
  runTests(test);
  refusalTests(test);
  queryTests(test);
}

type Test = Shared['test'];

function propertyTests(test: Test): void {
  test('is_postboot_configured is what it was set to', async ({ sysconfig, host }) => {
    const { uuid, hostname } = doneValue(await host.get());
    assert.deepEqual(doneValue(await sysconfig.get()), { uuid, hostname, isPostbootConfigured: 0 });
    for (const value of [1, 7, 0]) {
      doneValue(await sysconfig.setPostbootConfigured(value));
      assert.deepEqual(doneValue(await sysconfig.get()), { uuid, hostname, isPostbootConfigured: value });
    }
    for (const value of [-1, 1.5, 2 ** 32]) {
      assertProblem(await sysconfig.setPostbootConfigured(value), 'invalid-argument', 'is_postboot_configured');
    }
  });
}

function runTests(test: Test): void {
  test('a text is run, and its result kept', async ({ sysconfig }, machine) => {
    for (const [scheme, known] of present(machine)) {
      for (const [text, expected] of [
        [known.counting, /^OK(\n|$)/],
        [known.failing, known.failure],
      ] as const) {
        const key = nextKey();
        assertProblem(await sysconfig.isConfigured(key), 'not-found');
        const status = doneValue(await sysconfig.runString(text, 0, scheme.toUpperCase(), key));
        if (typeof expected === 'string') assert.equal(status, expected);
        else assert.match(status, expected);
        assert.equal(doneValue(await sysconfig.isConfigured(key)), status);
      }
    }
  });

  test('a known key is not run again, unless flags say so', async ({ sysconfig }, machine) => {
    for (const [scheme, known] of present(machine)) {
      const key = nextKey();
      rmSync(known.counted, { force: true });
      for (const [flags, runs] of [
        [0, 1],
        [0, 1],
        [again, 2],
        [again, 3],
        [0, 3],
      ] as const) {
        assert.match(doneValue(await sysconfig.runString(known.counting, flags, scheme, key)), /^OK(\n|$)/);
        assert.equal(lines(known.counted), runs);
      }
    }
  });

  test('a key that failed is known too, and may be run again', async ({ sysconfig }, machine) => {
    for (const [scheme, known] of present(machine)) {
      const key = nextKey();
      const failed = doneValue(await sysconfig.runString(known.failing, 0, scheme, key));
      assert.equal(doneValue(await sysconfig.runString(known.counting, 0, scheme, key)), failed);
      assert.match(doneValue(await sysconfig.runString(known.counting, again, scheme, key)), /^OK(\n|$)/);
      assert.match(doneValue(await sysconfig.isConfigured(key)), /^OK(\n|$)/);
    }
  });

  test('what a URI names is run', async ({ sysconfig }, machine) => {
    for (const [scheme, known] of present(machine)) {
      const file = join(machine.directory, 'configuration');
      writeFileSync(file, known.counting);
      rmSync(known.counted, { force: true });
      assert.match(doneValue(await sysconfig.runUri(`file://${file}`, 0, scheme, nextKey())), /^OK(\n|$)/);
      assert.equal(lines(known.counted), 1);
      const key = nextKey();
      assertProblem(await sysconfig.runUri(`file://${file}-gone`, 0, scheme, key), 'failed');
      assertProblem(await sysconfig.isConfigured(key), 'not-found');
      assertProblem(await sysconfig.runUri('no uri at all', 0, scheme, nextKey()), 'invalid-argument', 'uri');
    }
  });

  test('results stay when the agent is started again', async ({ sysconfig }, machine, { restart }) => {
    const results: [string, string][] = [];
    for (const [scheme, known] of present(machine)) {
      for (const text of [known.counting, known.failing]) {
        const key = nextKey();
        results.push([key, doneValue(await sysconfig.runString(text, 0, scheme, key))]);
      }
    }
    const restarted = await restart();
    for (const [key, status] of results) assert.equal(doneValue(await restarted.sysconfig.isConfigured(key)), status);
  });
}

function refusalTests(test: Test): void {
  test('a key is never a path', async ({ sysconfig }, machine) => {
    for (const [scheme, known] of present(machine)) {
      rmSync(known.counted, { force: true });
      for (const key of ['', '.', '..', '.hidden', '../up', 'a/b', '/tmp/key', "it's", 'a b', 'a\nb', '$HOME', 'é']) {
        assertProblem(await sysconfig.runString(known.counting, 0, scheme, key), 'invalid-argument', 'key');
        assertProblem(await sysconfig.runString(known.counting, again, scheme, key), 'invalid-argument', 'key');
        assertProblem(await sysconfig.runUri('file:///dev/null', 0, scheme, key), 'invalid-argument', 'key');
        assertProblem(await sysconfig.isConfigured(key), 'invalid-argument', 'key');
      }
      assert.equal(lines(known.counted), 0);
    }
  });

  test('an unknown scheme is refused, and one whose program is missing says so', async ({ sysconfig }, machine) => {
    for (const scheme of ['schema', '', 'script;']) {
      assertProblem(await sysconfig.runString('', 0, scheme, nextKey()), 'invalid-argument', 'scheme');
      assertProblem(await sysconfig.runUri('file:///dev/null', 0, scheme, nextKey()), 'invalid-argument', 'scheme');
    }
    for (const scheme of schemes.filter((name) => machine.schemes[name] === undefined && name !== 'script')) {
      const key = nextKey();
      assertProblem(await sysconfig.runString('x', 0, scheme, key), 'not-installed');
      assertProblem(await sysconfig.isConfigured(key), 'not-found');
    }
  });

  test('flags are a number', async ({ sysconfig }, machine) => {
    for (const [scheme, known] of present(machine)) {
      for (const flags of [-1, 0.5, 2 ** 32]) {
        assertProblem(await sysconfig.runString(known.counting, flags, scheme, nextKey()), 'invalid-argument', 'flags');
      }
    }
  });
}

function queryTests(test: Test): void {
  test('only augeas answers queries', async ({ sysconfig }, { schemes: known }) => {
    for (const scheme of ['puppet', 'script', 'schema', '']) {
      assertProblem(await sysconfig.query('/files', 0, scheme), 'invalid-argument', 'scheme');
    }
    const query = known.augeas?.query;
    if (query === undefined) return assertProblem(await sysconfig.query('/files', 0, 'augeas'), 'not-installed');
    assert.equal(doneValue(await sysconfig.query(query.text, 0, 'augeas')), query.data);
    assertNoSuch(await sysconfig.query(query.unknown, 0, 'augeas'), 'text');
  });
}

function present(machine: MachineUnderTest): readonly (readonly [Scheme, SchemeUnderTest])[] {
  const found = schemes.flatMap((scheme) => {
    const known = machine.schemes[scheme];
    return known === undefined ? [] : ([[scheme, known]] as const);
  });
  assert.ok(found.length > 0, 'a machine without any scheme tests nothing');
  return found;
}

let keys = 0;

function nextKey(): string {
  keys += 1;
  return `Contract-${process.pid}_${keys}.key`;
}

function lines(file: string): number {
  try {
    return readFileSync(file, 'utf8').split('\n').length - 1;
  } catch {
    return 0;
  }
}
