import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { InstanceSpec } from '../../driver.js';
import type { Place } from '../platform.js';
import { chooseFlavor } from './choose-flavor.js';
import type { Cloud } from './cloud.js';
import { reasonOf } from './cloud-fault.js';
import { type CloudRecord, readCloudRecord, writeCloudRecord } from './cloud-record.js';
import { isCertainlyNotDone } from './cloud-session.js';
import { choosePlacement, type PlacementWords } from './placement-words.js';
import { renderServer, renderUserData } from './render-server.js';
import { instanceOf, metadataKeys, portName } from './server-marks.js';

/**
 * Starts the server of an instance: looks up what it is made of, makes its ports, asks for the server once and waits until
 * it runs, goes into ERROR or is out of time. Everything that Nova is about to be told is on disk before. Resolves with
 * why it failed; whether it did is for settleStart to say.
 */
export async function startServer(cloud: Cloud, spec: InstanceSpec, place: Place): Promise<string> {
  try {
    if (spec.image === undefined) return 'an instance in a cloud needs an image';
    const words = choosePlacement(spec, cloud.access.defaults);
    const made = await lookUp(cloud, spec, words);
    const project = await cloud.projectId();
    const other = (await cloud.serversOf(spec.instance)).find((server) => instanceOf(server) !== undefined);
    if (other !== undefined) {
      return `server ${other.id} has the name of this instance already, and this launcher host has not made it`;
    }
    const deadline = Date.now() + spec.bootDeadlineMs;
    const token = randomUUID();
    const prepared: CloudRecord = {
      version: 1,
      project,
      token,
      deadline,
      ports: [],
      phase: 'prepared',
      server: undefined,
    };
    await writeCloudRecord(place.directory, prepared);
    const ports = await makePorts(cloud, spec, prepared, words);
    const userData = await readUserData(spec, place, ports[0]?.address ?? '');
    const { hasTags, createServer } = await cloud.nova();
    const { launcherHost } = cloud;
    const { record } = place;
    const body = renderServer({ ...made, spec, record, launcherHost, token, ports, words, hasTags, userData });
    await writeCloudRecord(place.directory, { ...prepared, ports, phase: 'asked' });
    const server = await createServer(body).catch(async (error: unknown) => {
      if (!isCertainlyNotDone(error)) return findCreated(cloud, spec.instance, token, error);
      // Without this, a refusal would have to be found out about again.
      await writeCloudRecord(place.directory, { ...prepared, ports });
      throw error;
    });
    await writeCloudRecord(place.directory, { ...prepared, ports, phase: 'asked', server });
    return await awaitBoot(cloud, server, deadline);
  } catch (error) {
    return reasonOf(error);
  }
}

interface Made {
  readonly image: string;
  readonly flavor: string;
  readonly serverGroup: string | undefined;
}

async function lookUp(cloud: Cloud, spec: InstanceSpec, words: PlacementWords): Promise<Made> {
  const image = await cloud.image(spec.image ?? '');
  const { cpus, memoryMiB } = spec;
  const hasRootVolume = words.rootVolumeGiB !== undefined;
  const needs = { flavor: words.flavor, cpus, memoryMiB, image, hasRootVolume };
  const choice = chooseFlavor(await cloud.flavors(), needs);
  if (choice.kind === 'problem') throw new Error(choice.problem);
  let serverGroup: string | undefined;
  if (words.serverGroup !== undefined) {
    serverGroup = await (await cloud.nova()).serverGroup(words.serverGroup);
    if (serverGroup === undefined) throw new Error(`the project has no server group "${words.serverGroup}"`);
  }
  return { image: image.id, flavor: choice.flavor.id, serverGroup };
}

/**
 * One port in each network. They are made here and not by Nova because a port that is taken away again is what keeps a
 * server from ever starting whose creation went astray (settle-start.ts), and because the guest can so be told its
 * address.
 */
async function makePorts(cloud: Cloud, spec: InstanceSpec, record: CloudRecord, words: PlacementWords) {
  const neutron = await cloud.neutron();
  const named = words.securityGroups;
  const securityGroups = named && (await Promise.all(named.map((group) => neutron.securityGroup(group))));
  const networks = words.networks.length === 0 ? [''] : words.networks;
  const ports: { readonly id: string; readonly address: string }[] = [];
  for (const nameOrId of networks) {
    const network = await cloud.network(nameOrId);
    const description = `${metadataKeys.instance}=${spec.instance}`.slice(0, 255);
    const port = { name: portName(record.token), network: network.id, description, securityGroups };
    const { id, addresses } = await neutron.createPort(port);
    ports.push({ id, address: addresses.find((address) => !address.includes(':')) ?? addresses[0] ?? '' });
  }
  return ports;
}

/** The identity as the journal has it, with the address that is known by now, and what proves it on the bus. */
async function readUserData({ identity }: InstanceSpec, { directory }: Place, address: string): Promise<string> {
  const complete: unknown = JSON.parse(await readFile(join(directory, 'identity.json'), 'utf8'));
  const text = JSON.stringify({ ...(complete as object), address });
  return renderUserData({ identity: text, bus: await readFile(identity.credentialsFile, 'utf8') });
}

/**
 * The id of a server whose creation was not answered, if it comes up soon. It is never asked for twice: an instance has one
 * server, or none and its start has failed. Rejects with `error`, the reason why there was no answer.
 */
async function findCreated(cloud: Cloud, instance: string, token: string, error: unknown): Promise<string> {
  cloud.log('warn', 'a creation was not answered; looking for its server', { instance, error: reasonOf(error) });
  const until = Date.now() + cloud.timing.creationMs;
  for (;;) {
    const servers = await cloud.serversOf(instance).catch(() => []);
    const own = servers.find(({ metadata }) => metadata[metadataKeys.start] === token);
    if (own !== undefined) return own.id;
    if (Date.now() > until) throw error;
    await delay(cloud.timing.lookMs);
  }
}

/** Resolves when the server runs, with words for the case that it has stopped doing so before anybody looks again. */
async function awaitBoot(cloud: Cloud, id: string, deadline: number): Promise<string> {
  const nova = await cloud.nova();
  let seen = 'nothing';
  while (Date.now() < deadline) {
    const server = await nova.server(id).catch((error: unknown) => {
      seen = reasonOf(error);
    });
    if (server !== undefined) {
      seen = `${server.status}${server.task === undefined ? '' : ` (${server.task})`}`;
      if (server.status === 'ERROR') return `Nova could not start server ${id}: ${server.fault ?? 'no reason given'}`;
      if (server.status !== 'BUILD') return `server ${id} has not stayed`;
    }
    await delay(Math.min(cloud.timing.lookMs, Math.max(0, deadline - Date.now())));
  }
  return `server ${id} did not run within its boot deadline; the last that was seen of it: ${seen}`;
}

/** The address that Neutron has given the instance; undefined for one that was found. */
export async function addressOf(directory: string): Promise<string | undefined> {
  const [port] = (await readCloudRecord(directory))?.ports ?? [];
  return port?.address || undefined;
}
