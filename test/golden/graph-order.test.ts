import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findInstanceOnlyIds } from '../../coordinator/graph/instance-only-ids.js';
import { parseGraph } from '../../coordinator/graph/parse-graph.js';
import { renderSummaryLine, type SimulationOptions, simulateOrder } from '../../coordinator/graph/simulate.js';
import { GRAPH_CASES, type GraphCase } from './graph-cases.js';

/**
 * The order of execution against Pacemaker's: its own regression cases where they are given (CASES, a directory with
 * xml/NAME.xml, exp/NAME.exp and summary/NAME.summary), and CIBs of ours that the installed crm_simulate executes.
 */
const CASES = process.env.CASES;

/** Saved cases that are known to differ, each with its reason. None does. */
const DIFFERENT: ReadonlyMap<string, string> = new Map();

const scratch = mkdtempSync(join(tmpdir(), 'graph-order-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

if (CASES === undefined) {
  console.log(
    '!! The saved cases of Pacemaker are NOT compared: set CASES=DIR (with xml/, exp/ and summary/) for that.',
  );
} else {
  test('saved graphs are executed in the saved order', () => compareSavedCases(CASES));
}

const installed = spawnSync('crm_simulate', ['--version'], { encoding: 'utf8' });
const skip = installed.status === 0 ? false : 'NOT RUN: there is no crm_simulate (Debian package pacemaker-cli-utils)';
if (skip !== false) console.log(`!! ${skip}`);

for (const graphCase of GRAPH_CASES) {
  test(`crm_simulate agrees on the order: ${graphCase.name}`, { skip }, () => {
    const { graph, summary } = runCrmSimulate(graphCase);
    const expected = transitionLines(summary);
    for (const line of graphCase.shows) assert.match(expected.join('\n'), new RegExp(escaped(line)), summary);
    const failures = graphCase.failure === undefined ? [] : [graphCase.failure];
    assert.deepEqual(simulatedLines(graph, graphCase.cib, { failures }), expected);
  });
}

function compareSavedCases(directory: string): void {
  const names = readdirSync(join(directory, 'exp'))
    .filter((file) => file.endsWith('.exp'))
    .map((file) => file.slice(0, -'.exp'.length));
  const read = (kind: string) => (name: string) => readFileSync(join(directory, kind, `${name}.${kind}`), 'utf8');
  const differences = names.flatMap((name) => {
    const ours = simulatedLines(read('exp')(name), read('xml')(name));
    const theirs = transitionLines(read('summary')(name));
    const at = ours.findIndex((line, i) => line !== theirs[i]);
    if (at < 0 && ours.length === theirs.length) return [];
    const line = at < 0 ? ours.length : at;
    return [{ name, line: line + 1, theirs: theirs[line], ours: ours[line], reason: DIFFERENT.get(name) }];
  });
  console.log(`orders matched ${names.length - differences.length} of ${names.length}`);
  for (const { name, reason } of differences)
    if (reason !== undefined) console.log(`known to differ: ${name}: ${reason}`);
  assert.ok(names.length > 0, `no cases in ${directory}`);
  assert.deepEqual(
    differences.filter(({ reason }) => reason === undefined),
    [],
  );
}

function runCrmSimulate({ cib, failure }: GraphCase): { graph: string; summary: string } {
  const [cibFile, graphFile] = [join(scratch, 'cib.xml'), join(scratch, 'graph.xml')];
  writeFileSync(cibFile, cib);
  const args = ['--simulate', '--xml-file', cibFile, '--save-graph', graphFile];
  if (failure !== undefined) {
    const { resource, operation, intervalMs, node, exitCode } = failure;
    args.push('--op-fail', `${resource}_${operation}_${intervalMs}@${node}=${exitCode}`);
  }
  // Shadow CIBs go where we say, so that no running cluster's directory is touched or needed.
  const env = { ...process.env, TZ: 'UTC', CIB_shadow_dir: scratch };
  const { status, stdout, stderr } = spawnSync('crm_simulate', args, { encoding: 'utf8', env, timeout: 60_000 });
  assert.equal(status, 0, stderr);
  return { graph: readFileSync(graphFile, 'utf8'), summary: stdout };
}

function simulatedLines(graphXml: string, cibXml: string, options: SimulationOptions = {}): string[] {
  const parsed = parseGraph(graphXml);
  if (parsed.kind === 'malformed') assert.fail(parsed.message);
  const names = findInstanceOnlyIds(cibXml);
  if (names.kind === 'malformed') assert.fail(names.message);
  const { executed, end } = simulateOrder(parsed.graph, { instanceOnlyIds: names.ids, ...options });
  assert.equal(end.kind, 'complete');
  return executed.map(renderSummaryLine);
}

/** The actions of "Executing Cluster Transition"; what a simulated failure writes into the CIB is none. */
function transitionLines(summary: string): string[] {
  const [, executing = ''] = summary.split(/^Executing Cluster Transition:$/m);
  const [actions = ''] = executing.split(/^Revised Cluster Status:$/m);
  return actions.split('\n').filter((line) => line.startsWith('  * ') && !line.startsWith('  * Injecting '));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
