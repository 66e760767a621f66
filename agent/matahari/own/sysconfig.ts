import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { baseEnvironment } from '../../executors/environment.js';
import { awaitLeftover } from '../../executors/leftover-script.js';
import { runScript } from '../../executors/run-script.js';
import { type Done, done, problem, type SysconfigObject } from '../matahari.js';
import { checkWhole, checkWord, type Objection, quoted } from './check-argument.js';
import { type ConfigurationRecords, configurationRecords, type StartedRun } from './configuration-record.js';
import {
  type ConfigurationProgram,
  programOf,
  puppetAgent,
  queryAugeas,
  type Scheme,
  schemes,
  statusOf,
  writeConfiguration,
} from './configuration-scheme.js';
import { fetchConfiguration, maxConfigurationBytes } from './configuration-source.js';
import { readDurable, writeDurable } from './durable-file.js';
import type { OwnLog, OwnParts } from './own-options.js';
import { newToken } from './run-program.js';

/** Installing packages takes its time; what takes longer than this is stuck. */
const runLimitMs = 30 * 60_000;
const maxParallel = 8;
const outputLimitBytes = 16 * 1024;
const maxQueryLength = 4096;
const force = 1;

interface Request {
  readonly key: string;
  readonly scheme: Scheme;
  /** What is to be run, once it is known that it is to be run; its file is removed afterwards. */
  prepare(file: string): Promise<Done<ConfigurationProgram>>;
}

/**
 * The Sysconfig object. A key is run once, and its result is kept: without flag 1 it is answered from then on. Before a
 * run its start is recorded, after it the result. A run whose end the agent did not live to see is repeated when the
 * key is asked for again, after what is left of it has ended: a configuration is run at least once, and has to bear
 * that; meanwhile the key has no result.
 */
export function ownSysconfig({ options, machine, properties }: OwnParts): SysconfigObject {
  const directory = join(options.stateDirectory, 'sysconfig');
  const records = configurationRecords(join(directory, 'keys'));
  const postbootPath = join(directory, 'postboot');
  const underWay = new Map<string, Promise<Done<string>>>();
  let writingPostboot: Promise<unknown> = Promise.resolve();

  const execute = async (request: Request): Promise<Done<string>> => {
    const file = join(directory, 'runs', request.key);
    try {
      await awaitInterrupted(records, request.key, options.log);
      const program = await request.prepare(file);
      if (program.kind === 'problem') return program;
      const run = { ...program.value, token: newToken() };
      await records.write(request.key, { kind: 'started', run });
      const status = await runToStatus(request.scheme, run);
      await records.write(request.key, { kind: 'finished', status });
      return done(status);
    } finally {
      rmSync(file, { force: true });
    }
  };

  const submit = async (request: Request, isForced: boolean): Promise<Done<string>> => {
    const running = underWay.get(request.key);
    if (running !== undefined) {
      return isForced ? problem('unavailable', `key ${request.key} is being configured just now`, 'key') : running;
    }
    if (underWay.size >= maxParallel) return problem('unavailable', `${maxParallel} configurations are under way`);
    const work = guarded(async () => {
      const known = isForced ? undefined : await records.read(request.key);
      return known?.kind === 'finished' ? done(known.status) : execute(request);
    });
    underWay.set(request.key, work);
    return work.finally(() => underWay.delete(request.key));
  };

  return {
    get: () =>
      guarded(async () => {
        const known = await properties();
        if (known.kind === 'problem') return known;
        return done({ ...known.value, isPostbootConfigured: Number((await readDurable(postbootPath)) ?? 0) || 0 });
      }),
    setPostbootConfigured: async (value) =>
      checkWhole('is_postboot_configured', value, 0, 2 ** 32 - 1) ??
      guarded(async () => {
        const written = writingPostboot.then(() => writeDurable(postbootPath, `${value}\n`));
        writingPostboot = written.catch(() => undefined);
        await written;
        return done(undefined);
      }),
    runUri: async (uri, flags, asked, key) => {
      const scheme = asked.toLowerCase();
      const objection = checkRun(flags, scheme, key) ?? checkUri(uri, scheme);
      if (objection !== undefined) return objection;
      const prepare = async (file: string): Promise<Done<ConfigurationProgram>> => {
        if (isPuppetServer(uri)) return puppetAgent(machine, uri);
        const program = programOf(machine, scheme as Scheme, file, '');
        if (program.kind === 'problem') return program;
        const text = await fetchConfiguration(uri);
        return text.kind === 'problem' ? text : prepareText(file, text.value, scheme as Scheme);
      };
      return submit({ key, scheme: scheme as Scheme, prepare }, flags === force);
    },
    runString: async (text, flags, asked, key) => {
      const scheme = asked.toLowerCase();
      const objection = checkRun(flags, scheme, key) ?? checkText(text);
      if (objection !== undefined) return objection;
      const prepare = async (file: string) => prepareText(file, text, scheme as Scheme);
      return submit({ key, scheme: scheme as Scheme, prepare }, flags === force);
    },
    query: async (text, flags, scheme) => {
      const objection = checkWord('scheme', scheme.toLowerCase(), ['augeas']) ?? checkFlags(flags) ?? checkQuery(text);
      return objection ?? guarded(() => queryAugeas(machine, text));
    },
    isConfigured: async (key) =>
      checkKey(key) ??
      guarded(async () => {
        const record = await records.read(key);
        if (record?.kind === 'finished') return done(record.status);
        const reason = record === undefined ? 'was never run' : 'is under way, or its end was not seen';
        return problem('not-found', `no result is known of key ${key}: its configuration ${reason}`, 'key');
      }),
  };

  function prepareText(file: string, text: string, scheme: Scheme): Done<ConfigurationProgram> {
    const program = programOf(machine, scheme, file, text);
    if (program.kind === 'done') writeConfiguration(file, text);
    return program;
  }
}

async function runToStatus(scheme: Scheme, { path, argv, token }: StartedRun): Promise<string> {
  const environment = baseEnvironment();
  const limits = { timeoutMs: runLimitMs, outputLimitBytes };
  return statusOf(scheme, await runScript({ path, arguments: argv, environment, token, ...limits }));
}

async function awaitInterrupted(records: ConfigurationRecords, key: string, log: OwnLog): Promise<void> {
  const record = await records.read(key);
  if (record?.kind !== 'started') return;
  log('warn', 'a configuration did not live to see its end recorded; it is repeated', { key });
  const { path, argv, token } = record.run;
  await awaitLeftover({ path, arguments: argv, token, environment: {}, timeoutMs: runLimitMs });
}

function checkRun(flags: number, scheme: string, key: string): Objection {
  return checkKey(key) ?? checkWord('scheme', scheme, schemes) ?? checkFlags(flags);
}

/** A key is never a path. */
function checkKey(key: string): Objection {
  if (/^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}$/.test(key)) return undefined;
  const allowed = 'letters, digits, dot, dash and underscore (1 to 128, no dot first)';
  return problem('invalid-argument', `key ${quoted(key)} is not made of ${allowed}`, 'key');
}

function checkFlags(flags: number): Objection {
  return checkWhole('flags', flags, 0, force);
}

function checkText(text: string): Objection {
  if (Buffer.byteLength(text) <= maxConfigurationBytes) return undefined;
  return problem('invalid-argument', `text has more than ${maxConfigurationBytes} bytes`, 'text');
}

function checkUri(uri: string, scheme: string): Objection {
  if (isPuppetServer(uri) && scheme === 'puppet') return undefined;
  const protocol = URL.canParse(uri) ? new URL(uri).protocol : '';
  if (['file:', 'http:', 'https:'].includes(protocol)) return undefined;
  return problem('invalid-argument', `uri ${quoted(uri)} is none of file:, http: and https:`, 'uri');
}

function checkQuery(text: string): Objection {
  // One command of augtool is one line.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (text !== '' && text.length <= maxQueryLength && !/[\x00-\x1f]/.test(text)) return undefined;
  return problem('invalid-argument', 'text has to be one path of augeas, in one line', 'text');
}

function isPuppetServer(uri: string): boolean {
  return /^puppet:/i.test(uri);
}

/** Trouble with the disk is an answer. */
async function guarded<T>(work: () => Promise<Done<T>>): Promise<Done<T>> {
  try {
    return await work();
  } catch (error) {
    return problem('failed', `the agent's state directory: ${(error as Error).message}`);
  }
}
