/** What somebody needs who was not there: collected in a directory, without secrets. */
import { execFile } from 'node:child_process';
import { mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { arch, cpus, freemem, loadavg, release, totalmem, uptime } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { redact } from './redact.js';

export interface ReportOptions {
  readonly home: string;
  /** Where to: a directory that is there. */
  readonly directory: string;
  readonly version: string;
  readonly deployables: readonly string[];
  readonly onStep: (what: string) => void;
}

/** Of one log, from its end. */
const maxLogBytes = 4 * 1024 * 1024;
const questionMs = 30_000;
const maxFilesListed = 5_000;
const secretDirectories = ['keys', 'credentials'];

/** Resolves with what could not be collected; the rest is there. */
export async function collectReport(options: ReportOptions): Promise<readonly string[]> {
  const { home, directory } = options;
  const missing: string[] = [];
  const known = await secretsOf(home);
  const write = async (name: string, text: string): Promise<void> => {
    const file = join(directory, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, redact(text, known));
  };
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    options.onStep(what);
    await work().catch((error: Error) => missing.push(`${what}: ${redact(error.message, known)}`));
  };
  for (const [name, args] of questions(options.deployables)) {
    await attempt(name, async () => write(name, await ask(home, args)));
  }
  await attempt('config.json', async () => write('config.json', await readFile(join(home, 'config.json'), 'utf8')));
  const logs = [...(await logsIn(join(home, 'logs'))), ...(await logsIn(join(home, 'nats')))];
  for (const file of logs) {
    const name = join('logs', relative(home, file).replaceAll('/', '-'));
    await attempt(name, async () => write(name, await tailOf(file)));
  }
  await attempt('files.txt', async () => write('files.txt', await listFiles(home)));
  await attempt('machine.json', async () => write('machine.json', await machine(options.version)));
  return missing;
}

type Question = readonly [file: string, args: readonly string[]];

function questions(deployables: readonly string[]): readonly Question[] {
  return [
    ['info.txt', ['info']],
    ['info.json', ['--json', 'info']],
    ['hosts.txt', ['host', 'list']],
    ['deployables.txt', ['deployable', 'list']],
    ['events.jsonl', ['--json', 'events', '--limit', '10000']],
    ['failures.txt', ['failures', '--limit', '1000']],
    ['audit.txt', ['audit', '--limit', '1000']],
    ['identities.txt', ['auth', 'list', '--instances']],
    ...deployables.flatMap((name): readonly Question[] => [
      [`deployables/${name}/status.txt`, ['deployable', 'status', name]],
      [`deployables/${name}/status.json`, ['--json', 'deployable', 'status', name]],
      [`deployables/${name}/history.txt`, ['deployable', 'history', name]],
      [`deployables/${name}/transitions.txt`, ['transitions', name]],
      [`deployables/${name}/cib.xml`, ['cib', name]],
    ]),
  ];
}

/** As whoever makes the report would ask: cpectl in a process of its own. */
function ask(home: string, args: readonly string[]): Promise<string> {
  const program = join(import.meta.dirname, '..', 'main.js');
  const command = [program, '--home', home, '--timeout', `${questionMs / 1_000}s`, ...args];
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      command,
      { maxBuffer: 256 * 1024 * 1024, timeout: 2 * questionMs },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(stderr.trim().split('\n')[0] || error.message));
      },
    );
  });
}

/** The home's own: wherever one of them stands, it is taken out. */
async function secretsOf(home: string): Promise<readonly string[]> {
  const secrets: string[] = [];
  for (const folder of secretDirectories) {
    for (const name of await readdir(join(home, folder)).catch(() => [])) {
      const text = await readFile(join(home, folder, name), 'utf8').catch(() => '');
      const keys = text.match(/-----BEGIN PRIVATE KEY-----[^-]+/g) ?? [];
      secrets.push(...keys.flatMap((key) => key.split('\n').slice(1)).filter((line) => line.length >= 16));
      secrets.push(...(text.match(/\b(?:S[OAUCN][A-Z2-7]{56}|[0-9a-f]{64}|eyJ[\w-]+\.[\w-]+\.[\w-]+)\b/g) ?? []));
    }
  }
  return secrets;
}

async function logsIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => /\.log(\.|$)/.test(name)).map((name) => join(directory, name));
}

async function tailOf(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - maxLogBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    const text = buffer.subarray(0, bytesRead).toString('utf8');
    return from === 0 ? text : `(the last ${maxLogBytes} of ${size} bytes)\n${text.slice(text.indexOf('\n') + 1)}`;
  } finally {
    await handle.close();
  }
}

/** Names, sizes and permissions: what is in them stays here. */
async function listFiles(home: string): Promise<string> {
  const names = (await readdir(home, { recursive: true })).sort().slice(0, maxFilesListed);
  const lines = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(home, name)).catch(() => undefined);
      if (found === undefined) return `gone ${name}`;
      const mode = (found.mode & 0o7777).toString(8).padStart(4, '0');
      return `${mode} ${found.uid}:${found.gid} ${String(found.size).padStart(12)} ${found.mtime.toISOString()} ${name}`;
    }),
  );
  return `${lines.join('\n')}\n`;
}

async function machine(version: string): Promise<string> {
  const system = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const [, name = ''] = /^PRETTY_NAME="?([^"\n]*)/m.exec(system) ?? [];
  const memory = { totalBytes: totalmem(), freeBytes: freemem() };
  const facts = { version, node: process.version, system: name, kernel: release(), arch: arch() };
  const load = { cpus: cpus().length, load: loadavg(), uptimeS: uptime(), memory };
  return `${JSON.stringify({ time: new Date().toISOString(), ...facts, ...load }, undefined, 2)}\n`;
}
