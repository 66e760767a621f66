import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCloud } from '../../launcher/drivers/openstack/cloud.js';
import { findCloudAccess } from '../../launcher/drivers/openstack/clouds-yaml.js';
import { openOpenStackDriver } from '../../launcher/drivers/openstack/openstack-driver.js';
import { instanceOf } from '../../launcher/drivers/openstack/server-marks.js';
import { specOf } from './launcher-driver-openstack-fixture.js';
import type { DriverFixture } from './launcher-driver-suite.js';

/**
 * The cloud that OS_CLOUD and clouds.yaml name. CPE_TEST_IMAGE and CPE_TEST_NETWORK say what its servers are made of
 * (debian-12, private). What is left in it after the suite is deleted.
 */
export async function createRealCloudFixture(): Promise<DriverFixture> {
  const { CPE_TEST_IMAGE: image = 'debian-12', CPE_TEST_NETWORK: network = 'private' } = process.env;
  const directory = mkdtempSync(join(tmpdir(), 'cpe-openstack-'));
  const credentials = join(directory, 'agent.creds');
  writeFileSync(credentials, 'the secret of the bus');
  const found = await findCloudAccess({ environment: process.env });
  assert.ok(found.kind === 'access', JSON.stringify(found));
  // No two runs of the suite in one project see each other.
  const run = Date.now();
  const hosts = new Map<string, string>();
  const hostOf = (name: string) => hosts.get(name) ?? hosts.set(name, `${name}-${run}`).get(name) ?? '';
  const clouds = new Map<string, ReturnType<typeof createCloud>>();
  const cloudOf = (launcherHost: string) => {
    const cloud = clouds.get(launcherHost) ?? createCloud({ access: found.access, launcherHost, log: () => undefined });
    clouds.set(launcherHost, cloud);
    return cloud;
  };
  return {
    open: (launcherHost = 'local') =>
      openOpenStackDriver({
        home: join(directory, 'home'),
        launcherHost: hostOf(launcherHost),
        address: undefined,
        log: () => undefined,
        pollMs: 2_000,
      }),
    spec: ({ assembly, incarnation, launcherHost = 'local' }) => {
      const host = hostOf(launcherHost);
      const instance = `shop.${assembly}.${host}.1-${incarnation}`;
      const spec = specOf({ instance, assembly, launcherHost: host, credentials });
      return { ...spec, image, networks: [network], bootDeadlineMs: 300_000 };
    },
    kill: async ({ instance }) => {
      const cloud = cloudOf(hostOf('local'));
      const nova = await cloud.nova();
      const servers = await cloud.servers();
      for (const server of servers) if (instanceOf(server) === instance) await nova.act(server.id, { 'os-stop': null });
    },
    dispose: async () => {
      for (const host of hosts.values()) {
        const cloud = cloudOf(host);
        const nova = await cloud.nova();
        for (const server of await cloud.servers()) await nova.deleteServer(server.id);
        cloud.close();
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
