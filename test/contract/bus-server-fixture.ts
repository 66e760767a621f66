import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type BusServer, prepareBusServer } from '../../coordinator/cpe/bus-server.js';
import { ensureCredentials } from '../../coordinator/cpe/credentials.js';
import { mintCredentials, openAuthority } from '../../coordinator/identity/authority.js';
import { type Permissions, permissionsOf } from '../../coordinator/identity/permissions.js';
import { replacePrivateFile } from '../../coordinator/identity/private-file.js';
import type { Bus, BusProblem } from '../../proto/bus.js';
import type { Role } from '../../proto/messages.js';
import { connectBus } from '../../proto/nats-bus.js';

/** A real nats-server with a home of its own, gone with the test. */
export interface BusFixture {
  readonly home: string;
  readonly server: BusServer;
  readonly problems: BusProblem[];
  start(): void;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** The credentials file of an identity, whose id is usual for its role where none is given. */
  credentials(role: Role, id?: string, permissions?: Permissions): Promise<string>;
  /** A connection with the credentials of an identity, closed with the test. */
  connect(role: Role, id?: string): Promise<Bus>;
  /** One that may say and hear everything, in an operator's name. */
  connectEverything(id: string): Promise<Bus>;
}

export async function startBusFixture(context: TestContext): Promise<BusFixture> {
  const home = await mkdtemp(join(tmpdir(), 'bus-'));
  keyHome ??= makeKeys();
  const made = await keyHome;
  for (const folder of ['keys', 'credentials']) await cp(join(made, folder), join(home, folder), { recursive: true });
  const prepared = await prepareBusServer(home);
  if (prepared.kind !== 'ready') throw new Error(prepared.message);
  const { server } = prepared;
  const buses: Bus[] = [];
  const problems: BusProblem[] = [];
  let child: ChildProcess | undefined;

  async function kill(): Promise<void> {
    const exited = child && child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    child?.kill('SIGKILL');
    await exited;
  }

  const fixture: BusFixture = {
    home,
    server,
    problems,
    start() {
      child = spawn(server.command, [...server.args], { stdio: 'ignore' });
    },
    kill,
    credentials: (role, id = usualIds[role], permissions = permissionsOf({ role, id })) =>
      credentials(role, id, permissions),
    connect: async (role, id = usualIds[role]) => open(role, id, await fixture.credentials(role, id)),
    connectEverything: async (id) => open('operator', id, await credentials('operator', id, everything)),
  };

  async function credentials(role: Role, id: string, permissions: Permissions): Promise<string> {
    const authority = await openAuthority(home);
    const file = join(home, 'credentials', `test-${role}-${id}.creds`);
    await replacePrivateFile(file, mintCredentials(authority, { role, id }, { issuedUnixMs: Date.now(), permissions }));
    return file;
  }

  async function open(role: Role, id: string, file: string): Promise<Bus> {
    const bus = await connectBus({
      servers: [server.url],
      credentialsFile: file,
      identity: { role, id },
      name: `${role} ${id}`,
      onProblem: (problem) => problems.push(problem),
      firstConnectMs: 30_000,
    });
    buses.push(bus);
    return bus;
  }

  context.after(async () => {
    await Promise.all(buses.map((bus) => bus.close()));
    await kill();
    await rm(home, { recursive: true, force: true });
  });
  fixture.start();
  return fixture;
}

const usualIds = {
  cpe: 'main',
  dpe: 'dpe',
  launcher: 'local',
  agent: 'shop.web.local.1-1',
  operator: 'operator',
  viewer: 'viewer',
} as const satisfies Record<Role, string>;

/** What no identity of a site may. */
export const everything = { publish: ['>'], subscribe: ['>'], answers: true } as unknown as Permissions;

/** Keys take longer to make than most tests run: one set for the whole test file. */
let keyHome: Promise<string> | undefined;

async function makeKeys(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'bus-keys-'));
  process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  await ensureCredentials(home);
  return home;
}

/** Resolves at the next change to this status; at once when it is so already. */
export async function untilStatus(bus: Bus, kind: 'connected' | 'disconnected'): Promise<void> {
  if (bus.isConnected() === (kind === 'connected')) return;
  await new Promise<void>((resolve) => {
    const forget = bus.onStatus((status) => {
      if (status.kind !== kind) return;
      forget();
      resolve();
    });
  });
}
