/**
 * What OpenStack's API references promise, as far as the driver leans on it: request, status, shape of the answer. It
 * holds the cloud of our tests to that; with OS_CLOUD set (and clouds.yaml) the same is asked of that cloud, in which it
 * makes and deletes one server. CPE_TEST_IMAGE, CPE_TEST_FLAVOR and CPE_TEST_NETWORK name what it is made of there.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { CloudAccess, ServiceName } from '../../launcher/drivers/openstack/clouds-yaml.js';
import { findCloudAccess } from '../../launcher/drivers/openstack/clouds-yaml.js';
import {
  findEndpoint,
  parseToken,
  renderAuthentication,
  type Token,
} from '../../launcher/drivers/openstack/keystone.js';
import { type OpenStackCloud, startOpenStackCloud } from './openstack-cloud.js';
import type { CloudState } from './openstack-cloud-state.js';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: it is what an assertion is about to find out
  readonly json: any;
}

/** What one step leaves for the next. */
interface World {
  readonly image: string;
  readonly flavor: string;
  readonly network: string;
  readonly tag: string;
  port: string;
  server: string;
  servers: string[];
  ports: string[];
}

type Ask = (request: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
type Step = readonly [name: string, check: (ask: Ask, world: World) => Promise<unknown>];

const NOBODY = '00000000-0000-4000-8000-000000000000';
const isReal = process.env.OS_CLOUD !== undefined;
const BOOT_MS = 300_000;

const serverBody = ({ image, flavor, tag }: World, port: string, more: object = {}) => ({
  server: {
    name: 'cpe-contract',
    imageRef: image,
    flavorRef: flavor,
    networks: [{ port }],
    tags: [tag],
    metadata: { 'cpe-contract': tag },
    user_data: Buffer.from('{}').toString('base64'),
    config_drive: true,
    ...more,
  },
});

/** [what is wrong with a creation, what is changed in a right one, what the message says] */
const wrongServers: readonly (readonly [string, object, RegExp])[] = [
  ['no networks', { networks: undefined }, /networks/],
  ['a field that is none', { colour: 'red' }, /colour/],
  ['personality, which ended with 2.57', { personality: [] }, /personality/],
  ['user_data that is no base64', { user_data: 'abcde' }, /user_data/],
  ['a tag with a comma', { tags: ['a,b'] }, /does not match/],
  ['a tag of 61 characters', { tags: ['a'.repeat(61)] }, /is too long/],
  ['metadata of 256 characters', { metadata: { a: 'a'.repeat(256) } }, /is too long/],
  ['a flavor that is not there', { flavorRef: NOBODY }, /Flavor .* could not be found/],
  ['an image that is not there', { imageRef: NOBODY }, /[Ii]mage/],
  ['a port that is not there', { networks: [{ port: NOBODY }] }, /Port id .* could not be found/],
];

const steps: readonly Step[] = [
  [
    'a request without a token is unauthorized',
    async (ask) =>
      assert.equal((await ask('GET compute /servers/detail', undefined, { 'x-auth-token': 'none' })).status, 401),
  ],
  [
    'a microversion that nobody speaks is not acceptable',
    async (ask) => {
      const answer = await ask('GET compute /servers/detail', undefined, { 'openstack-api-version': 'compute 2.9999' });
      assert.equal(answer.status, 406);
      assert.equal(answer.json.computeFault?.code, 406);
    },
  ],
  [
    'the version document has the range of microversions',
    async (ask) => {
      const { json } = await ask('GET compute /');
      assert.match(json.version.version, /^2\.\d+$/);
      assert.match(json.version.min_version, /^2\.\d+$/);
    },
  ],
  [
    'an answer names the microversion it is in',
    async (ask) =>
      assert.match((await ask('GET compute /limits')).headers.get('openstack-api-version') ?? '', /^compute 2\.\d+$/),
  ],
  [
    'limits have processors and memory',
    async (ask) => {
      const { absolute } = (await ask('GET compute /limits')).json.limits;
      for (const name of ['maxTotalCores', 'maxTotalRAMSize', 'maxTotalInstances', 'totalCoresUsed']) {
        assert.equal(typeof absolute[name], 'number', name);
      }
    },
  ],
  [
    'flavors have processors, memory, disk and extra specs',
    async (ask) => {
      const [flavor] = (await ask('GET compute /flavors/detail?limit=1')).json.flavors;
      for (const name of ['vcpus', 'ram', 'disk']) assert.equal(typeof flavor[name], 'number', name);
      assert.equal(typeof flavor.id, 'string');
      assert.equal(typeof flavor.extra_specs, 'object');
    },
  ],
  ...(
    ['GET compute /servers/X', 'DELETE compute /servers/X', 'GET compute /servers/X/os-instance-actions'] as const
  ).map(
    (request): Step => [
      `${request} of a server that never was is 404 in Nova's own words`,
      async (ask) => refused(await ask(request.replace('X', NOBODY)), 404, 'itemNotFound', /could not be found/),
    ],
  ),
  [
    'a port that is not there is 404 in Neutron’s own words',
    async (ask) => {
      for (const method of ['GET', 'DELETE']) {
        const answer = await ask(`${method} network /ports/${NOBODY}`);
        assert.equal(answer.status, 404);
        assert.equal(answer.json.NeutronError.type, 'PortNotFound');
      }
    },
  ],
  [
    'a port with an attribute that is none is refused',
    async (ask, { network }) => {
      const answer = await ask('POST network /ports', { port: { network_id: network, colour: 'red' } });
      assert.equal(answer.status, 400);
      assert.match(answer.json.NeutronError.message, /colour/);
    },
  ],
  [
    'a port in a network that is not there is refused',
    async (ask) => {
      const answer = await ask('POST network /ports', { port: { network_id: NOBODY } });
      assert.equal(answer.status, 404);
      assert.equal(answer.json.NeutronError.type, 'NetworkNotFound');
    },
  ],
  [
    'a port is made with an address and no server, and found by its name',
    async (ask, world) => {
      const { status, json } = await ask('POST network /ports', {
        port: { network_id: world.network, name: world.tag },
      });
      assert.equal(status, 201, JSON.stringify(json));
      world.port = json.port.id;
      world.ports.push(world.port);
      assert.equal(json.port.device_id, '');
      assert.equal(typeof json.port.fixed_ips[0].ip_address, 'string');
      const found = (await ask(`GET network /ports?name=${world.tag}`)).json.ports;
      assert.deepEqual(
        found.map(({ id }: { id: string }) => id),
        [world.port],
      );
    },
  ],
  ...wrongServers.map(
    ([what, change, message]): Step => [
      `a server is refused for ${what}`,
      async (ask, world) =>
        refused(await ask('POST compute /servers', serverBody(world, world.port, change)), 400, 'badRequest', message),
    ],
  ),
  [
    'a server is accepted, is listed at once by its tag, and becomes active with its port',
    async (ask, world) => {
      const { status, json, headers } = await ask('POST compute /servers', serverBody(world, world.port));
      assert.equal(status, 202, JSON.stringify(json));
      world.server = json.server.id;
      world.servers.push(world.server);
      assert.ok(headers.get('location')?.endsWith(world.server));
      const listed = (await ask(`GET compute /servers/detail?tags=${encodeURIComponent(world.tag)}`)).json.servers;
      assert.deepEqual(
        listed.map(({ id }: { id: string }) => id),
        [world.server],
      );
      const server = await awaitServer(ask, world, ({ status: now }) => now !== 'BUILD');
      assert.equal(server.status, 'ACTIVE', JSON.stringify(server.fault));
      assert.equal(server['OS-EXT-STS:task_state'], null);
      assert.equal(server['OS-EXT-STS:power_state'], 1);
      assert.equal(typeof server['OS-SRV-USG:launched_at'], 'string');
      assert.notEqual(server.hostId, '');
      assert.equal(server.metadata['cpe-contract'], world.tag);
      assert.deepEqual(server.tags, [world.tag]);
      assert.equal((await ask(`GET network /ports/${world.port}`)).json.port.device_id, world.server);
    },
  ],
  [
    'a second server with the same port is a conflict',
    async (ask, world) =>
      refused(await ask('POST compute /servers', serverBody(world, world.port)), 409, 'conflictingRequest', /in use/),
  ],
  [
    'another tag finds nothing',
    async (ask) => assert.deepEqual((await ask('GET compute /servers/detail?tags=cpe-none')).json.servers, []),
  ],
  [
    'an action that is none is refused',
    async (ask, world) =>
      refused(
        await ask(`POST compute /servers/${world.server}/action`, { dance: null }),
        400,
        'badRequest',
        /no such action/i,
      ),
  ],
  [
    'a paused server is not stopped',
    async (ask, world) => {
      await act(ask, world, { pause: null });
      await awaitServer(ask, world, ({ status }) => status === 'PAUSED');
      const answer = await ask(`POST compute /servers/${world.server}/action`, { 'os-stop': null });
      refused(answer, 409, 'conflictingRequest', /Cannot 'stop' instance .* while it is in vm_state paused/);
      await act(ask, world, { unpause: null });
      await awaitServer(ask, world, ({ status }) => status === 'ACTIVE');
    },
  ],
  [
    'a stopped server is SHUTOFF, reported as shut down, with nothing under way',
    async (ask, world) => {
      await act(ask, world, { 'os-stop': null });
      const stopped = await awaitServer(ask, world, ({ status }) => status === 'SHUTOFF');
      assert.equal(stopped['OS-EXT-STS:power_state'], 4);
      assert.equal(stopped['OS-EXT-STS:task_state'], null);
      assert.equal((await eventsOf(ask, world.server)).compute_stop_instance, 'Success');
    },
  ],
  [
    'a deleted server is gone, its actions say that its host has ended it, and its port is left to us',
    async (ask, world) => {
      assert.equal((await ask(`DELETE compute /servers/${world.server}`)).status, 204);
      await until(async () => (await ask(`GET compute /servers/${world.server}`)).status === 404);
      const events = await eventsOf(ask, world.server);
      assert.equal(events.compute_terminate_instance, 'Success');
      assert.equal(events.compute__do_build_and_run_instance, 'Success');
      assert.equal((await ask(`GET network /ports/${world.port}`)).json.port.device_id, '');
    },
  ],
  [
    'a port is deleted once, and without it no server is made',
    async (ask, world) => {
      assert.equal((await ask(`DELETE network /ports/${world.port}`)).status, 204);
      assert.equal((await ask(`DELETE network /ports/${world.port}`)).status, 404);
      const answer = await ask('POST compute /servers', serverBody(world, world.port));
      refused(answer, 400, 'badRequest', /Port id .* could not be found/);
    },
  ],
  [
    'images are found by name, and one that is not there is 404',
    async (ask) => {
      assert.ok(Array.isArray((await ask('GET image /images?name=cpe-none&status=active&limit=1')).json.images));
      assert.equal((await ask(`GET image /images/${NOBODY}`)).status, 404);
    },
  ],
];

describe(`OpenStack as its references say: ${process.env.OS_CLOUD ?? 'the cloud of our tests'}`, {
  timeout: 900_000,
}, () => {
  let fake: OpenStackCloud | undefined;
  let access: CloudAccess;
  let token: Token;
  let world: World;
  const ask: Ask = async (request, body, headers = {}) => {
    const [, method = '', service = '', path = ''] = /^(\S+) (\S+) (\S+)$/.exec(request) ?? [];
    const base = findEndpoint(token, access, service as ServiceName);
    const version =
      service === 'network' && !base.endsWith('/v2.0')
        ? '/v2.0'
        : service === 'image' && !/\/v2$/.test(base)
          ? '/v2'
          : '';
    return exchange(method, `${base}${version}${path}`, body, {
      'x-auth-token': token.id,
      'openstack-api-version': 'compute 2.79',
      ...headers,
    });
  };

  before(async () => {
    fake = isReal ? undefined : await startOpenStackCloud();
    fake?.runClock(50);
    access = fake === undefined ? await realAccess() : fakeAccess(fake.authUrl, fake.state);
    const answer = await fetch(`${access.authUrl}/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: renderAuthentication(access.credentials),
    });
    assert.equal(answer.status, 201);
    const body = Buffer.from(await answer.arrayBuffer());
    token = parseToken(answer.headers.get('x-subject-token') ?? undefined, body);
    world = await findWorld(ask);
  });
  after(async () => {
    for (const id of world?.servers ?? []) {
      await ask(`DELETE compute /servers/${id}`);
      await until(async () => (await ask(`GET compute /servers/${id}`)).status === 404);
    }
    for (const id of world?.ports ?? []) await ask(`DELETE network /ports/${id}`);
    await fake?.close();
  });

  test('wrong credentials are 401 in Keystone’s own words', async () => {
    const { credentials } = access;
    const wrong =
      credentials.kind === 'password' ? { ...credentials, password: 'wrong' } : { ...credentials, secret: 'wrong' };
    const answer = await exchange('POST', `${access.authUrl}/auth/tokens`, JSON.parse(renderAuthentication(wrong)), {});
    assert.equal(answer.status, 401);
    assert.equal(answer.json.error.code, 401);
    assert.equal(typeof answer.json.error.message, 'string');
  });
  for (const [name, check] of steps) {
    test(name, async () => {
      await check(ask, world);
    });
  }
});

function refused(answer: Answer, status: number, name: string, message: RegExp): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.json[name]?.code, status, answer.text);
  assert.match(answer.json[name].message, message);
}

async function act(ask: Ask, { server }: World, action: object): Promise<void> {
  const answer = await ask(`POST compute /servers/${server}/action`, action);
  assert.equal(answer.status, 202, answer.text);
}

async function awaitServer(
  ask: Ask,
  { server }: World,
  holds: (server: Answer['json']) => boolean,
): Promise<Answer['json']> {
  let seen: Answer['json'];
  await until(async () => {
    seen = (await ask(`GET compute /servers/${server}`)).json.server;
    return holds(seen);
  });
  return seen;
}

/** Result by event, of all actions of a server. */
async function eventsOf(ask: Ask, server: string): Promise<Record<string, string>> {
  const path = `/servers/${server}/os-instance-actions`;
  const { instanceActions } = (await ask(`GET compute ${path}`)).json;
  const events: Record<string, string> = {};
  for (const { request_id: request } of instanceActions) {
    const { json } = await ask(`GET compute ${path}/${request}`);
    for (const { event, result } of json.instanceAction.events) events[event] ??= result;
  }
  return events;
}

async function exchange(
  method: string,
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await answer.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: answer.status, headers: answer.headers, text, json };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + BOOT_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('not in time');
    await new Promise((resolve) => setTimeout(resolve, isReal ? 1_000 : 10));
  }
}

async function findWorld(ask: Ask): Promise<World> {
  const { CPE_TEST_IMAGE: imageName, CPE_TEST_FLAVOR: flavorName, CPE_TEST_NETWORK: networkName } = process.env;
  const image = imageName ?? 'debian-12';
  const [{ id: imageId }] = (await ask(`GET image /images?name=${image}&status=active`)).json.images;
  const flavors = (await ask('GET compute /flavors/detail')).json.flavors as { id: string; name: string }[];
  const flavor = flavors.find(({ name }) => name === (flavorName ?? 'm1.small'));
  const [{ id: network }] = (await ask(`GET network /networks?name=${networkName ?? 'private'}`)).json.networks;
  const tag = `cpe-contract-${randomUUID()}`;
  return { image: imageId, flavor: flavor?.id ?? '', network, tag, port: '', server: '', servers: [], ports: [] };
}

async function realAccess(): Promise<CloudAccess> {
  const found = await findCloudAccess({ environment: process.env });
  assert.ok(found.kind === 'access', JSON.stringify(found));
  return found.access;
}

function fakeAccess(authUrl: string, { user, region }: CloudState): CloudAccess {
  const domain = { name: 'Default' };
  const credentials = {
    kind: 'password',
    user: { name: user.name, domain },
    password: user.password,
    project: { name: 'shop', domain },
  } as const;
  const tls = { authorities: undefined, isVerified: true };
  return { cloud: 'test', authUrl, credentials, region, interface: 'public', tls, endpoints: {}, defaults: {} };
}
