import { createHash } from 'node:crypto';
import type { CloudState, FakeServer } from './openstack-cloud-state.js';

/** nova/api/openstack/common.py, _STATE_MAP. */
function statusOf({ vmState, task }: FakeServer): string {
  if (vmState === 'active' && task?.startsWith('reboot')) return task.endsWith('hard') ? 'HARD_REBOOT' : 'REBOOT';
  if (vmState === 'active' && task === 'rebuilding') return 'REBUILD';
  if (vmState === 'active' && task?.startsWith('resize')) return 'RESIZE';
  const statuses: Readonly<Record<string, string>> = {
    active: 'ACTIVE',
    building: 'BUILD',
    stopped: 'SHUTOFF',
    paused: 'PAUSED',
    suspended: 'SUSPENDED',
    rescued: 'RESCUE',
    resized: 'VERIFY_RESIZE',
    error: 'ERROR',
    deleted: 'DELETED',
    'soft-delete': 'SOFT_DELETED',
    shelved: 'SHELVED',
    shelved_offloaded: 'SHELVED_OFFLOADED',
  };
  return statuses[vmState] ?? 'UNKNOWN';
}

/** A server as `GET /servers/{id}` and `/servers/detail` show it to its project. */
export function renderServer(state: CloudState, server: FakeServer, minor: number): object {
  const { settings, projectId } = state;
  const status = statusOf(server);
  const { flavor, host } = server;
  const isHostUp = host !== undefined && state.hosts.get(host)?.isUp === true;
  return {
    id: server.id,
    name: server.name,
    status,
    'OS-EXT-STS:vm_state': server.vmState,
    'OS-EXT-STS:task_state': server.task,
    'OS-EXT-STS:power_state': server.power,
    'OS-SRV-USG:launched_at': server.launchedAt === undefined ? null : stamp(server.launchedAt),
    'OS-SRV-USG:terminated_at': null,
    'OS-EXT-AZ:availability_zone': host === undefined ? '' : 'nova',
    'OS-DCF:diskConfig': 'MANUAL',
    'os-extended-volumes:volumes_attached': [],
    accessIPv4: '',
    accessIPv6: '',
    addresses: renderAddresses(state, server),
    config_drive: server.body.config_drive === true ? 'True' : '',
    created: `${stamp(server.createdAt)}Z`,
    updated: `${stamp(state.now())}Z`,
    hostId: host === undefined ? '' : createHash('sha224').update(`${projectId}${host}`).digest('hex'),
    image: { id: server.body.imageRef, links: [] },
    key_name: server.body.key_name ?? null,
    links: [],
    metadata: server.metadata,
    security_groups: [{ name: 'default' }],
    tenant_id: projectId,
    user_id: 'u1',
    flavor:
      minor >= 47
        ? { vcpus: flavor.vcpus, ram: flavor.ram, disk: flavor.disk, ephemeral: 0, swap: 0, original_name: flavor.name }
        : { id: flavor.id, links: [] },
    ...(['BUILD', 'ACTIVE', 'PASSWORD', 'RESIZE', 'REBUILD'].includes(status) ? { progress: 0 } : {}),
    ...(status === 'ERROR' && server.fault !== undefined
      ? { fault: { code: 500, message: server.fault, created: `${stamp(state.now())}Z` } }
      : {}),
    ...(minor >= 9 ? { locked: server.isLocked } : {}),
    ...(minor >= 16 && settings.showsHostStatus
      ? { host_status: host === undefined ? '' : isHostUp ? 'UP' : 'UNKNOWN' }
      : {}),
    ...(minor >= 19 ? { description: null } : {}),
    ...(minor >= 26 ? { tags: server.tags } : {}),
    ...(minor >= 63 ? { trusted_image_certificates: null } : {}),
  };
}

/** What is left of a server whose cell does not answer (2.69). */
export function renderNamelessServer(state: CloudState, server: FakeServer): object {
  return {
    id: server.id,
    status: 'UNKNOWN',
    tenant_id: state.projectId,
    created: `${stamp(server.createdAt)}Z`,
    links: [],
  };
}

function renderAddresses(state: CloudState, server: FakeServer): object {
  if (server.host === undefined) return {};
  const addresses: Record<string, object[]> = {};
  for (const id of server.ports) {
    const port = state.ports.get(id);
    const network = state.networks.find((candidate) => candidate.id === port?.networkId);
    if (port === undefined || network === undefined) continue;
    addresses[network.name] ??= [];
    addresses[network.name]?.push({
      addr: port.address,
      version: 4,
      'OS-EXT-IPS:type': 'fixed',
      'OS-EXT-IPS-MAC:mac_addr': 'fa:16:3e:00:00:01',
    });
  }
  return addresses;
}

function stamp(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, '');
}
