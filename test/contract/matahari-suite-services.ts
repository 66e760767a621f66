import assert from 'node:assert/strict';
import {
  assertNoSuch,
  assertProblem,
  type Create,
  doneValue,
  eventually,
  processesOf,
  shared,
} from './matahari-under-test.js';

const timeoutMs = 10_000;

export function servicesContract(create: Create): void {
  const { test } = shared(create);

  test('the object says whose it is', async ({ services, host }) => {
    const { uuid, hostname } = doneValue(await host.get());
    assert.deepEqual(doneValue(await services.get()), { uuid, hostname });
  });

  test('every service is listed once', async ({ services }, machine) => {
    const names = doneValue(await services.list());
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.includes(machine.services.quick), names.join(' '));
  });

  test('a service starts and stops, as often as it is told', async ({ services }, { services: { quick } }) => {
    assert.equal(doneValue(await services.status(quick, timeoutMs)), 3);
    for (const _ of [1, 2]) {
      assert.equal(doneValue(await services.start(quick, timeoutMs)), 0);
      assert.equal(doneValue(await services.start(quick, timeoutMs)), 0);
      assert.equal(doneValue(await services.status(quick, timeoutMs)), 0);
      assert.equal(doneValue(await services.stop(quick, timeoutMs)), 0);
      assert.equal(doneValue(await services.stop(quick, timeoutMs)), 0);
      assert.equal(doneValue(await services.status(quick, timeoutMs)), 3);
    }
  });

  test('an unknown service is refused', async ({ services }) => {
    for (const method of ['start', 'stop', 'status'] as const) {
      assertProblem(await services[method]('no-such-service', timeoutMs), 'not-found');
      for (const name of malformedNames) assertNoSuch(await services[method](name, timeoutMs), 'name');
    }
    for (const method of ['enable', 'disable', 'describe'] as const) {
      assertProblem(await services[method]('no-such-service'), 'not-found');
      for (const name of malformedNames) assertNoSuch(await services[method](name), 'name');
    }
  });

  test('a service that does not answer in time is a problem, and is let go', async ({ services }, machine, running) => {
    const { hanging } = machine.services;
    if (hanging === undefined) return running.context.skip('no service that hangs');
    for (const method of hanging.methods) {
      const began = performance.now();
      assertProblem(await services[method](hanging.name, 1_000), 'timeout');
      assert.ok(performance.now() - began < 20_000);
      await eventually('nothing of it runs', () => processesOf(hanging.script).length === 0);
    }
  });

  test('a timeout that is no number of milliseconds is refused', async ({ services }, { services: { quick } }) => {
    for (const timeout of [-1, 0.5, Number.NaN, 2 ** 32]) {
      assertProblem(await services.status(quick, timeout), 'invalid-argument', 'timeout');
    }
  });

  test('a service is made to start at boot, and not to', async ({ services }, machine, { context }) => {
    const { quick, isEnabled } = machine.services;
    if (isEnabled === undefined) return context.skip('nothing here makes a service start at boot');
    for (const _ of [1, 2]) {
      assert.equal(doneValue(await services.enable(quick)), 0);
      assert.equal(await isEnabled(quick), true);
      assert.equal(doneValue(await services.disable(quick)), 0);
      assert.equal(await isEnabled(quick), false);
    }
  });

  test('a service is described as XML', async ({ services }, machine) => {
    const { quick, describes } = machine.services;
    const outcome = await services.describe(quick);
    if (!describes) return assertProblem(outcome, 'unavailable');
    const xml = doneValue(outcome);
    assert.match(xml, /<resource-agent\b/);
    assert.ok(xml.includes(`"${quick}"`), xml);
  });
}

const malformedNames = [
  '',
  '-x',
  '.',
  '..',
  '../passwd',
  '/bin/true',
  'a b',
  'a;b',
  '$(true)',
  'a\nb',
  'x'.repeat(300),
];
