import { randomUUID } from 'node:crypto';
import type { CloudAnswer, CloudQuestion } from './openstack-cloud.js';
import { refuseToken } from './openstack-cloud-keystone.js';
import type { CloudState, FakePort } from './openstack-cloud-state.js';

/** Attributes of a port that a project may set (neutron-lib, api/definitions/port.py). */
const PORT_ATTRIBUTES = [
  ...['name', 'network_id', 'description', 'security_groups', 'fixed_ips', 'admin_state_up', 'mac_address'],
  ...['device_id', 'device_owner', 'allowed_address_pairs', 'port_security_enabled', 'binding:vnic_type', 'tenant_id'],
  'project_id',
];

/** Neutron's API v2.0. */
export function answerNeutron(state: CloudState, question: CloudQuestion): CloudAnswer {
  const { method, path } = question;
  const refused = refuseToken(state, question.headers);
  if (refused !== undefined) return refused;
  const [, collection = '', id] = /^\/v2\.0\/([a-z-]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  if (method === 'GET' && collection === 'networks')
    return { status: 200, body: { networks: listNetworks(state, question) } };
  if (method === 'GET' && collection === 'security-groups') {
    const security_groups = filter(state.securityGroups, question.query);
    return { status: 200, body: { security_groups } };
  }
  if (collection !== 'ports') return refuse(404, 'HTTPNotFound', 'The resource could not be found.');
  if (method === 'POST' && id === undefined) return createPort(state, question);
  if (method === 'GET' && id === undefined) {
    const ports = filter(
      [...state.ports.values()].map((port) => renderPort(state, port)),
      question.query,
    );
    return { status: 200, body: { ports } };
  }
  const port = id === undefined ? undefined : state.ports.get(id);
  if (port === undefined) return refuse(404, 'PortNotFound', `Port ${id} could not be found.`);
  if (method === 'GET') return { status: 200, body: { port: renderPort(state, port) } };
  if (method !== 'DELETE') return refuse(405, 'HTTPMethodNotAllowed', `The method ${method} is not allowed.`);
  state.ports.delete(port.id);
  return { status: 204 };
}

function listNetworks(state: CloudState, { query }: CloudQuestion) {
  const networks = state.networks.map(({ id, name, isExternal, isShared }) => ({
    id,
    name,
    status: 'ACTIVE',
    shared: isShared,
    'router:external': isExternal,
    project_id: isShared ? 'another' : state.projectId,
    subnets: [],
  }));
  return filter(networks, query);
}

/** Every attribute can be filtered by; several values of one are alternatives. */
function filter<T extends object>(items: readonly T[], query: URLSearchParams): readonly T[] {
  return items.filter((item) =>
    [...new Set(query.keys())].every((name) => {
      if (name === 'fields' || !(name in item)) return true;
      return query.getAll(name).includes(String((item as Record<string, unknown>)[name]));
    }),
  );
}

function createPort(state: CloudState, { body }: CloudQuestion): CloudAnswer {
  const { port } = JSON.parse(body.toString('utf8')) as { readonly port?: Record<string, unknown> };
  if (port === undefined) return refuse(400, 'HTTPBadRequest', "Unable to find 'port' in request body");
  const unknown = Object.keys(port).filter((name) => !PORT_ATTRIBUTES.includes(name));
  if (unknown.length > 0) return refuse(400, 'HTTPBadRequest', `Unrecognized attribute(s) '${unknown.join(', ')}'`);
  const { name = '', network_id: networkId, description = '', security_groups: groups = [] } = port;
  for (const [attribute, value] of Object.entries({ name, description })) {
    if (typeof value !== 'string' || value.length > 255) {
      return refuse(
        400,
        'HTTPBadRequest',
        `Invalid input for ${attribute}. Reason: '${value}' exceeds maximum length of 255.`,
      );
    }
  }
  const network = state.networks.find(({ id }) => id === networkId);
  if (network === undefined) return refuse(404, 'NetworkNotFound', `Network ${String(networkId)} could not be found.`);
  for (const group of groups as readonly string[]) {
    if (!state.securityGroups.some(({ id }) => id === group)) {
      return refuse(404, 'SecurityGroupNotFound', `Security group ${group} does not exist`);
    }
  }
  if (state.ports.size >= state.settings.quota.ports) {
    return refuse(409, 'OverQuota', "Quota exceeded for resources: ['port'].");
  }
  const taken = new Set([...state.ports.values()].map(({ address }) => address));
  const free = Array.from({ length: 250 }, (_, index) => `${network.prefix}.${index + 3}`).find((it) => !taken.has(it));
  if (free === undefined) {
    return refuse(409, 'IpAddressGenerationFailure', `No more IP addresses available on network ${network.id}.`);
  }
  const made: FakePort = {
    id: randomUUID(),
    name: name as string,
    networkId: network.id,
    address: free,
    body: port,
    deviceId: '',
  };
  state.ports.set(made.id, made);
  return { status: 201, body: { port: renderPort(state, made) } };
}

function renderPort(state: CloudState, { id, name, networkId, address, body, deviceId }: FakePort) {
  return {
    id,
    name,
    network_id: networkId,
    description: body.description ?? '',
    admin_state_up: true,
    status: deviceId === '' ? 'DOWN' : 'ACTIVE',
    device_id: deviceId,
    device_owner: deviceId === '' ? '' : 'compute:nova',
    mac_address: 'fa:16:3e:00:00:01',
    fixed_ips: [{ subnet_id: networkId, ip_address: address }],
    security_groups: body.security_groups ?? state.securityGroups.map((group) => group.id),
    project_id: state.projectId,
    tenant_id: state.projectId,
  };
}

function refuse(status: number, type: string, message: string): CloudAnswer {
  return { status, body: { NeutronError: { type, message, detail: '' } } };
}
