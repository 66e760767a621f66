import type { Place, Settled } from '../platform.js';
import type { Cloud } from './cloud.js';
import { type CloudRecord, readCloudRecord, writeCloudRecord } from './cloud-record.js';
import { deletePorts, deleteServer } from './end-server.js';
import type { Server } from './server.js';
import { instanceOf, isNameless, metadataKeys } from './server-marks.js';

/** A server for ever: Nova does not use an id twice. */
export interface ServerLife {
  readonly server: string;
  readonly project: string;
}

/**
 * What has become of a start. A creation whose answer did not come may still be on its way to Nova, so that no server is
 * no proof that there will be none. What makes it one is the port: without it Nova refuses the creation
 * (nova/network/neutron.py, validate_networks), and a host that gets as far as looking for it gives up before the guest
 * starts. Hence: the port tells the server that has it; once it is gone without one, nothing can run any more.
 *
 * Rejects as long as it cannot be told: Nova does not answer, or the server is still being built and has time.
 */
export async function settleStart(cloud: Cloud, place: Place): Promise<Settled<ServerLife>> {
  const record = await readCloudRecord(place.directory);
  if (record === undefined || record.phase === 'removed') return { kind: 'never' };
  const { project } = record;
  if (record.phase === 'running' && record.server !== undefined) {
    return { kind: 'life', life: { server: record.server, project } };
  }
  await checkProject(cloud, project);
  if (record.phase === 'prepared') {
    await deletePorts(cloud, record);
    return { kind: 'never' };
  }
  const id = record.server ?? (await findServer(cloud, place, record));
  if (id === undefined) return { kind: 'never' };
  return settleServer(cloud, place, { ...record, server: id });
}

/** With the credentials of another project everything would look deleted. */
export async function checkProject(cloud: Cloud, project: string): Promise<void> {
  const now = await cloud.projectId();
  if (now !== project) {
    throw new Error(
      `it was started in project ${project}; the credentials of cloud "${cloud.access.cloud}" are for ${now}`,
    );
  }
}

/** The server of a creation that was not answered. Undefined when there is none and will be none. */
async function findServer(cloud: Cloud, place: Place, record: CloudRecord): Promise<string | undefined> {
  const { instance } = place.record;
  const listed = async () => {
    const servers = await cloud.serversOf(instance);
    const own = servers.find(({ metadata }) => metadata[metadataKeys.start] === record.token);
    if (own === undefined && servers.some(isNameless))
      throw new Error('a cell of Nova does not answer: it may be there');
    const other = servers.find((server) => instanceOf(server) === instance);
    if (own === undefined && other !== undefined) {
      throw new Error(`server ${other.id} has the name of this instance, but another start has made it`);
    }
    return own?.id;
  };
  const early = await listed();
  if (early !== undefined) return early;
  const neutron = await cloud.neutron();
  for (const { id } of record.ports) {
    const port = await neutron.port(id);
    if (port?.server !== undefined) return port.server;
    await neutron.deletePort(id);
  }
  return listed();
}

async function settleServer(
  cloud: Cloud,
  place: Place,
  record: CloudRecord & { readonly server: string },
): Promise<Settled<ServerLife>> {
  const server = await (await cloud.nova()).server(record.server);
  let isVoid = record.phase === 'void';
  if (server !== undefined && !isVoid) {
    const isBuilding = server.status === 'BUILD';
    if (isBuilding && Date.now() < record.deadline) {
      await writeCloudRecord(place.directory, record);
      throw new Error(`server ${server.id} is still being built`);
    }
    isVoid = neverRan(server) || (isBuilding && (await takePorts(cloud, record, server)));
    if (!isVoid && !isBuilding) {
      await writeCloudRecord(place.directory, { ...record, phase: 'running' });
      return { kind: 'life', life: { server: server.id, project: record.project } };
    }
    // From here on it is about to go, and what it looked like cannot be asked any more.
    if (isVoid) await writeCloudRecord(place.directory, { ...record, phase: 'void' });
  }
  if (server !== undefined) await deleteServer(cloud, server.id, { isOver: isVoid });
  const end = isVoid ? undefined : await cloud.proveEnd(record.server);
  if (end?.kind === 'unproven') throw new Error(end.reason);
  await deletePorts(cloud, record);
  return { kind: 'never' };
}

/** Nova has given it up, and no host has it: a host that fails to start a guest removes what there is of it first. */
function neverRan({ status, wasLaunched, hasHost }: Server): boolean {
  return status === 'ERROR' && !wasLaunched && !hasHost;
}

/**
 * Takes its ports from a server that has come to no host yet. True when it has come to none after that either: then no
 * host will start its guest.
 */
async function takePorts(cloud: Cloud, record: CloudRecord, before: Server): Promise<boolean> {
  if (before.hasHost) return false;
  const neutron = await cloud.neutron();
  for (const { id } of record.ports) {
    if ((await neutron.port(id))?.server !== undefined) return false;
    await neutron.deletePort(id);
  }
  const after = await (await cloud.nova()).server(before.id);
  return record.ports.length > 0 && after !== undefined && !after.hasHost;
}
