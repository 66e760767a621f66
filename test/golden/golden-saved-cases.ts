import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GoldenCase } from './golden-compare.js';
import { executedLines } from './golden-oracle.js';

/** For inputs that do not say when they were recorded. */
const DEFAULT_NOW_UNIX_S = 1_700_000_000;

/** Times that Pacemaker's test driver gives on the command line (cts/cts-scheduler.in), where the input names none. */
const TIMES: ReadonlyMap<string, string> = new Map([
  ['date-1', '2005-01-20T00:00:00Z'],
  ['date-2', '2005-01-20T12:30:00Z'],
  ['date-3', '2005-01-20T11:30:00Z'],
  ['origin', '2014-05-07T00:28:00Z'],
]);

/**
 * Cases as Pacemaker keeps its own: `xml/NAME.xml`, and where they are there the expected graph (`exp/NAME.exp`) and
 * what crm_simulate printed (`summary/NAME.summary`). Throws if the directory has no `xml` with cases in it.
 */
export function savedCases(directory: string): GoldenCase[] {
  const inputs = join(directory, 'xml');
  const names = existsSync(inputs) ? readdirSync(inputs).filter((file) => file.endsWith('.xml')) : [];
  if (names.length === 0) throw new Error(`no cases: there is no ${join(inputs, '*.xml')}`);
  return names.sort().map((file) => savedCase(directory, file.slice(0, -'.xml'.length)));
}

function savedCase(directory: string, name: string): GoldenCase {
  const cib = readText(join(directory, 'xml', `${name}.xml`)) ?? '';
  const summary = readText(join(directory, 'summary', `${name}.summary`));
  const given = TIMES.get(name);
  const recorded = Number(/<cib [^>]*\bexecution-date="(\d{1,10})"/.exec(cib)?.[1] ?? DEFAULT_NOW_UNIX_S);
  return {
    name,
    cib,
    nowUnixS: given === undefined ? recorded : Date.parse(given) / 1000,
    savedGraph: readText(join(directory, 'exp', `${name}.exp`)),
    savedOrder: summary === undefined ? undefined : executedLines(summary),
  };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
