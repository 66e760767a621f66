import assert from 'node:assert/strict';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Invocation, Matahari, ResourceOp } from '../../agent/matahari/matahari.js';
import {
  assertNoSuch,
  assertProblem,
  type Create,
  doneValue,
  eventually,
  type MachineUnderTest,
  processesOf,
  type Shared,
  shared,
} from './matahari-under-test.js';

export function resourcesContract(create: Create): void {
  const { test } = shared(create);
  listTests(test);
  invokeTests(test);
  refusalTests(test);
  recurringTests(test);
  cancelTests(test);
  failTests(test);
}

type Test = Shared['test'];

function listTests(test: Test): void {
  test('the object says whose it is', async ({ resources, host }) => {
    const { uuid, hostname } = doneValue(await host.get());
    assert.deepEqual(doneValue(await resources.get()), { uuid, hostname });
  });

  test('standards, providers and agents are listed, each once', async ({ resources }, { ocf, hangingScript }) => {
    const standards = doneValue(await resources.listStandards());
    const providers = doneValue(await resources.listProviders('ocf'));
    const agents = doneValue(await resources.list('ocf', ocf.provider));
    const scripts = doneValue(await resources.list('lsb', ''));
    for (const names of [standards, providers, agents, scripts]) assert.equal(new Set(names).size, names.length);
    assert.ok(standards.includes('ocf') && standards.includes('lsb'), standards.join(' '));
    assert.ok(providers.includes(ocf.provider), providers.join(' '));
    assert.ok(agents.includes(ocf.agent), agents.join(' '));
    if (hangingScript !== undefined) assert.ok(scripts.includes(hangingScript.name), scripts.join(' '));
    assert.deepEqual(doneValue(await resources.listProviders('lsb')), []);
  });

  test('a standard may be written in any case', async ({ resources }, machine) => {
    const { provider, agent } = machine.ocf;
    assert.ok(doneValue(await resources.list('OCF', provider)).includes(agent));
    assert.equal(doneValue(await resources.invoke(probe(machine, 'case', { standard: 'Ocf' }))).rc, 7);
  });

  test('an unknown standard or provider is refused', async ({ resources }) => {
    for (const standard of ['no-such-standard', '', '../ocf']) {
      assertProblem(await resources.listProviders(standard), 'invalid-argument', 'standard');
      assertProblem(await resources.list(standard, ''), 'invalid-argument', 'standard');
    }
    for (const provider of ['no-such-provider', '..', '.', '../resource.d/contract', 'a/b']) {
      assertNoSuch(await resources.list('ocf', provider), 'provider');
    }
  });

  test('a resource agent is described by its meta-data', async ({ resources }, { ocf, describesResources }) => {
    const outcome = await resources.describe('ocf', ocf.provider, ocf.agent);
    if (!describesResources) return assertProblem(outcome, 'unavailable');
    assert.match(doneValue(outcome), /<resource-agent [^>]*\bname="Probe"/);
    assertProblem(await resources.describe('no-such-standard', '', 'x'), 'invalid-argument', 'standard');
    assertNoSuch(await resources.describe('ocf', 'no-such-provider', ocf.agent), 'provider');
    for (const agent of ['no-such-agent', '', '..', `../${ocf.provider}/${ocf.agent}`]) {
      assertNoSuch(await resources.describe('ocf', ocf.provider, agent), 'agent');
    }
  });
}

function invokeTests(test: Test): void {
  test('a resource is monitored, started and stopped', async ({ resources }, machine) => {
    const run = async (action: string) => doneValue(await resources.invoke(probe(machine, 'life', { action }))).rc;
    const actions = ['monitor', 'start', 'monitor', 'start', 'stop', 'monitor', 'stop'];
    const codes: number[] = [];
    for (const action of actions) codes.push(await run(action));
    assert.deepEqual(codes, [7, 0, 0, 0, 0, 7, 0]);
  });

  test("a return code is the standard's own, whatever was expected", async ({ resources }, machine) => {
    const result = join(machine.directory, 'code');
    for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 190, 191]) {
      writeFileSync(result, `${code}`);
      const invocation = probe(machine, 'codes', { parameters: { result }, expectedRc: code === 0 ? 7 : 0 });
      assert.equal(doneValue(await resources.invoke(invocation)).rc, code);
    }
  });

  test('the sequence grows and userdata come back unchanged', async ({ resources }, machine) => {
    let last = 0;
    for (const userdata of ['', 'plain', 'two\nlines', '<&"\'\\', 'ü€🦆', '{"a":[1]}', ' '.repeat(10_000)]) {
      const invoked = doneValue(await resources.invoke(probe(machine, 'userdata', { userdata })));
      assert.equal(invoked.userdata, userdata);
      assert.ok(invoked.sequence > last, `${invoked.sequence} after ${last}`);
      last = invoked.sequence;
    }
  });

  test('parameters reach the agent as they are', async ({ resources }, machine) => {
    const expected = join(machine.directory, 'expected');
    for (const text of ['', 'plain', 'a b', "it's", '$(exit 1);`x`|&>*?', 'two\nlines\n', '"\\', 'ü€', '-n', '%s']) {
      writeFileSync(expected, text);
      const invocation = probe(machine, 'parameters', { action: 'validate-all', parameters: { text, expected } });
      assert.equal(doneValue(await resources.invoke(invocation)).rc, 0, JSON.stringify(text));
    }
    const other = probe(machine, 'parameters', { action: 'validate-all', parameters: { text: 'other', expected } });
    assert.equal(doneValue(await resources.invoke(other)).rc, 2);
  });

  test('services are resources of the standard lsb', async ({ resources, services }, machine) => {
    const invocation = { ...probe(machine, 'script'), standard: 'lsb', provider: '', action: 'status', parameters: {} };
    const scripts = doneValue(await resources.list('lsb', ''));
    const agent = machine.services.quick;
    if (scripts.includes(agent)) {
      assert.equal(doneValue(await resources.invoke({ ...invocation, agent })).rc, 3);
      assert.equal(doneValue(await resources.invoke({ ...invocation, agent, action: 'start' })).rc, 0);
      assert.equal(doneValue(await services.status(agent, 10_000)), 0);
      assert.equal(doneValue(await resources.invoke({ ...invocation, agent, action: 'stop' })).rc, 0);
    }
    if (machine.hangingScript === undefined) return;
    const { name: hanging, script } = machine.hangingScript;
    assertProblem(await resources.invoke({ ...invocation, agent: hanging, timeoutMs: 1_000 }), 'timeout');
    await eventually('nothing of it runs', () => processesOf(script).length === 0);
  });

  test('an action that does not answer in time is a problem, and is let go', async ({ resources }, machine) => {
    const began = performance.now();
    assertProblem(await resources.invoke(probe(machine, 'hang', { action: 'hang', timeoutMs: 1_000 })), 'timeout');
    assert.ok(performance.now() - began < 20_000);
    await eventually('nothing of it runs', () => processesOf(machine.ocf.script).length === 0);
  });
}

function refusalTests(test: Test): void {
  test('an action that the agent does not have is its own answer', async ({ resources }, machine) => {
    assert.equal(doneValue(await resources.invoke(probe(machine, 'wrong', { action: 'frobnicate' }))).rc, 3);
  });

  test('an unknown standard, provider or agent is refused', async ({ resources }, machine) => {
    const invoke = (change: Partial<Invocation>) => resources.invoke(probe(machine, 'refused', change));
    assertProblem(await invoke({ standard: 'no-such-standard' }), 'invalid-argument', 'standard');
    assertProblem(await invoke({ standard: '' }), 'invalid-argument', 'standard');
    assertProblem(await invoke({ provider: 'no-such-provider' }), 'not-found');
    assertProblem(await invoke({ agent: 'no-such-agent' }), 'not-found');
    for (const bad of ['', '.', '..', '../x', '/bin/true', 'a\nb']) {
      assertNoSuch(await invoke({ provider: bad }), 'provider');
      assertNoSuch(await invoke({ agent: bad }), 'agent');
      assertNoSuch(await invoke({ standard: 'lsb', provider: '', agent: bad }), 'agent');
    }
  });

  test('what names nothing, and times that are none, are refused', async ({ resources }, machine) => {
    const invoke = (change: Partial<Invocation>) => resources.invoke(probe(machine, 'refused', change));
    assertProblem(await invoke({ name: '' }), 'invalid-argument', 'name');
    assertProblem(await invoke({ action: '' }), 'invalid-argument', 'action');
    for (const number of [-1, 0.5, Number.NaN, 2 ** 32]) {
      assertProblem(await invoke({ intervalMs: number }), 'invalid-argument', 'interval');
      assertProblem(await invoke({ timeoutMs: number }), 'invalid-argument', 'timeout');
      assertProblem(await invoke({ expectedRc: number }), 'invalid-argument', 'expected-rc');
    }
  });
}

function recurringTests(test: Test): void {
  test('a recurring action raises resource_op when its result changes, and only then', async (matahari, machine) => {
    const { resources } = matahari;
    const files = resultFiles(machine, 'recurring');
    const invocation = probe(machine, 'recurring', {
      intervalMs: 100,
      parameters: { result: files.result, runs: files.runs },
      expectedRc: 0,
      userdata: 'of the recurring one',
    });
    const raised = listen(matahari, 'recurring');
    files.set(7);
    const first = doneValue(await resources.invoke(invocation));
    assert.deepEqual([first.rc, first.userdata], [7, invocation.userdata]);
    for (const [index, code] of [0, 7, 190, 0].entries()) {
      await files.moreRuns(3);
      assert.equal(raised.ops.length, index);
      files.set(code);
      await eventually(`resource_op with ${code}`, () => raised.ops.length > index);
      await files.moreRuns(2);
    }
    assert.deepEqual(
      raised.ops.map(({ rc }) => rc),
      [0, 7, 190, 0],
    );
    const { parameters: _parameters, timeoutMs: _timeout, ...told } = invocation;
    for (const { timestampUnixMs, sequence, rc: _rc, ...op } of raised.ops) {
      assert.deepEqual(op, told);
      assert.ok(Math.abs(timestampUnixMs - Date.now()) < 60_000 && sequence >= first.sequence);
    }
    doneValue(await resources.cancel('recurring', 'monitor', 100, 5_000));
    raised.remove();
  });

  test('the same name, action and interval is the same operation', async (matahari, machine) => {
    const { resources } = matahari;
    const files = resultFiles(machine, 'same');
    const parameters = { result: files.result, runs: files.runs };
    const raised = listen(matahari, 'same');
    files.set(0);
    for (const userdata of ['first', 'second']) {
      doneValue(await resources.invoke(probe(machine, 'same', { intervalMs: 100, parameters, userdata })));
    }
    files.set(7);
    await eventually('resource_op', () => raised.ops.length > 0);
    await files.moreRuns(3);
    assert.deepEqual(
      raised.ops.map(({ rc, userdata }) => [rc, userdata]),
      [[7, 'second']],
    );
    doneValue(await resources.cancel('same', 'monitor', 100, 5_000));
    raised.remove();
  });

  test('resource_op is raised to whoever listens, and no longer', async (matahari, machine) => {
    const { resources } = matahari;
    const files = resultFiles(machine, 'listeners');
    const parameters = { result: files.result, runs: files.runs };
    const [leaving, staying] = [listen(matahari, 'listeners'), listen(matahari, 'listeners')];
    files.set(0);
    doneValue(await resources.invoke(probe(machine, 'listeners', { intervalMs: 100, parameters })));
    leaving.remove();
    files.set(7);
    await eventually('resource_op', () => staying.ops.length > 0);
    assert.equal(leaving.ops.length, 0);
    doneValue(await resources.cancel('listeners', 'monitor', 100, 5_000));
    staying.remove();
  });
}

function cancelTests(test: Test): void {
  test('a recurring action that was cancelled does not run again', async ({ resources }, machine) => {
    const files = resultFiles(machine, 'cancelled');
    const parameters = { result: files.result, runs: files.runs };
    const invocation = probe(machine, 'cancelled', { intervalMs: 100, parameters });
    files.set(0);
    doneValue(await resources.invoke(invocation));
    await files.moreRuns(2);
    for (const [name, action, interval] of [
      ['other', 'monitor', 100],
      ['cancelled', 'start', 100],
      ['cancelled', 'monitor', 200],
      ['cancelled', 'monitor', 0],
    ] as const) {
      assertProblem(await resources.cancel(name, action, interval, 5_000), 'not-found');
    }
    await files.moreRuns(1);
    doneValue(await resources.cancel('cancelled', 'monitor', 100, 5_000));
    const runs = files.countRuns();
    const control = resultFiles(machine, 'control');
    const controlParameters = { result: control.result, runs: control.runs };
    control.set(0);
    doneValue(await resources.invoke(probe(machine, 'control', { intervalMs: 100, parameters: controlParameters })));
    await control.moreRuns(4);
    doneValue(await resources.cancel('control', 'monitor', 100, 5_000));
    assert.equal(files.countRuns(), runs);
    assertProblem(await resources.cancel('cancelled', 'monitor', 100, 5_000), 'not-found');
  });

  test('there is nothing to cancel', async ({ resources }) => {
    assertProblem(await resources.cancel('nothing', 'monitor', 0, 1_000), 'not-found');
    assertProblem(await resources.cancel('', 'monitor', 0, 1_000), 'invalid-argument', 'name');
    assertProblem(await resources.cancel('nothing', '', 0, 1_000), 'invalid-argument', 'action');
    assertProblem(await resources.cancel('nothing', 'monitor', -1, 1_000), 'invalid-argument', 'interval');
    assertProblem(await resources.cancel('nothing', 'monitor', 0, -1), 'invalid-argument', 'timeout');
  });

  test('an action under way is ended', async ({ resources }, machine, { context }) => {
    if (!machine.cancelsRunning) return context.skip('what runs cannot be ended from outside');
    const invoked = resources.invoke(probe(machine, 'under-way', { action: 'hang', timeoutMs: 50_000 }));
    // Its meta-data may be read beside it.
    await eventually('it runs', () => processesOf(`${machine.ocf.script}\0hang`).length > 0);
    doneValue(await resources.cancel('under-way', 'hang', 0, 10_000));
    assertProblem(await invoked, 'failed');
    await eventually('nothing of it runs', () => processesOf(machine.ocf.script).length === 0);
  });
}

function failTests(test: Test): void {
  test('a resource that is declared failed raises resource_op', async (matahari, machine) => {
    const { resources } = matahari;
    const { sequence } = doneValue(await resources.invoke(probe(machine, 'failing', { userdata: 'mine' })));
    const raised = listen(matahari, 'failing');
    doneValue(await resources.fail('failing', 9));
    await eventually('resource_op', () => raised.ops.length > 0);
    const [op] = raised.ops;
    assert.ok(op !== undefined && op.sequence >= sequence);
    assert.deepEqual(
      [op.name, op.standard, op.provider, op.agent, op.rc],
      ['failing', 'ocf', machine.ocf.provider, machine.ocf.agent, 9],
    );
    raised.remove();
  });

  test('a resource that nothing is known of cannot fail', async ({ resources }) => {
    assertProblem(await resources.fail('no-such-resource', 1), 'not-found');
    assertProblem(await resources.fail('', 1), 'invalid-argument', 'name');
    assertProblem(await resources.fail('no-such-resource', -1), 'invalid-argument', 'rc');
  });

  test('success is no failure', async ({ resources }, machine) => {
    doneValue(await resources.invoke(probe(machine, 'well')));
    assertProblem(await resources.fail('well', 0), 'invalid-argument', 'rc');
  });
}

function probe(machine: MachineUnderTest, name: string, change: Partial<Invocation> = {}): Invocation {
  const invocation: Invocation = {
    name,
    standard: 'ocf',
    provider: machine.ocf.provider,
    agent: machine.ocf.agent,
    action: 'monitor',
    intervalMs: 0,
    parameters: {},
    timeoutMs: 20_000,
    expectedRc: 0,
    userdata: '',
    ...change,
  };
  const state = join(machine.directory, `${name || 'unnamed'}.state`);
  return { ...invocation, parameters: { state, ...invocation.parameters } };
}

/** The files that an agent takes its result from and counts its runs in. */
function resultFiles(machine: MachineUnderTest, name: string) {
  const result = join(machine.directory, `${name}.result`);
  const runs = join(machine.directory, `${name}.runs`);
  rmSync(runs, { force: true });
  const countRuns = () => {
    try {
      return readFileSync(runs, 'utf8').split('\n').length - 1;
    } catch {
      return 0;
    }
  };
  return {
    result,
    runs,
    /** At once: an agent that runs meanwhile sees the one or the other. */
    set: (code: number) => {
      writeFileSync(`${result}.new`, `${code}`);
      renameSync(`${result}.new`, result);
    },
    countRuns,
    moreRuns: async (count: number) => {
      const from = countRuns();
      await eventually(`${count} more runs`, () => countRuns() >= from + count);
    },
  };
}

function listen({ resources }: Matahari, name: string) {
  const ops: ResourceOp[] = [];
  const remove = resources.onResourceOp((op) => {
    if (op.name === name) ops.push(op);
  });
  return { ops, remove };
}
