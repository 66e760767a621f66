/** Real launcherd processes and a real nats-server with its credentials; the DPE's side is in the hands of a test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect as connectNats, type TlsOptions } from 'nats';
import { type BusServer, prepareBusServer } from '../../coordinator/cpe/bus-server.js';
import { credentialsFile, ensureIdentity } from '../../coordinator/cpe/credentials.js';
import { mintCredentials, mintForAgent, openAuthority } from '../../coordinator/identity/authority.js';
import type { Permissions } from '../../coordinator/identity/permissions.js';
import { replacePrivateFile } from '../../coordinator/identity/private-file.js';
import type { Bus, RequestOutcome } from '../../proto/bus.js';
import { parseInstanceId } from '../../proto/instance-id.js';
import type {
  BodyDraft,
  InstanceState,
  LauncherBeat,
  LauncherInventory,
  LauncherReport,
  Role,
} from '../../proto/messages.js';
import { connectBus } from '../../proto/nats-bus.js';
import { allLauncherBeats, allLauncherReports, launcherList, launcherOrder } from '../../proto/subjects.js';
import { everything } from '../contract/bus-server-fixture.js';
import { createLocalFixture, type LocalFixture, until } from '../contract/launcher-driver-local-fixture.js';
import { plainConnect } from '../contract/plain-client.js';

const LAUNCHERD = join(import.meta.dirname, '../../launcher/launcherd.js');
const DEADLINE_MS = 30_000;

export interface LauncherBench {
  readonly local: LocalFixture;
  readonly deployable: string;
  /** Everything that arrived at the DPE, acknowledged or not. */
  readonly reports: readonly LauncherReport[];
  readonly beats: readonly LauncherBeat[];
  acknowledge(isOn: boolean): void;
  startLauncherd(host?: string): Launcherd;
  /** Kills those that still run. */
  killLauncherds(): Promise<void>;
  startBus(): Promise<void>;
  stopBus(): Promise<void>;
  order(body: BodyDraft, options?: OrderOptions): Promise<RequestOutcome>;
  /** Any role's question on the subject for questions. */
  ask(role: Role, host?: string): Promise<RequestOutcome>;
  /** Sends bytes with credentials that allow every subject. */
  sendRaw(messages: readonly { readonly subject: string; readonly bytes: Uint8Array }[]): Promise<void>;
  /** Credentials of an instance's agent. */
  mintForAgent(instance: string): Promise<string>;
  /** An instance id that no other call has returned. */
  nextInstance(assembly: string, host?: string): string;
  close(): Promise<void>;
}

export interface OrderOptions {
  readonly host?: string;
  readonly epoch?: number;
  readonly operationId?: string;
}

export interface Launcherd {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  log(): string;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

export async function createLauncherBench(): Promise<LauncherBench> {
  const deployable = 'shop';
  const local = await createLocalFixture();
  const prepared = await prepareBusServer(local.home);
  if (prepared.kind !== 'ready') throw new Error(prepared.message);
  for (const host of ['local', 'one', 'two']) await ensureIdentity(local.home, 'launcher', host);
  const launcherds: Launcherd[] = [];
  const buses: Bus[] = [];
  const reports: LauncherReport[] = [];
  const beats: LauncherBeat[] = [];
  let isAcknowledging = true;
  let incarnation = 0;
  let operation = 0;
  let server = await startServer(prepared.server);

  const credentialsOf = async (role: Role, id: string, permissions?: Permissions): Promise<string> => {
    const file = join(local.home, 'credentials', `test-${role}-${id}.creds`);
    const authority = await openAuthority(local.home);
    const options = { issuedUnixMs: Date.now(), permissions };
    await replacePrivateFile(file, mintCredentials(authority, { role, id }, options));
    return file;
  };
  const mint = async (instance: string) =>
    parseInstanceId(instance) === undefined
      ? 'none'
      : mintForAgent(await openAuthority(local.home), instance, Date.now());
  const connect = async (role: Role, id: string): Promise<Bus> => {
    const bus = await connectBus({
      servers: [prepared.server.url],
      credentialsFile: await credentialsOf(role, id),
      identity: { role, id },
      name: `test ${role}`,
      onProblem: () => undefined,
      firstConnectMs: DEADLINE_MS,
    });
    buses.push(bus);
    return bus;
  };
  const dpe = await connect('dpe', deployable);
  dpe.subscribe(allLauncherReports(deployable), ({ envelope: { body } }) => {
    if (body.kind !== 'launcherReport') return undefined;
    reports.push(body.value);
    return isAcknowledging ? { kind: 'reportAck', value: { sequence: body.value.sequence } } : undefined;
  });
  dpe.subscribe(allLauncherBeats, ({ envelope: { body } }) => {
    if (body.kind === 'launcherBeat') beats.push(body.value);
  });
  await dpe.flush();

  return {
    local,
    deployable,
    reports,
    beats,
    mintForAgent: mint,
    acknowledge: (isOn) => {
      isAcknowledging = isOn;
    },
    startLauncherd: (host = 'local') => {
      const launcherd = startLauncherd(local, prepared.server, host);
      launcherds.push(launcherd);
      return launcherd;
    },
    killLauncherds: async () => {
      for (const launcherd of launcherds.splice(0)) await launcherd.kill();
    },
    startBus: async () => {
      server = await startServer(prepared.server);
    },
    stopBus: () => killAndWait(server),
    order: (body, { host = 'local', epoch = 1, operationId } = {}) => {
      operation += 1;
      const draft = { body, deployable, epoch, operationId: operationId ?? `${epoch}-test-${operation}` };
      return dpe.request(launcherOrder(host), draft, { deadlineMs: DEADLINE_MS, retry: true });
    },
    ask: async (role, host = 'local') => {
      const bus = await connect(role, role === 'cpe' ? 'main' : 'test');
      const body = { kind: 'listInstances', value: {} } as const;
      return bus.request(launcherList(host), { body }, { deadlineMs: DEADLINE_MS, retry: true });
    },
    sendRaw: async (messages) => {
      const credentials = readFileSync(await credentialsOf('operator', 'attacker', everything));
      const raw = await plainConnect(prepared.server.url, credentials);
      for (const { subject, bytes } of messages) raw.publish(subject, bytes, { reply: `${subject}.nobody` });
      await raw.flush();
      await raw.close();
    },
    nextInstance: (assembly, host = 'local') => {
      incarnation += 1;
      return `${deployable}.${assembly}.${host}.1-${incarnation}`;
    },
    close: async () => {
      for (const launcherd of launcherds) await launcherd.kill();
      for (const bus of buses) await bus.close();
      await killAndWait(server);
      await local.dispose();
    },
  };
}

/** The answer to an order or question, which must be one. */
export function stateOf(outcome: RequestOutcome): InstanceState {
  if (outcome.kind === 'reply' && outcome.envelope.body.kind === 'instanceState') return outcome.envelope.body.value;
  throw new Error(`no instance state but ${JSON.stringify(outcome)}`);
}

export function inventoryOf(outcome: RequestOutcome): LauncherInventory {
  if (outcome.kind === 'reply' && outcome.envelope.body.kind === 'launcherInventory') {
    return outcome.envelope.body.value;
  }
  throw new Error(`no inventory but ${JSON.stringify(outcome)}`);
}

function startLauncherd(local: LocalFixture, server: BusServer, host: string): Launcherd {
  const { initBinary, agentCommand } = local.options(host);
  const options = {
    '--home': local.home,
    '--host': host,
    '--bus': server.url,
    '--credentials': credentialsFile(local.home, 'launcher', host),
    '--instance-init': initBinary,
    '--agent-command': JSON.stringify(agentCommand),
  };
  const args = [LAUNCHERD, ...Object.entries(options).flat()];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const file = join(local.directory, `launcherd-${host}.log`);
  const written = createWriteStream(file, { flags: 'a' });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    stream.pipe(written, { end: false });
  }
  return {
    child,
    ended,
    log: () => text,
    kill: async (signal = 'SIGKILL') => {
      child.kill(signal);
      await ended;
      written.end();
    },
  };
}

async function startServer({ command, args, port }: BusServer): Promise<ChildProcess> {
  const child = spawn(command, args, { stdio: 'ignore' });
  await until('the bus listens', async () => {
    const raw = await connectNats({
      port,
      timeout: 500,
      maxReconnectAttempts: 0,
      tls: { rejectUnauthorized: false } as TlsOptions,
    }).catch((error: Error) => error);
    if (!(raw instanceof Error)) await raw.close();
    return !(raw instanceof Error) || /authorization/i.test(raw.message);
  });
  return child;
}

async function killAndWait(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
