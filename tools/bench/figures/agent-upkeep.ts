import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench-context.js';
import type { Figure, Measured } from '../figure.js';
import { findAgent, findAgentProcesses, findByName, privateKilobytes, runMilliseconds } from '../process-cost.js';
import { peerSupervisors, type RunningSupervisor } from '../supervisors.js';

const programs = 20;
const warmUpMs = 20_000;
const windowMs = 10_000;
/** pm2's daemon is not the process that the bench starts. */
const peers = peerSupervisors.filter(({ name }) => name !== 'pm2');
const pacemakerNames = new Set(
  ['pacemakerd', 'pacemaker-based', 'pacemaker-fenced', 'pacemaker-execd', 'pacemaker-attrd', 'pacemaker-schedulerd']
    .concat(['pacemaker-controld', 'corosync'])
    // TASK_COMM_LEN
    .map((name) => name.slice(0, 15)),
);

/** Private memory at rest: twenty commands that run, monitored every 10 s. */
export const agentMemory: Figure = {
  name: 'agent-memory',
  runs: 3,
  measure: (bench, runs) =>
    measureUpkeep(bench, runs, 'bench-memory', 'kB', async (subjects) => {
      await delay(windowMs / 10, undefined, { signal: bench.signal });
      return subjects.map(privateKilobytes);
    }),
};

/** CPU time at rest, in ms per minute. */
export const agentIdleCpu: Figure = {
  name: 'agent-idle-cpu',
  runs: 3,
  measure: (bench, runs) =>
    measureUpkeep(bench, runs, 'bench-idle', 'ms/min', async (subjects) => {
      const before = subjects.map(runMilliseconds);
      await delay(windowMs, undefined, { signal: bench.signal });
      return subjects.map((pids, index) => ((runMilliseconds(pids) - (before[index] ?? 0)) / windowMs) * 60_000);
    }),
};

type Look = (subjects: readonly (readonly number[])[]) => Promise<readonly number[]>;

/** The agent, a Node process that does nothing, and the peers, all of them looked at in the same moments. */
async function measureUpkeep(bench: Bench, runs: number, name: string, unit: string, look: Look): Promise<Measured> {
  const [coordinator, stamps] = await Promise.all([bench.coordinator(), bench.stamps()]);
  const namesOf = (subject: string) => Array.from({ length: programs }, (_, index) => `${name}-${subject}-${index}`);
  const resources = namesOf('cpe').map(
    (each, index) => `      r${index}: { exec: { command: ${JSON.stringify(stamps.command(each))} } }`,
  );
  const document = `deployable: ${name}\nassemblies:\n  one:\n    resources:\n${resources.join('\n')}\n`;
  return coordinator.withDeployable(name, document, async () => {
    const running: { readonly name: string; readonly supervisor: RunningSupervisor }[] = [];
    const idle = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)'], { stdio: 'ignore' });
    try {
      for (const peer of peers) {
        const missing = peer.missing();
        if (missing !== undefined) {
          bench.note(`peer ${peer.name} is left out: ${missing}`);
          continue;
        }
        const commands = namesOf(peer.name).map((each) => stamps.command(each));
        running.push({
          name: peer.name,
          supervisor: await peer.start(commands, bench.workplace.directory(`${name}-${peer.name}`)),
        });
      }
      await delay(warmUpMs, undefined, { signal: bench.signal });
      const agent = findAgent((await coordinator.instance(name, 'one')).pid);
      if (agent === undefined || idle.pid === undefined) throw new Error('no agent runs in the instance');
      const pacemaker = findByName(pacemakerNames);
      if (pacemaker.length === 0) bench.note('peer Pacemaker is left out: it does not run here');
      const subjects = new Map<string, readonly number[]>([
        ['cpe', findAgentProcesses(agent)],
        ['node', [idle.pid]],
        ...running.map(({ name: peer, supervisor }) => [peer, supervisor.pids] as const),
        ...(pacemaker.length === 0 ? [] : [['Pacemaker', pacemaker] as const]),
      ]);
      const rows = [...subjects.keys()].map((subject) => [subject, [] as number[]] as const);
      for (let run = 0; run < runs; run++) {
        const values = await look([...subjects.values()]);
        for (const [index, [, row]] of rows.entries()) row.push(values[index] ?? 0);
      }
      const { cpe: samples = [], node: floor = [], ...others } = Object.fromEntries(rows);
      return { samples, floor, peers: others, unit };
    } finally {
      idle.kill('SIGKILL');
      await Promise.all(running.map(({ supervisor }) => supervisor.end()));
      for (const { name: peer } of running) stamps.end(namesOf(peer));
    }
  });
}
