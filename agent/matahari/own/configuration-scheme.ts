import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ScriptEnd } from '../../executors/run-script.js';
import { type Done, done, problem } from '../matahari.js';
import { quoted } from './check-argument.js';
import type { Machine } from './machine.js';
import { runProgram } from './run-program.js';

export const schemes = ['puppet', 'augeas', 'script'] as const;
export type Scheme = (typeof schemes)[number];

/** A program that does what a configuration says. */
export interface ConfigurationProgram {
  readonly path: string;
  readonly argv: readonly string[];
}

const queryMs = 60_000;
/** Matahari's code for what did not end in time (OCF_TIMEOUT, LSB_TIMEOUT). */
const timeoutCode = 198;

/**
 * What runs a configuration that lies in a file: `script` is a program of any language (with a `#!` line, else for
 * /bin/sh), `puppet` a manifest for `puppet apply`, `augeas` commands for augtool(1), which saves nothing that the
 * commands do not save.
 */
export function programOf(machine: Machine, scheme: Scheme, file: string, text: string): Done<ConfigurationProgram> {
  switch (scheme) {
    case 'script':
      return done(text.startsWith('#!') ? { path: file, argv: [] } : { path: '/bin/sh', argv: [file] });
    case 'puppet':
      // Without detailed exit codes a manifest whose resources have failed would count as applied.
      return installed(machine, 'puppet', ['apply', '--detailed-exitcodes', file]);
    case 'augeas':
      return installed(machine, 'augtool', ['--backup', '--file', file]);
  }
}

/** What asks a puppet server for this machine's configuration; the URI is `puppet://SERVER`. */
export function puppetAgent(machine: Machine, uri: string): Done<ConfigurationProgram> {
  const server = /^puppet:\/\/([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)\/?$/i.exec(uri)?.[1];
  if (server === undefined)
    return problem('invalid-argument', 'uri has to be puppet://SERVER, and nothing else', 'uri');
  return installed(machine, 'puppet', ['agent', '--server', server, '--test']);
}

/** Writes a configuration where its program finds it; nobody else may read it. Throws the file system's error. */
export function writeConfiguration(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, text, { mode: 0o700 });
}

/** Matahari's status of a run: `OK` or `FAILED` and the code, then what the scheme has to say. */
export function statusOf(scheme: Scheme, end: ScriptEnd): string {
  switch (end.kind) {
    case 'exited':
      return isSuccess(scheme, end.code)
        ? lines('OK', dataOf(scheme, end.output))
        : lines('FAILED', String(end.code), dataOf(scheme, end.output));
    case 'signalled':
      return lines('FAILED', '194', `ended by ${end.signal}`, dataOf(scheme, end.output));
    case 'timeout':
    case 'cancelled':
      return lines('FAILED', String(timeoutCode), 'did not end in time', dataOf(scheme, end.output));
    case 'not-started':
      return lines('FAILED', end.code === 'ENOENT' ? '127' : '126', end.message);
  }
}

/** The value of one node of augeas' tree; not found when there is none, or not exactly one. */
export async function queryAugeas(machine: Machine, path: string): Promise<Done<string>> {
  const end = await runProgram(machine, 'augtool', ['get', path], { timeoutMs: queryMs });
  if (end.kind === 'problem') return end;
  const before = `${path} = `;
  const { code, output } = end.value;
  if (code === 0 && output.startsWith(before)) return done(output.slice(before.length).replace(/\n$/, ''));
  return problem('not-found', `${quoted(path)} names no node of augeas' tree that has a value`, 'text');
}

function installed(machine: Machine, name: string, argv: readonly string[]): Done<ConfigurationProgram> {
  const path = machine.program(name);
  return path === undefined
    ? problem('not-installed', `${name} is not installed on this machine`)
    : done({ path, argv });
}

/** puppet's detailed exit codes: 2 means that something was changed, and nothing failed. */
function isSuccess(scheme: Scheme, code: number): boolean {
  return code === 0 || (scheme === 'puppet' && code === 2);
}

/** Matahari's puppet scheme has no data: who compares the status with `OK` must go on to work. */
function dataOf(scheme: Scheme, output: string): string {
  return scheme === 'puppet' ? '' : output.trimEnd();
}

function lines(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}
