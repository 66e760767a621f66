import { connect } from 'node:net';
import { basename } from 'node:path';
import type { HealthCheck } from '../core/operation.js';
import type { Launch } from './exec-launch.js';
import { lastWords } from './last-words.js';
import { livingFamily, type ProcessFamily } from './process-family.js';
import { readArguments, readProcessName } from './process-table.js';
import { runScript } from './run-script.js';

/** undefined when the check passed, else why it did not. */
export type CheckResult = string | undefined;

export interface CheckContext {
  /** Environment, directory and user of the resource: a check command runs with them. */
  readonly launch: Launch;
  /** Of check commands; not that of the resource, which must survive a check that is killed. */
  readonly token: string;
  /** The resource's processes. */
  readonly family: ProcessFamily;
}

/** Runs one check once; settles within its timeout, and never rejects. */
export async function runCheck(check: HealthCheck, context: CheckContext): Promise<CheckResult> {
  try {
    switch (check.kind) {
      case 'process':
        return checkProcess(check, context);
      case 'tcp':
        return await checkTcp(check);
      case 'http':
        return await checkHttp(check);
      case 'command':
        return await checkCommand(check, context);
    }
  } catch (error) {
    // A URL or a port that is none.
    return error instanceof Error ? error.message : String(error);
  }
}

/** How a check is called in reasons. */
export function describeCheck(check: HealthCheck): string {
  switch (check.kind) {
    case 'process':
      return `process ${check.process}`;
    case 'tcp':
      return `tcp ${check.host}:${check.port}`;
    case 'http':
      return `http ${check.url}`;
    case 'command':
      return `command ${check.command.join(' ')}`;
  }
}

/** TASK_COMM_LEN, without the end of the string. */
const maxNameLength = 15;

function checkProcess(
  { process: name }: Extract<HealthCheck, { kind: 'process' }>,
  { family }: CheckContext,
): CheckResult {
  const isThere = livingFamily(family).some(({ pid }) => {
    if (readProcessName(pid) === name.slice(0, maxNameLength)) return true;
    const [program = ''] = readArguments(pid);
    return basename(program) === name;
  });
  return isThere ? undefined : 'none of its processes has this name';
}

function checkTcp({ host, port, timeoutMs }: Extract<HealthCheck, { kind: 'tcp' }>): Promise<CheckResult> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (result: CheckResult): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => settle(`no connection within ${timeoutMs} ms`), timeoutMs);
    socket.once('connect', () => settle(undefined));
    socket.once('error', (error) => settle(error.message));
  });
}

async function checkHttp({ url, status, timeoutMs }: Extract<HealthCheck, { kind: 'http' }>): Promise<CheckResult> {
  // Loaded with the first http check: most agents have none.
  const { get } = url.startsWith('https:') ? await import('node:https') : await import('node:http');
  return new Promise((resolve) => {
    const settle = (result: CheckResult): void => {
      clearTimeout(timer);
      request.destroy();
      resolve(result);
    };
    const request = get(url, { agent: false, headers: { connection: 'close' } }, (response) => {
      const code = response.statusCode ?? 0;
      const isHealthy = status.length === 0 ? code >= 200 && code < 400 : status.includes(code);
      settle(isHealthy ? undefined : `status ${code}`);
    });
    const timer = setTimeout(() => settle(`no answer within ${timeoutMs} ms`), timeoutMs);
    request.once('error', (error) => settle(error.message));
  });
}

async function checkCommand(
  { command, timeoutMs }: Extract<HealthCheck, { kind: 'command' }>,
  { launch, token }: CheckContext,
): Promise<CheckResult> {
  const [program = '', ...rest] = command;
  // By way of env(1), which looks the program up in the PATH of the resource.
  const end = await runScript({
    path: '/usr/bin/env',
    arguments: ['--', program, ...rest],
    environment: launch.environment,
    directory: launch.directory,
    owner: launch.owner,
    timeoutMs,
    token,
  });
  switch (end.kind) {
    case 'exited':
      return end.code === 0 ? undefined : `exit code ${end.code}${lastWords(end.errors || end.output)}`;
    case 'signalled':
      return `ended by ${end.signal}`;
    case 'timeout':
      return `did not end within ${timeoutMs} ms`;
    case 'cancelled':
      return 'cancelled';
    case 'not-started':
      return end.message;
  }
}
