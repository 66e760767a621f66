import { once } from 'node:events';
import { join } from 'node:path';
import type { EventJson } from '../../tools/cpectl/views/event-view.js';
import type { Namespaces } from './namespaces.js';

/** What an operator does on one machine of a network, with the home that it has there. */
export interface CpectlOn {
  /** Runs cpectl to its end; what it has written, with its complaints when it fails. */
  run(...args: readonly string[]): Promise<{ readonly code: number | null; readonly text: string }>;
  /** Runs cpectl, which must succeed. */
  must(...args: readonly string[]): Promise<string>;
  json<T>(...args: readonly string[]): Promise<T>;
  events(since?: number): Promise<readonly EventJson[]>;
}

/** A program of the build, by its path in the sources. */
export const program = (path: string): string => join(import.meta.dirname, '..', '..', path);

/** @param cpectl the program, of this version where nothing else is said. */
export function cpectlOn(
  network: Namespaces,
  machine: string,
  home: string,
  cpectl = program('tools/cpectl/main.js'),
): CpectlOn {
  const run = async (...args: readonly string[]) => {
    const command = [process.execPath, cpectl, '--home', home, ...args];
    const child = network.spawn(machine, command, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let trouble = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      trouble += chunk;
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, text: code === 0 ? text : text + trouble };
  };
  const must = async (...args: readonly string[]) => {
    const { code, text } = await run(...args);
    if (code !== 0) throw new Error(`${machine}: cpectl ${args.join(' ')}: exit ${code}\n${text}`);
    return text;
  };
  return {
    run,
    must,
    json: async <T>(...args: readonly string[]) => JSON.parse(await must('--json', ...args)) as T,
    events: async (since = 0) =>
      (await must('--json', 'events', '--since', String(since)))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as EventJson),
  };
}
