import { cloudError, orMissing, readAnswer } from './cloud-fault.js';
import type { CloudRequest, CloudSession } from './cloud-session.js';
import { asArray, asObject, optionalText, textOf } from './json-fields.js';

/** What is used of Neutron (API v2.0). Everything rejects with a `cloudError`. */
export interface Neutron {
  /** By name or id; every network that the project can see. */
  networks(nameOrId: string): Promise<readonly Network[]>;
  /** What one means who does not name any: the project's own that are no way out, or else those it is given. */
  defaultNetworks(): Promise<readonly Network[]>;
  createPort(port: NewPort): Promise<Port>;
  port(id: string): Promise<Port | undefined>;
  ports(name: string): Promise<readonly Port[]>;
  /** False when there is none (any more). */
  deletePort(id: string): Promise<boolean>;
  /** Ids of security groups, by name or id. Rejects when there is none of that name, or several. */
  securityGroup(nameOrId: string): Promise<string>;
}

export interface Network {
  readonly id: string;
  readonly name: string;
}

export interface NewPort {
  readonly name: string;
  readonly network: string;
  readonly description: string;
  /** Undefined: the project's default one. */
  readonly securityGroups: readonly string[] | undefined;
}

export interface Port {
  readonly id: string;
  readonly name: string;
  /** The server that has it; undefined: none yet, or none any more. */
  readonly server: string | undefined;
  readonly addresses: readonly string[];
}

export async function openNeutron(session: CloudSession): Promise<Neutron> {
  const url = await session.baseUrl('network');
  const base = /\/v2\.0$/.test(url) ? url : `${url}/v2.0`;
  const call = (request: Omit<CloudRequest, 'service'>) => session.call({ service: 'network', base, ...request });
  const list = async <T>(
    path: string,
    name: string,
    query: Readonly<Record<string, string>>,
    parse: (item: unknown) => T,
  ) => {
    const answer = await call({ method: 'GET', path, query });
    return readAnswer(`GET ${path}`, () => asArray(answer[name], name).map(parse));
  };
  const find = async <T extends { readonly id: string }>(
    path: string,
    name: string,
    nameOrId: string,
    parse: (item: unknown) => T,
  ): Promise<readonly T[]> => {
    const byId = UUID.test(nameOrId) ? await list(path, name, { id: nameOrId }, parse) : [];
    return byId.length > 0 ? byId : list(path, name, { name: nameOrId }, parse);
  };

  return {
    networks: (nameOrId) => find('/networks', 'networks', nameOrId, parseNetwork),
    defaultNetworks: async () => {
      const inside = { 'router:external': 'false' };
      const own = { ...inside, project_id: await session.projectId() };
      const networks = await list('/networks', 'networks', own, parseNetwork);
      return networks.length > 0 ? networks : list('/networks', 'networks', inside, parseNetwork);
    },
    createPort: async ({ name, network, description, securityGroups }) => {
      const port = {
        name,
        network_id: network,
        description,
        ...(securityGroups === undefined ? {} : { security_groups: securityGroups }),
      };
      const answer = await call({ method: 'POST', path: '/ports', body: { port } });
      return readAnswer('POST /ports', () => parsePort(answer.port));
    },
    port: async (id) => {
      const answer = await orMissing(call({ method: 'GET', path: `/ports/${id}` }));
      return answer && readAnswer('GET /ports/{id}', () => parsePort(answer.port));
    },
    ports: (name) => list('/ports', 'ports', { name }, parsePort),
    deletePort: async (id) => (await orMissing(call({ method: 'DELETE', path: `/ports/${id}` }))) !== undefined,
    securityGroup: async (nameOrId) => {
      const groups = await find('/security-groups', 'security_groups', nameOrId, parseNetwork);
      const [first] = groups;
      if (first !== undefined && groups.length === 1) return first.id;
      const problem = first === undefined ? 'there is none' : `there are ${groups.length}; name one by its id`;
      throw cloudError({ kind: 'no-access', reason: `security group "${nameOrId}": ${problem}` });
    },
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function parseNetwork(value: unknown): Network {
  const fields = asObject(value, 'an entry');
  return { id: textOf(fields, 'id'), name: optionalText(fields, 'name') ?? '' };
}

function parsePort(value: unknown): Port {
  const fields = asObject(value, 'port');
  return {
    id: textOf(fields, 'id'),
    name: optionalText(fields, 'name') ?? '',
    server: optionalText(fields, 'device_id') || undefined,
    addresses: asArray(fields.fixed_ips, 'fixed_ips').map((item) => textOf(asObject(item, 'a fixed ip'), 'ip_address')),
  };
}
