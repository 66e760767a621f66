/** A whole coordinator of real processes in a directory of its own, driven as an operator would: through cpectl. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventJson } from '../../tools/cpectl/views/event-view.js';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessJson {
  readonly role: string;
  readonly name: string;
  readonly pid: number;
  readonly assembly?: string;
  readonly agentPid?: number;
}

export interface Site {
  readonly home: string;
  /** Runs cpectl to its end, whatever it says. */
  run(...args: readonly string[]): Promise<Ran>;
  /** Runs cpectl, which must succeed; its output. */
  must(...args: readonly string[]): Promise<string>;
  /** Writes a document and returns its path. */
  document(name: string, text: string): string;
  /** Creates and starts a deployable; resolves when it runs. */
  launch(name: string, text: string): Promise<void>;
  events(since?: number): Promise<readonly EventJson[]>;
  lastSeq(): Promise<number>;
  /** Resolves with the first event after `since` that fits; rejects after `deadlineMs`. */
  event(since: number, isIt: (event: EventJson) => boolean, deadlineMs?: number): Promise<EventJson>;
  /** Pid of a process of `cpectl info`: a daemon by name, or the init or agent of an assembly's instance. */
  pid(role: string, name: string): Promise<number>;
  /** Resolves when the deployable runs and nothing is left to do. */
  settled(name: string, condition?: string, deadlineMs?: number): Promise<void>;
  /** Down and away; rejects when something was left running. */
  end(): Promise<void>;
}

const cpectl = join(import.meta.dirname, '..', '..', 'tools', 'cpectl', 'main.js');

export async function startSite(...options: readonly string[]): Promise<Site> {
  const root = mkdtempSync(join(tmpdir(), 'cpe-'));
  const home = join(root, 'h');
  const site = siteOf(root, home);
  const up = await site.run('up', ...options);
  if (up.code !== 0) {
    const log = await logs(home);
    await site.end();
    throw new Error(`cpectl up: ${up.stderr}\n${log}`);
  }
  return site;
}

function siteOf(root: string, home: string): Site {
  const run = (...args: readonly string[]) => runCpectl(home, args);
  const must = async (...args: readonly string[]) => {
    const ran = await run(...args);
    if (ran.code !== 0) throw new Error(`cpectl ${args.join(' ')}: exit ${ran.code}\n${ran.stderr}${await logs(home)}`);
    return ran.stdout;
  };
  const events = async (since = 0) => {
    const text = await must('--json', 'events', '--since', String(since));
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as EventJson);
  };
  const document = (name: string, text: string) => {
    const file = join(root, name);
    writeFileSync(file, text);
    return file;
  };
  return {
    home,
    run,
    must,
    document,
    events,
    async launch(name, text) {
      await must('deployable', 'create', '-f', document(`${name}.yaml`, text));
      await must('deployable', 'start', name);
    },
    async lastSeq() {
      return (await events()).at(-1)?.seq ?? 0;
    },
    async event(since, isIt, deadlineMs = 180_000) {
      return until(
        `an event after ${since}`,
        deadlineMs,
        async () => (await events(since)).find(isIt),
        async () =>
          (await events(since))
            .map((event) => `${event.seq} ${event.assembly}.${event.resource} ${event.kind} ${event.reason}`)
            .join('\n'),
      );
    },
    async pid(role, name) {
      const info = JSON.parse(await must('--json', 'info')) as Record<'processes' | 'instances', ProcessJson[]>;
      const found = [...info.processes, ...info.instances].find(
        (each) => each.role === role && (each.name === name || each.assembly === name),
      );
      if (found === undefined || found.pid === 0) throw new Error(`no ${role} ${name} runs`);
      return found.pid;
    },
    async settled(name, condition = 'running', deadlineMs = 180_000) {
      const look = async () => {
        const ran = await run('--json', 'deployable', 'status', name);
        if (ran.code !== 0) return undefined;
        const status = JSON.parse(ran.stdout) as { condition: string; settled: boolean };
        return status.condition === condition && status.settled ? true : undefined;
      };
      await until(
        `${name} to be ${condition}`,
        deadlineMs,
        look,
        async () => (await run('deployable', 'status', name)).stdout,
      );
    },
    async end() {
      const down = await run('down', '--grace', '30');
      const left = await leftBehind(home);
      for (const { pid } of left) process.kill(pid, 'SIGKILL');
      rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
      if (down.code !== 0) throw new Error(`cpectl down: ${down.stderr}`);
      if (left.length > 0) throw new Error(`left running: ${left.map(({ args }) => args).join('; ')}`);
    },
  };
}

async function runCpectl(home: string, args: readonly string[]): Promise<Ran> {
  const child: ChildProcess = spawn(process.execPath, [cpectl, '--home', home, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** Polls until `look` finds something; an operator would do no better. */
export async function until<T>(
  what: string,
  deadlineMs: number,
  look: () => Promise<T | undefined>,
  explain: () => Promise<string> = async () => '',
): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited ${deadlineMs} ms in vain for ${what}\n${await explain()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Processes whose command line or working directory names the home. */
async function leftBehind(home: string): Promise<readonly { pid: number; args: string }[]> {
  const list = spawn('ps', ['-eo', 'pid=,args='], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  list.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(list, 'close');
  return text
    .split('\n')
    .filter((line) => line.includes(home))
    .map((line) => ({ pid: Number.parseInt(line, 10), args: line.trim().slice(0, 160) }));
}

/** The last lines of every log, for a failure's message. */
async function logs(home: string): Promise<string> {
  return ['supervisor', 'cped', 'launcherd-local', 'nats-server']
    .map((name) => {
      try {
        const text = readFileSync(join(home, 'logs', `${name}.log`), 'utf8');
        return `--- ${name}\n${text.split('\n').slice(-8).join('\n')}`;
      } catch {
        return '';
      }
    })
    .join('\n');
}

/** Pids of a command line inside the instances of this machine. */
export function pidsOf(args: string): number[] {
  return processTable()
    .filter(({ text }) => text === args)
    .map(({ pid }) => pid);
}

function processTable(): { pid: number; text: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        return {
          pid: Number(name),
          text: readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').filter(Boolean).join(' '),
        };
      } catch {
        return { pid: 0, text: '' };
      }
    });
}
