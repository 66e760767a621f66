import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { mintForAgent, openAuthority } from '../../coordinator/identity/authority.js';
import { packageRoot } from '../../launcher/package-root.js';
import { pidsOf, type Site, startSite } from './site.js';

const mark = `7${process.pid}`;
const document = (name: string, assembly: string, seconds: number) =>
  `deployable: ${name}\nassemblies: { ${assembly}: { resources: { app: { exec: { command: [sleep, "${seconds}${mark}"] } } } } }\n`;

let site: Site;
before(async () => {
  site = await startSite();
  await site.launch('noisy', document('noisy', 'web', 1));
  await site.launch('shop', document('shop', 'till', 2));
  await site.launch('calm', document('calm', 'desk', 3));
  for (const name of ['noisy', 'shop', 'calm']) await site.settled(name);
});
after(() => site.end());

interface AgentJson {
  readonly instance: string;
}

/** Kills the instance of the deployable's one assembly; how long (ms) until it runs again. */
async function recoveryMs(name: string, assembly: string): Promise<number> {
  const since = await site.lastSeq();
  const killed = Date.now();
  process.kill(await site.pid('instance', assembly), 'SIGKILL');
  const { timeUnixMs } = await site.event(
    since,
    (event) => event.kind === 'deployable-running' && event.deployable === name,
  );
  return (timeUnixMs ?? Number.NaN) - killed;
}

/**
 * Says what an agent may, as fast as it can, until the bus shuts it out. It would be on a machine of its own: here what it
 * takes of the processor comes last.
 */
function startFlood(busUrl: string, credentials: string, instance: string): ChildProcess {
  const text = `
    import { connect, credsAuthenticator } from 'nats';
    const { busUrl, credentials, root } = JSON.parse(process.env.FLOOD);
    const ca = credentials.slice(credentials.indexOf('-----BEGIN CERTIFICATE'));
    const authenticator = credsAuthenticator(Buffer.from(credentials));
    const connection = await connect({ servers: busUrl, authenticator, tls: { ca }, reconnect: false });
    const garbage = new Uint8Array(100);
    while (!connection.isClosed()) {
      for (let count = 0; count < 500 && !connection.isClosed(); count += 1) {
        for (const channel of ['heartbeat', 'report', 'register', 'event']) connection.publish(root + channel, garbage);
      }
      await connection.flush().catch(() => {});
    }`;
  const root = `cpe.v1.agent.${instance}.`;
  return spawn('nice', ['-n', '19', process.execPath, '--input-type=module', '-e', text], {
    cwd: packageRoot(),
    env: { ...process.env, FLOOD: JSON.stringify({ busUrl, credentials, root }) },
    stdio: 'inherit',
  });
}

test('an agent that floods the bus is shut out and replaced; another deployable recovers as it did without', async (context) => {
  // Another one than beside the flood: what fails twice in a row waits before it is started again.
  const without = await recoveryMs('calm', 'desk');
  const since = await site.lastSeq();
  const { instance } = JSON.parse(await site.must('--json', 'agent', 'describe', 'noisy/web')) as AgentJson;
  const { busUrl } = JSON.parse(await site.must('--json', 'info')) as { busUrl: string };
  const flood = startFlood(busUrl, mintForAgent(await openAuthority(site.home), instance, Date.now()), instance);
  context.after(() => flood.kill('SIGKILL'));
  const ended = once(flood, 'exit');
  const during = await recoveryMs('shop', 'till');
  const { reason } = await site.event(since, ({ kind }) => kind === 'agent-shut-out', 60_000);
  assert.match(reason, /floods the bus/);
  await ended;
  // Its own assembly is the one that pays: silence, and another instance.
  await site.event(since, ({ kind, deployable }) => kind === 'deployable-running' && deployable === 'noisy', 120_000);
  await site.settled('noisy');
  assert.equal(pidsOf(`sleep 1${mark}`).length, 1);
  assert.equal(pidsOf(`sleep 2${mark}`).length, 1);
  context.diagnostic(
    `recovery beside the flood ${during} ms, without ${without} ms: x${(during / without).toFixed(2)}`,
  );
});
