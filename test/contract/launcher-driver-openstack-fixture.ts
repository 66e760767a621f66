import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstanceSpec, LauncherDriver } from '../../launcher/driver.js';
import { type OpenStackDriverOptions, openOpenStackDriver } from '../../launcher/drivers/openstack/openstack-driver.js';
import type { DriverFixture } from './launcher-driver-suite.js';
import { type OpenStackCloud, startOpenStackCloud } from './openstack-cloud.js';
import { endGuest } from './openstack-cloud-servers.js';
import type { CloudSettings, FakeServer } from './openstack-cloud-state.js';

export interface OpenStackFixture extends DriverFixture {
  readonly cloud: OpenStackCloud;
  readonly directory: string;
  readonly cloudsFile: string;
  readonly logged: readonly { readonly message: string; readonly details: unknown }[];
  open(launcherHost?: string, changes?: Partial<OpenStackDriverOptions>): Promise<LauncherDriver>;
  /** The servers of an instance that Nova knows, newest last. */
  serversOf(instance: string): readonly FakeServer[];
}

/** A cloud whose clock runs twenty times as fast, and clouds.yaml for it. */
export async function createOpenStackFixture(settings: Partial<CloudSettings> = {}): Promise<OpenStackFixture> {
  const cloud = await startOpenStackCloud(settings);
  cloud.runClock(20);
  const directory = mkdtempSync(join(tmpdir(), 'cpe-openstack-'));
  const cloudsFile = join(directory, 'clouds.yaml');
  const credentials = join(directory, 'agent.creds');
  writeFileSync(credentials, 'the secret of the bus');
  writeFileSync(cloudsFile, renderClouds(cloud));
  const logged: { message: string; details: unknown }[] = [];

  return {
    cloud,
    directory,
    cloudsFile,
    logged,
    open: (launcherHost = 'local', changes = {}) =>
      openOpenStackDriver({
        home: join(directory, 'home'),
        launcherHost,
        address: 'test',
        cloudEnvironment: { OS_CLIENT_CONFIG_FILE: cloudsFile },
        log: (_, message, details) => logged.push({ message, details }),
        pollMs: 200,
        expectingMs: 20,
        timing: { lookMs: 20, patienceMs: 5_000, creationMs: 300 },
        limits: { timeoutMs: 2_000 },
        ...changes,
      }),
    spec: ({ assembly, incarnation, launcherHost = 'local' }) =>
      specOf({ instance: `shop.${assembly}.${launcherHost}.1-${incarnation}`, assembly, launcherHost, credentials }),
    kill: ({ instance }) => {
      for (const { id } of serversOf(cloud, instance)) endGuest(cloud.state, id);
    },
    serversOf: (instance) => serversOf(cloud, instance),
    dispose: async () => {
      await cloud.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function serversOf({ state }: OpenStackCloud, instance: string): FakeServer[] {
  return [...state.servers.values()].filter(
    ({ metadata, isDeleted }) => !isDeleted && metadata['cpe-instance'] === instance,
  );
}

/** JSON is YAML too. */
export function renderClouds({ authUrl, state }: OpenStackCloud): string {
  const auth = {
    auth_url: authUrl,
    username: state.user.name,
    password: state.user.password,
    user_domain_name: 'Default',
    project_name: 'shop',
    project_domain_name: 'Default',
  };
  return JSON.stringify({ clouds: { test: { auth, region_name: state.region } } });
}

export function specOf(given: {
  readonly instance: string;
  readonly assembly: string;
  readonly launcherHost: string;
  readonly credentials: string;
}): InstanceSpec {
  const { instance, assembly, launcherHost, credentials } = given;
  return {
    instance,
    deployable: 'shop',
    assembly,
    image: 'debian-12',
    cpus: 1,
    memoryMiB: 1_024,
    disks: [],
    networks: ['private'],
    placement: {},
    bootDeadlineMs: 20_000,
    identity: {
      deployable: 'shop',
      assembly,
      instance,
      launcherHost,
      epoch: 1,
      busServers: ['nats://127.0.0.1:4222'],
      credentialsFile: credentials,
      heartbeatIntervalMs: 1_000,
    },
  };
}
