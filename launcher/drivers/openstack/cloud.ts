import { LRUCache } from 'lru-cache';
import type { DriverLog } from '../driver-settings.js';
import { assessEnd, type End } from './assess-end.js';
import { cloudError } from './cloud-fault.js';
import { createCloudSession } from './cloud-session.js';
import type { CloudAccess } from './clouds-yaml.js';
import { type CloudImage, type Glance, openGlance } from './glance.js';
import type { HttpLimits } from './http-exchange.js';
import { type Network, type Neutron, openNeutron } from './neutron.js';
import { type Flavor, type Nova, openNova } from './nova.js';
import type { Server } from './server.js';
import { instanceTag, isNameless, launcherHostTag, metadataKeys } from './server-marks.js';

/** A cloud as the launcher host in front of it uses it. Every member that asks the cloud rejects with a `cloudError`. */
export interface Cloud {
  readonly access: CloudAccess;
  readonly launcherHost: string;
  readonly log: DriverLog;
  readonly timing: CloudTiming;
  /** Opened when they are first needed, and again while that fails: a launcherd starts without its cloud too. */
  nova(): Promise<Nova>;
  neutron(): Promise<Neutron>;
  glance(): Promise<Glance>;
  projectId(): Promise<string>;
  /** Those of this launcher host, and those that do not tell whose they are (isNameless). */
  servers(): Promise<readonly Server[]>;
  /** Those of one instance, whoever made them, and those that do not tell. */
  serversOf(instance: string): Promise<readonly Server[]>;
  /** How a server that Nova does not know any more has ended. */
  proveEnd(server: string): Promise<End>;
  image(nameOrId: string): Promise<CloudImage>;
  flavors(): Promise<readonly Flavor[]>;
  network(nameOrId: string): Promise<Network>;
  close(): void;
}

export interface CloudTiming {
  /** Between two looks at what is being waited for. */
  readonly lookMs: number;
  /** How long a server may take to go that has been deleted, and Nova to be done with what keeps it from something else. */
  readonly patienceMs: number;
  /** How long a server is looked for whose creation was not answered. */
  readonly creationMs: number;
  /** How long a host has to answer. Nova itself waits for a minute. */
  readonly hostMs: number;
}

export interface CloudOptions {
  readonly access: CloudAccess;
  readonly launcherHost: string;
  readonly log: DriverLog;
  readonly timing?: Partial<CloudTiming> | undefined;
  readonly limits?: Partial<HttpLimits> | undefined;
}

/** How long what hardly ever changes is believed. */
const NAMES_MS = 60_000;
/** An end that cannot be proven now will hardly be a second later. */
const UNPROVEN_MS = 60_000;

export function createCloud({ access, launcherHost, log, timing, limits }: CloudOptions): Cloud {
  const session = createCloudSession({ access, log, ...(limits === undefined ? {} : { limits }) });
  const nova = lazily(() => openNova(session));
  const neutron = lazily(() => openNeutron(session));
  const glance = lazily(() => openGlance(session));
  const names = new LRUCache<string, object>({ max: 500, ttl: NAMES_MS });
  const unproven = new LRUCache<string, End>({ max: 1_000, ttl: UNPROVEN_MS });

  const remembered = async <T extends object>(key: string, ask: () => Promise<T>): Promise<T> => {
    const known = names.get(key);
    if (known !== undefined) return known as T;
    const answer = await ask();
    names.set(key, answer);
    return answer;
  };
  const serversWhere = async (tag: string, key: string, value: string) => {
    const all = await (await nova()).servers(tag);
    return all.filter((server) => server.metadata[key] === value || isNameless(server));
  };

  return {
    access,
    launcherHost,
    log,
    timing: { lookMs: 1_000, patienceMs: 60_000, creationMs: 15_000, hostMs: 15_000, ...timing },
    nova,
    neutron,
    glance,
    projectId: () => session.projectId(),
    servers: () => serversWhere(launcherHostTag(launcherHost), metadataKeys.launcherHost, launcherHost),
    serversOf: (instance) => serversWhere(instanceTag(instance), metadataKeys.instance, instance),
    proveEnd: async (server) => {
      const known = unproven.get(server);
      if (known !== undefined) return known;
      const end = assessEnd((await (await nova()).actions(server)) ?? []);
      if (end.kind === 'unproven') unproven.set(server, end);
      return end;
    },
    image: (nameOrId) =>
      remembered(`image ${nameOrId}`, async () => {
        const image = await (await glance()).image(nameOrId);
        if (image === undefined) throw problem(`cloud "${access.cloud}" has no active image "${nameOrId}"`);
        return image;
      }),
    flavors: () => remembered('flavors', async () => (await nova()).flavors()),
    network: (nameOrId) =>
      remembered(`network ${nameOrId}`, async () => {
        const api = await neutron();
        const networks = nameOrId === '' ? await api.defaultNetworks() : await api.networks(nameOrId);
        const [first] = networks;
        if (first !== undefined && networks.length === 1) return first;
        const there = networks.map(({ name, id }) => `${name} (${id})`).join(', ');
        const wanted = nameOrId === '' ? 'no network is named, and there is not just one' : `network "${nameOrId}"`;
        throw problem(`cloud "${access.cloud}": ${wanted}: ${there === '' ? 'there is none' : `there are ${there}`}`);
      }),
    close: () => session.close(),
  };
}

function problem(reason: string): Error {
  return cloudError({ kind: 'no-access', reason });
}

function lazily<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}
