import type { HostEvent, ServerAction } from './assess-end.js';
import { cloudError, orMissing, readAnswer } from './cloud-fault.js';
import type { CloudRequest, CloudSession } from './cloud-session.js';
import { asArray, asObject, type Fields, isFields, numberOf, optionalText, textOf } from './json-fields.js';
import { parseServer, type Server } from './server.js';

/** What is used of Nova. Everything rejects with a `cloudError`; an undefined means that Nova itself knows of none. */
export interface Nova {
  /** The microversion in use: 2.51 to 2.79. */
  readonly version: string;
  /** Whether servers can be listed by what they are tagged with; otherwise only their metadata tell. */
  readonly hasTags: boolean;
  createServer(body: unknown): Promise<string>;
  server(id: string): Promise<Server | undefined>;
  /** All of the project that carry the tag (or, without tags, all), in every state. */
  servers(tag: string): Promise<readonly Server[]>;
  /** False when there is none (any more). */
  deleteServer(id: string): Promise<boolean>;
  act(id: string, action: Fields, patienceMs?: number): Promise<Fields>;
  /** The newest first; undefined when Nova has nothing of this server, not even that it was there. Works after its end. */
  actions(id: string): Promise<readonly ServerAction[] | undefined>;
  flavors(): Promise<readonly Flavor[]>;
  /** Id of a server group, by name or id. */
  serverGroup(nameOrId: string): Promise<string | undefined>;
  limits(): Promise<{ readonly cpus: number; readonly memoryMiB: number }>;
}

export interface Flavor {
  readonly id: string;
  readonly name: string;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** 0: the root disk has to be a volume. */
  readonly diskGiB: number;
  /** Something that not everybody should take who only needs processors and memory: a GPU, a device. */
  readonly isSpecial: boolean;
}

/** 2.51 shows projects what hosts reported (instance action events); without it there is no proof of an end. */
const OLDEST = 51;
/** Nothing newer is needed: 2.52 tags at creation, 2.61 extra specs of flavors, 2.69 cells that do not answer. */
const NEWEST = 79;
const PAGE = 500;
/** More pages than a project can have servers in: a cloud that links in a circle is not followed for ever. */
const PAGES = 200;
const ACTIONS = 30;

/** Finds out what version the cloud speaks. Rejects where it is too old. */
export async function openNova(session: CloudSession): Promise<Nova> {
  const base = await findRoot(session);
  const minor = await chooseVersion(session, base);
  const version = `2.${minor}`;
  const headers = { 'openstack-api-version': `compute ${version}`, 'x-openstack-nova-api-version': version };
  const call = (request: Omit<CloudRequest, 'service'>) =>
    session.call({ service: 'compute', base, ...request, headers });
  const get = (path: string, query: CloudRequest['query'] = {}) => call({ method: 'GET', path, query });

  /** Follows markers; each page's items are read by `parse`. */
  const pages = async <T extends { readonly id: string }>(
    path: string,
    list: string,
    parse: (value: unknown) => T,
    query: Readonly<Record<string, string>> = {},
  ): Promise<readonly T[]> => {
    const all = new Map<string, T>();
    let marker: string | undefined;
    for (let page = 0; page < PAGES; page += 1) {
      const limit = String(PAGE);
      const answer = await get(path, { ...query, limit, ...(marker === undefined ? {} : { marker }) });
      const items = readAnswer(path, () => asArray(answer[list], list).map(parse));
      for (const item of items) all.set(item.id, item);
      const hasNext = Array.isArray(answer[`${list}_links`]);
      const last = items.at(-1);
      if (!hasNext || last === undefined) break;
      marker = last.id;
    }
    return [...all.values()];
  };

  return {
    version,
    hasTags: minor >= 52,
    createServer: async (body) => {
      const answer = await call({ method: 'POST', path: '/servers', body });
      return readAnswer('POST /servers', () => textOf(asObject(answer.server, 'server'), 'id'));
    },
    server: async (id) => {
      const answer = await orMissing(get(`/servers/${id}`));
      return answer && readAnswer('GET /servers/{id}', () => parseServer(answer.server));
    },
    servers: (tag) => pages('/servers/detail', 'servers', parseServer, minor >= 52 ? { tags: tag } : {}),
    deleteServer: async (id) => (await orMissing(call({ method: 'DELETE', path: `/servers/${id}` }))) !== undefined,
    act: (id, body, patienceMs) =>
      call({
        method: 'POST',
        path: `/servers/${id}/action`,
        body,
        ...(patienceMs === undefined ? {} : { patienceMs }),
      }),
    actions: async (id) => {
      const path = `/servers/${id}/os-instance-actions`;
      const answer = await orMissing(get(path));
      if (answer === undefined) return undefined;
      const list = readAnswer(path, () => asArray(answer.instanceActions, 'instanceActions').map(parseAction));
      const actions: ServerAction[] = [];
      for (const { action, request } of list.slice(0, ACTIONS)) {
        const detail = await get(`${path}/${encodeURIComponent(request)}`);
        actions.push({ action, request, events: readAnswer(path, () => parseEvents(detail.instanceAction)) });
      }
      return actions;
    },
    flavors: () => pages('/flavors/detail', 'flavors', parseFlavor),
    serverGroup: async (nameOrId) => {
      const answer = await get('/os-server-groups');
      const groups = readAnswer('GET /os-server-groups', () =>
        asArray(answer.server_groups, 'server_groups').map((value) => asObject(value, 'a server group')),
      );
      const group = groups.find(({ id }) => id === nameOrId) ?? groups.find(({ name }) => name === nameOrId);
      return typeof group?.id === 'string' ? group.id : undefined;
    },
    limits: async () => {
      const answer = await get('/limits');
      return readAnswer('GET /limits', () => {
        const absolute = asObject(asObject(answer.limits, 'limits').absolute, 'absolute');
        return { cpus: numberOf(absolute, 'maxTotalCores'), memoryMiB: numberOf(absolute, 'maxTotalRAMSize') };
      });
    },
  };
}

/** Catalogues have the versioned URL, mostly, or the root of all versions. */
async function findRoot(session: CloudSession): Promise<string> {
  const url = await session.baseUrl('compute');
  return VERSIONED.test(url) ? url : `${url}/v2.1`;
}

/** With the project or without. */
const VERSIONED = /\/v2(\.\d+)?(\/[^/]+)?$/;

async function chooseVersion(session: CloudSession, root: string): Promise<number> {
  const base = root.replace(VERSIONED, '/v2$1');
  const answer = await session.call({ service: 'compute', method: 'GET', base, path: '/' });
  const [oldest, newest] = readAnswer('GET /v2.1/', () => {
    const document = asObject(answer.version, 'version');
    return [optionalText(document, 'min_version'), optionalText(document, 'version')].map(minorOf);
  });
  if (oldest === undefined || newest === undefined || newest < OLDEST || oldest > NEWEST) {
    const spoken = newest === undefined ? 'no microversions' : `microversions up to 2.${newest}`;
    const reason = `this cloud's Nova speaks ${spoken}; at least 2.${OLDEST} (OpenStack Pike) is needed`;
    throw cloudError({ kind: 'no-access', reason });
  }
  return Math.min(newest, NEWEST);
}

function minorOf(version: string | undefined): number | undefined {
  const minor = /^2\.(\d+)$/.exec(version ?? '')?.[1];
  return minor === undefined ? undefined : Number(minor);
}

function parseAction(value: unknown): { readonly action: string; readonly request: string } {
  const fields = asObject(value, 'an instance action');
  return { action: textOf(fields, 'action'), request: textOf(fields, 'request_id') };
}

function parseEvents(value: unknown): HostEvent[] {
  const { events } = asObject(value, 'instanceAction');
  // Null where the policy of the cloud hides them.
  return asArray(events, 'events').map((item) => {
    const fields = asObject(item, 'an event');
    return {
      event: textOf(fields, 'event'),
      result: optionalText(fields, 'result'),
      finishedAt: optionalText(fields, 'finish_time'),
    };
  });
}

function parseFlavor(value: unknown): Flavor {
  const fields = asObject(value, 'a flavor');
  const specs = isFields(fields.extra_specs) ? Object.keys(fields.extra_specs) : [];
  return {
    id: textOf(fields, 'id'),
    name: textOf(fields, 'name'),
    cpus: numberOf(fields, 'vcpus'),
    memoryMiB: numberOf(fields, 'ram'),
    diskGiB: numberOf(fields, 'disk'),
    isSpecial: specs.some((spec) => /^(pci_passthrough:alias|resources\d*:(VGPU|CUSTOM_)|accel:)/.test(spec)),
  };
}
