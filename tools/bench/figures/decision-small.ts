import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseGraph } from '../../../coordinator/graph/parse-graph.js';
import { openSchedulerChild } from '../../../coordinator/scheduler/scheduler-child.js';
import { packageRoot } from '../../../launcher/package-root.js';
import type { Bench } from '../bench-context.js';
import { runBuildTool } from '../compile.js';
import { within } from '../deadline.js';
import type { Figure } from '../figure.js';
import { isOnPath } from '../supervisors.js';

const name = 'bench-decision';
const deadlineMs = 30_000;

export const decisionSmall: Figure = {
  name: 'decision-small',
  runs: 100,
  async measure(bench, runs) {
    const directory = bench.workplace.directory('decision');
    const file = join(directory, 'cib.xml');
    const cib = await failedMonitorCib(bench);
    writeFileSync(file, cib);
    const nowUnixS = Math.floor(Date.now() / 1000);
    const timer = await startDecideTimer(file, nowUnixS, bench);
    const scheduler = openSchedulerChild();
    const hasPeer = isOnPath('crm_simulate');
    if (!hasPeer) bench.note('peer crm_simulate is left out: crm_simulate is not installed');
    try {
      await scheduler.hello();
      const [samples, floor, peer]: [number[], number[], number[]] = [[], [], []];
      let actions: number | undefined;
      const check = (graphXml: string) => {
        const found = countActions(graphXml);
        if (found === 0 || found !== (actions ?? found)) throw new Error(`a decision of ${found} actions`);
        actions = found;
      };
      for (let run = 0; run < runs; run++) {
        bench.signal.throwIfAborted();
        const from = performance.now();
        const decision = await scheduler.decide({ cib, nowUnixS });
        if (decision.kind !== 'graph') throw new Error(`no decision: ${decision.kind}, ${decision.message}`);
        check(decision.graphXml);
        samples.push(performance.now() - from);
        floor.push(await timer.decide());
        if (hasPeer) peer.push(await simulate({ directory, cib, check }));
      }
      return { samples, floor, ...(hasPeer ? { peers: { crm_simulate: peer } } : {}) };
    } finally {
      timer.end();
      await scheduler.close();
    }
  },
};

const document = `
deployable: ${name}
assemblies:
  db: { resources: { store: { exec: { command: [sleep, infinity] } }, cache: { exec: { command: [sleep, infinity] } } } }
  web: { resources: { app: { exec: { command: [sleep, infinity] } } } }
  front: { resources: { gate: { exec: { command: [sleep, infinity] } }, log: { exec: { command: [sleep, infinity] } } } }
constraints:
  - { order: [db.store, web.app, front.gate] }
`;

/** What a DPE asks about most often: all is well but for one monitor that has just failed, here that of `db.store`. */
async function failedMonitorCib(bench: Bench): Promise<string> {
  const coordinator = await bench.coordinator();
  const cib = await coordinator.withDeployable(name, document, () => coordinator.cpectl('cib', name));
  const failed = cib.replace(/<lrm_rsc_op id="db\.store_monitor_\d+"[^>]*>/, (record) =>
    record.replace('rc-code="0"', 'rc-code="7"').replace('transition-magic="0:0;', 'transition-magic="0:7;'),
  );
  if (failed === cib) throw new Error('the CIB has no good monitor of db.store');
  return failed;
}

/** Parses a graph; the number of its synapses. */
function countActions(graphXml: string): number {
  const parsed = parseGraph(graphXml);
  if (parsed.kind === 'malformed') throw new Error(`a graph that is none: ${parsed.message}`);
  return parsed.graph.synapses.length;
}

/** The same from the same text to a parsed graph, the way scripts ask for it. Wall time in ms. */
async function simulate(question: {
  readonly directory: string;
  readonly cib: string;
  readonly check: (graphXml: string) => void;
}): Promise<number> {
  const { directory, cib, check } = question;
  const [input, output] = [join(directory, 'simulated.xml'), join(directory, 'graph.xml')];
  const from = performance.now();
  writeFileSync(input, cib);
  const child = spawn('crm_simulate', ['-R', '-Q', '-x', input, '-G', output], {
    stdio: 'ignore',
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', CIB_shadow_dir: directory },
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`crm_simulate ended with exit code ${code}`);
  check(readFileSync(output, 'utf8'));
  return performance.now() - from;
}

interface DecideTimer {
  /** ms of one decision inside the process. */
  decide(): Promise<number>;
  end(): void;
}

/** Compiles native/decide-timer.c with the scheduler child's own sources, as that one is built, and starts it. */
async function startDecideTimer(file: string, nowUnixS: number, { workplace, signal }: Bench): Promise<DecideTimer> {
  const binary = join(workplace.directory('bin'), 'decide-timer');
  const own = join(packageRoot(), 'tools', 'bench', 'native', 'decide-timer.c');
  const native = join(packageRoot(), 'coordinator', 'scheduler', 'native');
  const sources = readdirSync(native).filter((each) => each.endsWith('.c') && each !== 'main.c');
  const packages = ['libpacemaker', 'pacemaker-pe_status', 'pacemaker-cib', 'libqb', 'libxml-2.0', 'glib-2.0'];
  const flags = (await runBuildTool('pkg-config', ['--cflags', '--libs', ...packages])).trim().split(/\s+/);
  const exported = ['regcomp', 'regexec', 'regfree'].map((symbol) => `-Wl,--export-dynamic-symbol=${symbol}`);
  const inputs = [own, ...sources.map((each) => join(native, each))];
  await runBuildTool('gcc', ['-std=gnu11', '-O2', `-I${native}`, '-o', binary, ...inputs, ...exported, ...flags]);
  const child = spawn(binary, [file, String(nowUnixS)], {
    cwd: '/',
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { TZ: 'UTC', LC_ALL: 'C', PCMK_logfacility: 'none', PCMK_logfile: 'none' },
  });
  child.stdin.on('error', () => {});
  const lines = createInterface(child.stdout);
  return {
    async decide() {
      const line = once(lines, 'line') as Promise<[string]>;
      child.stdin.write('\n');
      const [ns] = await within(line, { deadlineMs, what: 'the decision of decide-timer', signal });
      return Number(ns) / 1e6;
    },
    end: () => child.stdin.end(),
  };
}
