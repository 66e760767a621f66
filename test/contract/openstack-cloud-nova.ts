import { randomUUID } from 'node:crypto';
import type { CloudAnswer, CloudQuestion } from './openstack-cloud.js';
import { refuseToken } from './openstack-cloud-keystone.js';
import { actOnServer, createServer, deleteServer } from './openstack-cloud-servers.js';
import type { CloudState, FakeServer } from './openstack-cloud-state.js';
import { fault } from './openstack-nova-fault.js';
import { serverQueries } from './openstack-nova-schema.js';
import { renderNamelessServer, renderServer } from './openstack-server-view.js';

const OLDEST = 1;

/** Nova's API v2.1 with its microversions. */
export function answerNova(state: CloudState, question: CloudQuestion): CloudAnswer {
  const { method, path } = question;
  if (method === 'GET' && path === '/') return { status: 200, body: { versions: [versionDocument(state)] } };
  if (method === 'GET' && path === '/v2.1/') return { status: 200, body: { version: versionDocument(state) } };
  const refused = refuseToken(state, question.headers);
  if (refused !== undefined) return refused;
  const version = readMicroversion(state, question);
  if (typeof version !== 'number') return version;
  const answer = route(state, question, version);
  const spoken = `2.${version}`;
  return {
    ...answer,
    headers: {
      'openstack-api-version': `compute ${spoken}`,
      'x-openstack-nova-api-version': spoken,
      vary: 'OpenStack-API-Version, X-OpenStack-Nova-API-Version',
      'x-openstack-request-id': `req-${randomUUID()}`,
      ...answer.headers,
    },
  };
}

function versionDocument({ settings }: CloudState) {
  return {
    id: 'v2.1',
    status: 'CURRENT',
    version: `2.${settings.minor}`,
    min_version: `2.${OLDEST}`,
    updated: '2013-07-23T11:33:21Z',
    links: [],
  };
}

/** nova/api/openstack/wsgi.py, set_api_version_request. */
function readMicroversion({ settings }: CloudState, { headers }: CloudQuestion): number | CloudAnswer {
  const asked = headers['openstack-api-version'];
  const legacy = headers['x-openstack-nova-api-version'];
  const text = typeof asked === 'string' ? /^compute (.+)$/.exec(asked)?.[1] : legacy;
  if (text === undefined) return OLDEST;
  if (text === 'latest') return settings.minor;
  const minor = /^2\.(\d+)$/.exec(String(text))?.[1];
  if (minor === undefined) return fault(400, `API Version String ${String(text)} is of invalid format.`);
  if (Number(minor) <= settings.minor) return Number(minor);
  const range = `Minimum is 2.${OLDEST} and maximum is 2.${settings.minor}.`;
  return fault(406, `Version ${String(text)} is not supported by the API. ${range}`);
}

function route(state: CloudState, question: CloudQuestion, minor: number): CloudAnswer {
  const { method, path } = question;
  const [, collection = '', id, part, detail] =
    /^\/v2\.1\/([a-z-]+)(?:\/([^/]+))?(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(path) ?? [];
  if (collection === 'flavors' && id === 'detail' && method === 'GET') return listFlavors(state, question, minor);
  if (collection === 'limits' && method === 'GET') return limits(state);
  if (collection === 'os-server-groups' && method === 'GET') {
    return { status: 200, body: { server_groups: state.serverGroups.map((group) => ({ ...group, members: [] })) } };
  }
  if (collection !== 'servers') return fault(404, 'The resource could not be found.');
  if (id === undefined && method === 'POST') return createServer(state, question, minor);
  if (id === 'detail' && method === 'GET') return listServers(state, question, minor);
  const server = id === undefined ? undefined : state.servers.get(id);
  if (part === 'os-instance-actions' && method === 'GET') return showActions(server, id ?? '', detail, minor);
  if (server === undefined || server.isDeleted) return fault(404, `Instance ${id} could not be found.`);
  if (part === 'action' && method === 'POST') return actOnServer(state, server, question);
  if (part !== undefined) return fault(404, 'The resource could not be found.');
  if (method === 'DELETE') return deleteServer(state, server);
  if (method !== 'GET') return fault(405, 'The method is not allowed');
  if (state.settings.isCellDown) {
    return minor >= 69
      ? { status: 200, body: { server: renderNamelessServer(state, server) } }
      : fault(500, 'Unexpected API Error. Cell is not responding, hence instance info is not available.');
  }
  return { status: 200, body: { server: renderServer(state, server, minor) } };
}

function listServers(state: CloudState, { query, origin }: CloudQuestion, minor: number): CloudAnswer {
  const strange = [...query.keys()].find((name) => !serverQueries.includes(name));
  if (strange !== undefined && minor >= 75) {
    return fault(
      400,
      `Invalid input for query parameters. Additional properties are not allowed ('${strange}' was unexpected)`,
    );
  }
  const tags = minor >= 26 ? (query.get('tags')?.split(',') ?? []) : [];
  const there = [...state.servers.values()].filter(({ isDeleted }) => !isDeleted).reverse();
  const { isCellDown, pageLimit } = state.settings;
  const matching = isCellDown
    ? minor >= 69
      ? there
      : []
    : there.filter((it) => tags.every((tag) => it.tags.includes(tag)));
  const marker = query.get('marker');
  const from = marker === null ? 0 : matching.findIndex(({ id }) => id === marker) + 1;
  if (marker !== null && from === 0) return fault(400, `marker [${marker}] not found`);
  const limit = Math.min(Number(query.get('limit') ?? pageLimit), pageLimit);
  const page = matching.slice(from, from + limit);
  const last = page.at(-1);
  const isFull = page.length === limit && last !== undefined;
  const servers = page.map((server) =>
    isCellDown ? renderNamelessServer(state, server) : renderServer(state, server, minor),
  );
  const href = `${origin}/compute/v2.1/servers/detail?limit=${limit}&marker=${last?.id}`;
  return { status: 200, body: { servers, ...(isFull ? { servers_links: [{ rel: 'next', href }] } : {}) } };
}

/** For deleted servers too, from 2.21 on; with what hosts reported, for projects, from 2.51 on. */
function showActions(
  server: FakeServer | undefined,
  id: string,
  request: string | undefined,
  minor: number,
): CloudAnswer {
  if (server === undefined || (server.isDeleted && minor < 21)) return fault(404, `Instance ${id} could not be found.`);
  const render = (action: FakeServer['actions'][number]) => ({
    action: action.action,
    instance_uuid: server.id,
    request_id: action.request,
    user_id: 'u1',
    project_id: server.metadata.project ?? 'p',
    start_time: time(action.startedAt),
    message: null,
    ...(minor >= 58 ? { updated_at: time(action.startedAt) } : {}),
  });
  if (request === undefined) {
    return { status: 200, body: { instanceActions: [...server.actions].reverse().map(render) } };
  }
  const action = server.actions.find((candidate) => candidate.request === request);
  if (action === undefined) return fault(404, `Action ${request} not found`);
  const events = [...action.events].reverse().map(({ event, startedAt, finishedAt, result }) => ({
    event,
    start_time: time(startedAt),
    finish_time: finishedAt === null ? null : time(finishedAt),
    result,
    ...(minor >= 62 ? { hostId: 'a'.repeat(56) } : {}),
  }));
  return { status: 200, body: { instanceAction: { ...render(action), ...(minor >= 51 ? { events } : {}) } } };
}

function listFlavors({ flavors }: CloudState, { query }: CloudQuestion, minor: number): CloudAnswer {
  const from = flavors.findIndex(({ id }) => id === query.get('marker')) + 1;
  const page = flavors.slice(from, from + Number(query.get('limit') ?? 1_000));
  const body = page.map(({ id, name, vcpus, ram, disk, extraSpecs }) => ({
    id,
    name,
    vcpus,
    ram,
    disk,
    swap: '',
    'OS-FLV-EXT-DATA:ephemeral': 0,
    'OS-FLV-DISABLED:disabled': false,
    'os-flavor-access:is_public': true,
    rxtx_factor: 1,
    links: [],
    ...(minor >= 55 ? { description: null } : {}),
    ...(minor >= 61 ? { extra_specs: extraSpecs } : {}),
  }));
  return { status: 200, body: { flavors: body } };
}

function limits({ settings, servers }: CloudState): CloudAnswer {
  const there = [...servers.values()].filter(({ isDeleted }) => !isDeleted);
  const absolute = {
    maxServerMeta: 128,
    maxTotalCores: settings.quota.cores,
    maxTotalInstances: settings.quota.instances,
    maxTotalRAMSize: settings.quota.ram,
    maxTotalKeypairs: 100,
    maxServerGroups: 10,
    maxServerGroupMembers: 10,
    totalCoresUsed: there.reduce((sum, { flavor }) => sum + flavor.vcpus, 0),
    totalInstancesUsed: there.length,
    totalRAMUsed: there.reduce((sum, { flavor }) => sum + flavor.ram, 0),
    totalServerGroupsUsed: 0,
  };
  return { status: 200, body: { limits: { absolute, rate: [] } } };
}

/** As Nova writes times in actions: no zone, microseconds. */
function time(at: number): string {
  return new Date(at).toISOString().replace('Z', '000');
}
