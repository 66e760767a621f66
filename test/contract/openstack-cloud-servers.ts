import { randomUUID } from 'node:crypto';
import type { CloudAnswer, CloudQuestion } from './openstack-cloud.js';
import type { CloudState, FakeAction, FakeFlavor, FakeHost, FakeServer } from './openstack-cloud-state.js';
import { fault } from './openstack-nova-fault.js';
import { actionSchemas, createServerSchema } from './openstack-nova-schema.js';
import { schemaProblem } from './openstack-schema.js';

export const power = { none: 0, running: 1, paused: 3, shutdown: 4, crashed: 6 } as const;

interface CreateBody {
  readonly server: {
    readonly name: string;
    readonly imageRef?: string;
    readonly flavorRef: string | number;
    readonly networks?: string | readonly { readonly port?: string; readonly uuid?: string }[];
    readonly metadata?: Readonly<Record<string, string>>;
    readonly tags?: readonly string[];
    readonly key_name?: string;
  };
  readonly 'os:scheduler_hints'?: { readonly group?: string };
}

/** POST /servers (nova/api/openstack/compute/servers.py, create). */
export function createServer(state: CloudState, { body, headers }: CloudQuestion, minor: number): CloudAnswer {
  if (headers['content-type'] !== 'application/json') return fault(415, 'Unsupported Content-Type');
  const value: unknown = JSON.parse(body.toString('utf8'));
  const problem = schemaProblem(createServerSchema(minor), value);
  if (problem !== undefined) return fault(400, problem);
  const { server, 'os:scheduler_hints': hints } = value as CreateBody;
  const flavor = state.flavors.find(({ id }) => id === String(server.flavorRef));
  if (flavor === undefined) return fault(400, `Flavor ${server.flavorRef} could not be found.`);
  if (server.imageRef !== '' && state.images.get(server.imageRef ?? '')?.status !== 'active') {
    return fault(400, 'Can not find requested image');
  }
  if (server.key_name !== undefined) return fault(400, 'Invalid key_name provided.');
  if (hints?.group !== undefined && !state.serverGroups.some(({ id }) => id === hints.group)) {
    return fault(400, `Instance group ${hints.group} could not be found.`);
  }
  const networks = typeof server.networks === 'object' ? server.networks : [];
  const ports = networks.map(({ port }) => port).filter((port) => port !== undefined);
  for (const id of ports) {
    const port = state.ports.get(id);
    if (port === undefined) return fault(400, `Port id ${id} could not be found.`);
    if (port.deviceId !== '') return fault(409, `Port ${id} is still in use.`);
  }
  const over = quotaProblem(state, flavor);
  if (over !== undefined) return fault(403, over);

  const made: FakeServer = {
    id: randomUUID(),
    name: server.name,
    body: server,
    metadata: server.metadata ?? {},
    tags: server.tags ?? [],
    flavor,
    ports,
    createdAt: state.now(),
    vmState: 'building',
    task: 'scheduling',
    power: power.none,
    host: undefined,
    launchedAt: undefined,
    isDeleted: false,
    isLocked: false,
    fault: undefined,
    actions: [],
  };
  state.servers.set(made.id, made);
  const create = record(state, made, 'create');
  state.later(state.settings.buildMs / 2, () => schedule(state, made, create));
  return {
    status: 202,
    headers: { location: `/v2.1/servers/${made.id}` },
    body: {
      server: {
        id: made.id,
        links: [],
        'OS-DCF:diskConfig': 'MANUAL',
        adminPass: 'never-logged',
        security_groups: [{ name: 'default' }],
      },
    },
  };
}

/** nova/quota.py and nova/exception.py, TooManyInstances. */
function quotaProblem({ servers, settings: { quota } }: CloudState, { vcpus, ram }: FakeFlavor): string | undefined {
  const there = [...servers.values()].filter(({ isDeleted }) => !isDeleted);
  const sum = (of: (server: FakeServer) => number) => there.reduce((total, server) => total + of(server), 0);
  const uses = [
    { name: 'instances', asked: 1, used: there.length, allowed: quota.instances },
    { name: 'cores', asked: vcpus, used: sum(({ flavor }) => flavor.vcpus), allowed: quota.cores },
    { name: 'ram', asked: ram, used: sum(({ flavor }) => flavor.ram), allowed: quota.ram },
  ];
  const over = uses.filter(({ asked, used, allowed }) => used + asked > allowed);
  if (over.length === 0) return undefined;
  const list = (of: (use: (typeof uses)[number]) => string | number) => over.map(of).join(', ');
  const names = list(({ name }) => name);
  const numbers = `Requested ${list(({ asked }) => asked)}, but already used ${list(({ used }) => used)} of`;
  return `Quota exceeded for ${names}: ${numbers} ${list(({ allowed }) => allowed)} ${names}`;
}

/** The scheduler gives it to a host, and the host looks for its ports before it starts the guest. */
function schedule(state: CloudState, server: FakeServer, create: FakeAction): void {
  if (server.isDeleted) return;
  const { buildFault, buildMs } = state.settings;
  const host = [...state.hosts.values()].find(({ isUp }) => isUp);
  if (buildFault !== undefined || host === undefined) {
    giveUp(server, buildFault ?? 'No valid host was found. There are not enough hosts available.');
    return;
  }
  server.host = host.name;
  server.task = 'spawning';
  const done = begin(state, create, 'compute__do_build_and_run_instance');
  if (server.ports.some((id) => !state.ports.has(id))) {
    done('Success');
    giveUp(server, `Build of instance ${server.id} aborted: Port id could not be found.`);
    return;
  }
  for (const id of server.ports) Object.assign(state.ports.get(id) ?? {}, { deviceId: server.id });
  state.later(buildMs / 2, () => {
    // A deletion on the host waits for the build to be over.
    if (!host.isUp || server.isDeleted) return;
    host.guests.set(server.id, { server: server.id, isRunning: true, boots: 1 });
    done('Success');
    server.launchedAt = state.now();
    server.power = power.running;
    server.vmState = 'active';
    if (server.task === 'spawning') server.task = null;
  });
}

function giveUp(server: FakeServer, message: string): void {
  Object.assign(server, { vmState: 'error', task: null, host: undefined, fault: message });
}

/** DELETE /servers/{id} (nova/compute/api.py, _delete). */
export function deleteServer(state: CloudState, server: FakeServer): CloudAnswer {
  if (server.isLocked) return fault(409, `Instance ${server.id} is locked`);
  const { deletesSoftly } = state.settings;
  const isSoft = deletesSoftly && server.launchedAt !== undefined && server.vmState !== 'soft-delete';
  if (isSoft) softDelete(state, server);
  else destroy(state, server);
  return { status: 204 };
}

function destroy(state: CloudState, server: FakeServer): void {
  const host = hostOf(state, server);
  if (server.task === 'deleting') return;
  if (host === undefined) {
    vanish(state, server);
    return;
  }
  const action = record(state, server, 'delete');
  // The host is not heard: Nova forgets the server, and the guest goes on.
  if (!host.isUp) {
    vanish(state, server);
    return;
  }
  server.task = 'deleting';
  const done = begin(state, action, 'compute_terminate_instance');
  state.later(state.settings.endMs, () => {
    if (!host.isUp) return;
    host.guests.delete(server.id);
    done('Success');
    vanish(state, server);
  });
}

function vanish(state: CloudState, server: FakeServer): void {
  Object.assign(server, { isDeleted: true, vmState: 'deleted', task: null });
  for (const id of server.ports) Object.assign(state.ports.get(id) ?? {}, { deviceId: '' });
}

function softDelete(state: CloudState, server: FakeServer): void {
  onHost(
    state,
    server,
    { action: 'softDelete', event: 'compute_soft_delete_instance', task: 'soft-deleting' },
    (guest) => {
      guest.isRunning = false;
      Object.assign(server, { vmState: 'soft-delete', power: power.shutdown });
    },
  );
}

interface HostWork {
  readonly action: string;
  readonly event: string;
  readonly task: string;
}

type Guest = FakeHost['guests'] extends Map<string, infer G> ? G : never;

/** A cast to the host: nothing comes of it as long as the host is silent. */
function onHost(
  state: CloudState,
  server: FakeServer,
  { action, event, task }: HostWork,
  work: (guest: Guest) => void,
): void {
  const recorded = record(state, server, action);
  server.task = task;
  const host = hostOf(state, server);
  const attempt = () => {
    if (server.isDeleted) return;
    if (host === undefined || !host.isUp) {
      state.later(1_000, attempt);
      return;
    }
    const done = begin(state, recorded, event);
    const guest = host.guests.get(server.id);
    if (guest !== undefined) work(guest);
    done('Success');
    if (server.task === task) server.task = null;
  };
  state.later(state.settings.endMs, attempt);
}

/** POST /servers/{id}/action. */
export function actOnServer(state: CloudState, server: FakeServer, { body }: CloudQuestion): CloudAnswer {
  const value = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  const [action = '', ...more] = Object.keys(value);
  const schema = actionSchemas[action];
  if (schema === undefined || more.length > 0) return fault(400, `There is no such action: ${action}`);
  const problem = schemaProblem(schema, value[action], action);
  if (problem !== undefined) return fault(400, problem);
  if (action === 'os-getConsoleOutput') {
    // Asked of the host while the client waits; Nova gives up after a minute.
    if (hostOf(state, server)?.isUp !== true) return fault(500, 'Unexpected API Error. MessagingTimeout');
    return { status: 200, body: { output: `${server.name} login:\n` } };
  }
  if (action === 'unlock') return accept(() => Object.assign(server, { isLocked: false }));
  if (server.isLocked) return fault(409, `Instance ${server.id} is locked`);
  const rule = ACTIONS[action];
  if (rule === undefined) return fault(400, `There is no such action: ${action}`);
  const verb = action.replace('os-', '');
  if (server.task !== null && action !== 'forceDelete') return conflict(server, verb, `task_state ${server.task}`);
  const type = (value.reboot as { readonly type?: string } | undefined)?.type?.toUpperCase();
  const allowed = type === 'HARD' ? [...rule.from, 'stopped', 'paused', 'error'] : rule.from;
  if (!allowed.includes(server.vmState)) return conflict(server, verb, `vm_state ${server.vmState}`);
  return accept(() => rule.act(state, server));
}

interface ActionRule {
  readonly from: readonly string[];
  readonly act: (state: CloudState, server: FakeServer) => void;
}

/** nova/compute/api.py, check_instance_state of each. */
const ACTIONS: Readonly<Record<string, ActionRule>> = {
  'os-stop': { from: ['active', 'error'], act: (state, server) => stop(state, server, 'stop') },
  'os-start': {
    from: ['stopped'],
    act: (state, server) =>
      onHost(state, server, { action: 'start', event: 'compute_start_instance', task: 'powering-on' }, (guest) => {
        Object.assign(guest, { isRunning: true, boots: guest.boots + 1 });
        Object.assign(server, { vmState: 'active', power: power.running });
      }),
  },
  reboot: {
    from: ['active'],
    act: (state, server) =>
      onHost(state, server, { action: 'reboot', event: 'compute_reboot_instance', task: 'rebooting' }, (guest) => {
        Object.assign(guest, { isRunning: true, boots: guest.boots + 1 });
        Object.assign(server, { vmState: 'active', power: power.running });
      }),
  },
  pause: {
    from: ['active'],
    act: (state, server) =>
      onHost(state, server, { action: 'pause', event: 'compute_pause_instance', task: 'pausing' }, () =>
        Object.assign(server, { vmState: 'paused', power: power.paused }),
      ),
  },
  unpause: {
    from: ['paused'],
    act: (state, server) =>
      onHost(state, server, { action: 'unpause', event: 'compute_unpause_instance', task: 'unpausing' }, () =>
        Object.assign(server, { vmState: 'active', power: power.running }),
      ),
  },
  forceDelete: { from: ['soft-delete', 'active', 'stopped', 'error'], act: destroy },
  lock: {
    from: ['active', 'stopped', 'paused', 'error'],
    act: (_, server) => Object.assign(server, { isLocked: true }),
  },
};

function stop(state: CloudState, server: FakeServer, action: string): void {
  onHost(state, server, { action, event: 'compute_stop_instance', task: 'powering-off' }, (guest) => {
    guest.isRunning = false;
    Object.assign(server, { vmState: 'stopped', power: power.shutdown });
  });
}

/** The guest ends by itself; Nova's next look at its host finds it so and stops the server. */
export function endGuest(state: CloudState, id: string): void {
  const server = state.servers.get(id);
  const guest = server === undefined ? undefined : hostOf(state, server)?.guests.get(id);
  if (server === undefined || guest === undefined) throw new Error(`no guest of server ${id}`);
  guest.isRunning = false;
  stop(state, server, 'stop');
}

/** The host loses its power, or only its voice. */
export function silenceHost(state: CloudState, name: string, { guestsDie }: { readonly guestsDie: boolean }): void {
  const host = state.hosts.get(name);
  if (host === undefined) throw new Error(`no host ${name}`);
  host.isUp = false;
  if (guestsDie) for (const guest of host.guests.values()) guest.isRunning = false;
}

function hostOf(state: CloudState, { host }: FakeServer): FakeHost | undefined {
  return host === undefined ? undefined : state.hosts.get(host);
}

function record(state: CloudState, server: FakeServer, action: string): FakeAction {
  const recorded = { action, request: `req-${randomUUID()}`, startedAt: state.now(), events: [] };
  server.actions.push(recorded);
  return recorded;
}

function begin(state: CloudState, { events }: FakeAction, event: string): (result: string) => void {
  const begun: FakeAction['events'][number] = { event, startedAt: state.now(), finishedAt: null, result: null };
  events.push(begun);
  return (result) => Object.assign(begun, { finishedAt: state.now(), result });
}

function accept(act: () => void): CloudAnswer {
  act();
  return { status: 202 };
}

function conflict({ id }: FakeServer, verb: string, state: string): CloudAnswer {
  return fault(409, `Cannot '${verb}' instance ${id} while it is in ${state}`);
}
