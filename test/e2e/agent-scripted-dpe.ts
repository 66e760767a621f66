/** One real agent process on a real bus, with the DPE's side of the conversation in the hands of a test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeUser, fmtCreds } from '@nats-io/jwt';
import { createAccount, createUser } from 'nkeys.js';
import { agentCommand } from '../../launcher/agent-program.js';
import type { Bus, RequestOutcome } from '../../proto/bus.js';
import { parseInstanceId } from '../../proto/instance-id.js';
import type { AgentReport, BodyDraft, Draft, ExecuteOperation, OperationResult } from '../../proto/messages.js';
import { connectBus } from '../../proto/nats-bus.js';
import { agentOrder, allAgents } from '../../proto/subjects.js';

const deployable = 'shop';
const instance = `${deployable}.web.local.1763807520123-1`;
const waitMs = 180_000;

export interface ScriptedDpe {
  readonly directory: string;
  readonly reports: readonly AgentReport[];
  readonly heartbeats: () => number;
  readonly registrations: () => number;
  readonly agentPid: () => number;
  /** Milliseconds from the spawn of the agent's process to its registration. */
  readonly startAgent: () => Promise<number>;
  /** Starts the agent's process, and waits for nothing: the bus may be down. */
  readonly launchAgent: () => void;
  readonly killAgent: (signal: NodeJS.Signals) => Promise<void>;
  readonly stopBus: () => Promise<void>;
  readonly startBus: () => Promise<void>;
  /** While false, reports are taken and not acknowledged. */
  readonly acknowledge: (isOn: boolean) => void;
  /** The next so many reports are taken, and the word of it is lost. */
  readonly loseAcknowledgements: (count: number) => void;
  readonly request: (body: BodyDraft, options?: { epoch?: number; operationId?: string }) => Promise<RequestOutcome>;
  /** Orders an operation and waits for its result. */
  readonly run: (order: Draft<ExecuteOperation>) => Promise<OperationResult>;
  readonly until: <T>(what: string, probe: () => T | undefined) => Promise<T>;
  readonly close: () => Promise<void>;
}

export interface ScriptedDpeOptions {
  /** argv of the agent, from its identity file and the directory that this lies in, with all that it names. */
  readonly command?: (identityFile: string, directory: string) => readonly [string, ...string[]];
}

export async function scriptedDpe({ command = ownAgent }: ScriptedDpeOptions = {}): Promise<ScriptedDpe> {
  const directory = await mkdtemp(join(tmpdir(), 'agent-e2e-'));
  const port = await freePort();
  const credentialsFile = join(directory, 'bus.creds');
  await writeFile(credentialsFile, await anyCredentials());
  const identityFile = join(directory, 'identity.json');
  const stateDirectory = join(directory, 'state');
  await mkdir(stateDirectory);
  const busServers = [`nats://127.0.0.1:${port}`];
  await writeFile(
    identityFile,
    JSON.stringify({
      deployable,
      assembly: 'web',
      instance,
      launcherHost: 'local',
      epoch: 1,
      busServers,
      credentialsFile,
      heartbeatIntervalMs: 200,
      address: '127.0.0.1',
      hostname: 'web',
      stateDirectory,
    }),
  );

  let server: ChildProcess | undefined;
  let agent: ChildProcess | undefined;
  let isAcknowledging = true;
  let acknowledgementsToLose = 0;
  let heartbeats = 0;
  let registrations = 0;
  let operations = 0;
  const reports: AgentReport[] = [];
  const waiters = new Set<() => void>();
  const changed = () => {
    for (const waiter of [...waiters]) waiter();
  };

  const startBus = async () => {
    server = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    await once(server, 'spawn');
  };
  await startBus();
  const bus: Bus = await connectBus({
    servers: busServers,
    credentialsFile,
    identity: { role: 'dpe', id: deployable },
    name: 'scripted dpe',
    onProblem: () => undefined,
    firstConnectMs: waitMs,
  });
  bus.subscribe(allAgents(deployable, 'register'), () => {
    registrations += 1;
    changed();
    return { kind: 'registered', value: { heartbeatIntervalMs: 200, epoch: 1 } };
  });
  bus.subscribe(allAgents(deployable, 'heartbeat'), () => {
    heartbeats += 1;
    changed();
  });
  bus.subscribe(allAgents(deployable, 'report'), ({ envelope }) => {
    if (envelope.body.kind !== 'agentReport' || !isAcknowledging) return undefined;
    reports.push(envelope.body.value);
    changed();
    acknowledgementsToLose -= 1;
    if (acknowledgementsToLose >= 0) return undefined;
    return { kind: 'reportAck', value: { sequence: envelope.body.value.sequence } };
  });
  await bus.flush();

  const until: ScriptedDpe['until'] = (what, probe) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = probe();
        if (found === undefined) return;
        end();
        resolve(found);
      };
      const timer = setTimeout(() => {
        end();
        void readFile(join(directory, 'agent.log'), 'utf8').then((log) =>
          reject(new Error(`in ${waitMs} ms not seen: ${what}\n${log}`)),
        );
      }, waitMs);
      const poll = setInterval(look, 2);
      const end = () => {
        clearTimeout(timer);
        clearInterval(poll);
        waiters.delete(look);
      };
      waiters.add(look);
      look();
    });

  const request: ScriptedDpe['request'] = (body, { epoch = 1, operationId } = {}) => {
    const id = parseInstanceId(instance);
    if (id === undefined) throw new Error('no instance id');
    return bus.request(agentOrder(id), { body, deployable, epoch, operationId }, { deadlineMs: 5000, retry: true });
  };
  const launchAgent = () => {
    const [program, ...args] = command(identityFile, directory);
    agent = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH },
    });
    agent.stdout?.on('data', (chunk) => void writeFile(join(directory, 'agent.log'), chunk, { flag: 'a' }));
  };
  const killAgent = async (signal: NodeJS.Signals) => {
    if (agent === undefined || agent.exitCode !== null || agent.signalCode !== null) return;
    const exited = once(agent, 'exit');
    agent.kill(signal);
    await exited;
  };

  return {
    directory,
    reports,
    heartbeats: () => heartbeats,
    registrations: () => registrations,
    agentPid: () => agent?.pid ?? 0,
    launchAgent,
    async startAgent() {
      const before = registrations;
      const startedAt = performance.now();
      launchAgent();
      await until('a registration', () => (registrations > before ? true : undefined));
      return performance.now() - startedAt;
    },
    killAgent,
    async stopBus() {
      if (server === undefined) return;
      const exited = once(server, 'exit');
      server.kill('SIGKILL');
      await exited;
    },
    startBus,
    acknowledge: (isOn) => {
      isAcknowledging = isOn;
    },
    loseAcknowledgements: (count) => {
      acknowledgementsToLose = count;
    },
    request,
    async run(order) {
      operations += 1;
      const operationId = `1-test-${operations}`;
      const outcome = await request({ kind: 'executeOperation', value: order }, { operationId });
      if (outcome.kind === 'error') throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
      return until(`the result of ${order.operation} ${order.resource}`, () => orderResult(reports, operationId));
    },
    until,
    async close() {
      await killAgent('SIGTERM');
      await bus.close();
      server?.kill('SIGKILL');
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function ownAgent(identityFile: string): readonly [string, ...string[]] {
  return [...agentCommand(), '--identity', identityFile];
}

export function orderResult(reports: readonly AgentReport[], operationId: string): OperationResult | undefined {
  for (const { report } of reports) {
    if (report.kind === 'orderResult' && report.value.operationId === operationId) return report.value.result;
  }
  return undefined;
}

/** Reports of one kind, as far as they have come. */
export function reportsOf<K extends AgentReport['report']['kind']>(
  reports: readonly AgentReport[],
  kind: K,
): Extract<AgentReport['report'], { kind: K }>[] {
  return reports.map(({ report }) => report).filter((report) => report.kind === kind) as never;
}

/** A server without authentication takes anybody's. */
async function anyCredentials(): Promise<Uint8Array> {
  const user = createUser();
  return fmtCreds(await encodeUser('agent', user, createAccount()), user);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
