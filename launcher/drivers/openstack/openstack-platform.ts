import { guestStateDirectory } from '../../../proto/guest-credentials.js';
import type { InstanceSpec } from '../../driver.js';
import type { Examined, Found, Place, Platform } from '../platform.js';
import { assessServer } from './assess-server.js';
import type { Cloud } from './cloud.js';
import { reasonOf } from './cloud-fault.js';
import { readCloudRecord, writeCloudRecord } from './cloud-record.js';
import { askToDelete, deletePorts, deleteServer, whenNotBusy } from './end-server.js';
import type { Server } from './server.js';
import { instanceOf, metadataKeys } from './server-marks.js';
import type { ServerPoll } from './server-poll.js';
import { checkProject, type ServerLife, settleStart } from './settle-start.js';
import { addressOf, startServer } from './start-server.js';

/**
 * Instances that are servers of an OpenStack cloud: Nova starts and ends them, and what it says of them is judged here
 * (assess-server.ts: what its record says; assess-end.ts: what its hosts have reported). The agent gets its identity by
 * user_data on the config drive.
 */
export function openstackPlatform(cloud: Cloud, poll: ServerPoll): Platform<ServerLife> {
  return {
    outlivesMachine: true,
    addresses: undefined,
    completeIdentity: ({ identity }: InstanceSpec, { record }: Place) => ({
      ...identity,
      address: record.address,
      hostname: record.hostname,
      stateDirectory: guestStateDirectory,
    }),
    start: (spec, place) => startServer(cloud, spec, place),
    settle: (place) => settleStart(cloud, place),
    examine: (life, place) => examineServer(cloud, poll, life, place),
    watch: ({ server }, _, onHint) => poll.watch(server, onHint),
    askToEnd: async ({ server, project }) => {
      await checkProject(cloud, project);
      const nova = await cloud.nova();
      await whenNotBusy(cloud, () => nova.act(server, { 'os-stop': null }));
      poll.expect(server);
    },
    kill: async ({ server, project }) => {
      await checkProject(cloud, project);
      await askToDelete(cloud, server);
      poll.expect(server);
    },
    reboot: async ({ server, project }) => {
      await checkProject(cloud, project);
      const nova = await cloud.nova();
      // A guest that does not work is not asked first.
      const isWorking = isRunning(await nova.server(server));
      await whenNotBusy(cloud, () => nova.act(server, { reboot: { type: isWorking ? 'SOFT' : 'HARD' } }));
      poll.expect(server);
    },
    cleanUp: (place) => cleanUp(cloud, place),
    consoleLog: async (place, maxBytes) => {
      const server = (await readCloudRecord(place.directory))?.server;
      if (server === undefined) return '';
      const { output } = await (await cloud.nova()).act(server, { 'os-getConsoleOutput': {} });
      const text = Buffer.from(typeof output === 'string' ? output : '');
      return text.subarray(Math.max(0, text.length - maxBytes)).toString('utf8');
    },
    findAll: async () => {
      const project = await cloud.projectId();
      return (await cloud.servers()).flatMap((server) => foundOf(server, project));
    },
    adopt: async ({ life }, place) => {
      const server = await (await cloud.nova()).server(life.server);
      const token = server?.metadata[metadataKeys.start] ?? '';
      const { project, server: id } = life;
      await writeCloudRecord(place.directory, {
        version: 1,
        project,
        token,
        deadline: 0,
        ports: [],
        phase: 'running',
        server: id,
      });
    },
    capacity: async () => (await cloud.nova()).limits(),
    close: async () => {
      await poll.close();
      cloud.close();
    },
  };
}

/** What Nova's list says of it; where it is not listed any more, what Nova says of it alone, and how it has ended. */
async function examineServer(cloud: Cloud, poll: ServerPoll, life: ServerLife, place: Place): Promise<Examined> {
  try {
    await checkProject(cloud, life.project);
    const server = (await poll.find(life.server)) ?? (await (await cloud.nova()).server(life.server));
    if (server === undefined) {
      const end = await cloud.proveEnd(life.server);
      return end.kind === 'over'
        ? { kind: 'dead', evidence: `server ${life.server} is gone: ${end.evidence}` }
        : { kind: 'unknown', reason: `server ${life.server} is gone: ${end.reason}` };
    }
    const assessment = assessServer(server);
    if (assessment.kind !== 'alive') return assessment;
    const address = (await addressOf(place.directory)) ?? firstAddress(server);
    return {
      kind: 'alive',
      pid: 0,
      agentPid: undefined,
      condition: assessment.condition,
      ...(address === undefined ? {} : { address }),
    };
  } catch (error) {
    return { kind: 'unknown', reason: reasonOf(error) };
  }
}

/** The record of a dead server could be started again by anybody: it goes, and its ports. */
async function cleanUp(cloud: Cloud, place: Place): Promise<void> {
  const record = await readCloudRecord(place.directory);
  if (record === undefined || record.phase === 'removed') return;
  try {
    await checkProject(cloud, record.project);
    if (record.server !== undefined) await deleteServer(cloud, record.server, { isOver: true });
    if (record.token !== '') await deletePorts(cloud, record);
    await writeCloudRecord(place.directory, { ...record, phase: 'removed' });
  } catch (error) {
    const { instance } = place.record;
    cloud.log('warn', 'what a dead instance has left cannot be removed now', { instance, error: reasonOf(error) });
    throw error;
  }
}

function foundOf(server: Server, project: string): Found<ServerLife>[] {
  const instance = instanceOf(server);
  if (instance === undefined) return [];
  return [{ instance, life: { server: server.id, project }, what: `server ${server.id}, ${server.status}` }];
}

function firstAddress({ addresses }: Server): string | undefined {
  const fixed = addresses.filter(({ isFixed }) => isFixed);
  return (fixed.find(({ version }) => version === 4) ?? fixed[0])?.address;
}

function isRunning(server: Server | undefined): boolean {
  const assessment = server && assessServer(server);
  return assessment?.kind === 'alive' && assessment.condition.kind === 'working';
}
