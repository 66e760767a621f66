import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import type { LauncherDriver, RunningInstance } from '../../launcher/driver.js';
import type { OpenStackDriverOptions } from '../../launcher/drivers/openstack/openstack-driver.js';
import { createOpenStackFixture, type OpenStackFixture } from './launcher-driver-openstack-fixture.js';
import { every, type Fault } from './openstack-faults.js';

/** Within a suite: a fixture for each test, whose settings, faults and clock are its own. */
export function useOpenStackFixture() {
  let fixture: OpenStackFixture;
  let incarnation = 0;
  const drivers: LauncherDriver[] = [];
  const begin = async () => {
    fixture = await createOpenStackFixture();
  };
  const end = async () => {
    for (const driver of drivers.splice(0)) await driver.close();
    await fixture.dispose();
  };
  before(begin);
  afterEach(async () => {
    await end();
    await begin();
  });
  after(end);

  /** Somebody else of the project. */
  const ask = async (method: string, path: string, body?: object) => {
    const { cloud } = fixture;
    const token = `test-${incarnation}`;
    cloud.state.tokens.set(token, Number.POSITIVE_INFINITY);
    const url = cloud.authUrl.replace('/identity/v3', `/compute/v2.1${path}`);
    const headers = { 'x-auth-token': token, 'content-type': 'application/json' };
    const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.text()}`);
  };
  const serverOf = (instance: string) => fixture.serversOf(instance)[0]?.id ?? '';
  return {
    get fixture() {
      return fixture;
    },
    spec: (assembly: string) => fixture.spec({ assembly, incarnation: ++incarnation }),
    open: async (changes: Partial<OpenStackDriverOptions> = {}) => {
      const driver = await fixture.open('local', changes);
      drivers.push(driver);
      return driver;
    },
    count: (pattern: RegExp) => fixture.cloud.requests.filter((request) => pattern.test(request)).length,
    everything: (fault: Fault) => fixture.cloud.faults.push(every(/./, fault)),
    serverOf,
    ask,
    act: (view: RunningInstance, action: object) => ask('POST', `/servers/${serverOf(view.instance)}/action`, action),
    destroy: async (driver: LauncherDriver, instance: string) => {
      const outcome = await driver.destroy(instance);
      assert.equal(outcome.kind, 'dead', JSON.stringify(outcome));
    },
    until: async (what: string, holds: () => boolean | Promise<boolean>) => {
      const deadline = performance.now() + 60_000;
      while (!(await holds())) {
        if (performance.now() > deadline) throw new Error(`not in time: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
}
