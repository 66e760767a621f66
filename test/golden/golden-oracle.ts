import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { InjectedFailure } from '../../coordinator/graph/simulate.js';

/** What the installed crm_simulate makes of a CIB. */
export type OracleAnswer =
  | {
      readonly kind: 'answered';
      readonly graphXml: string;
      /** Lines of "Executing Cluster Transition". */
      readonly order: readonly string[];
      /** Actions are left that could never be executed. */
      readonly isTerminated: boolean;
      /** The CIB that results; undefined where none was written. */
      readonly endCib: string | undefined;
      /** By the clock on the wall, which is the only one that crm_simulate dates results by. */
      readonly startedAtUnixS: number;
    }
  /** It refused the input, or died of it. */
  | { readonly kind: 'unanswered'; readonly message: string };

export interface OracleQuestion {
  readonly cib: string;
  readonly nowUnixS: number;
  readonly failures: readonly InjectedFailure[];
}

const LONGEST_RUN_MS = 300_000;
const LARGEST_OUTPUT_BYTES = 256 * 2 ** 20;

/**
 * Runs crm_simulate once: it decides, executes in the mind and writes what results.
 * @param scratch a directory of the caller's, used by one run at a time
 */
export async function askCrmSimulate(scratch: string, question: OracleQuestion): Promise<OracleAnswer> {
  const [input, graph, output] = ['input.xml', 'graph.xml', 'output.xml'].map((name) => join(scratch, name));
  if (input === undefined || graph === undefined || output === undefined) throw new Error('no scratch files');
  for (const file of [graph, output]) rmSync(file, { force: true });
  writeFileSync(input, question.cib);
  const startedAtUnixS = Math.floor(Date.now() / 1000);
  const time = `${new Date(question.nowUnixS * 1000).toISOString().slice(0, 19)}Z`;
  const failures = question.failures.flatMap(({ resource, operation, intervalMs, node, exitCode }) => [
    '-F',
    `${resource}_${operation}_${intervalMs}@${node}=${exitCode}`,
  ]);
  const run = promisify(execFile)(
    'crm_simulate',
    ['-S', '-x', input, '-G', graph, '-O', output, '-t', time, ...failures],
    {
      // Without CIB_shadow_dir it writes to the system's own directory of CIBs.
      env: { PATH: `${process.env.PATH}:/usr/sbin`, CIB_shadow_dir: scratch, LC_ALL: 'C', TZ: 'UTC' },
      timeout: LONGEST_RUN_MS,
      maxBuffer: LARGEST_OUTPUT_BYTES,
    },
  );
  const { stdout, problem } = await run.then(
    (done) => ({ stdout: done.stdout, problem: undefined }),
    (error: Error & { stdout?: string; stderr?: string; code?: unknown; signal?: unknown }) => {
      if (error.code === 'ENOENT') throw new Error('there is no crm_simulate: apt-get install pacemaker-cli-utils');
      return { stdout: error.stdout ?? '', problem: `${error.signal ?? `exit ${error.code}`}: ${error.stderr}` };
    },
  );
  const order = executedLines(stdout);
  // A transition that can not be executed to its end gives an exit code, and an answer all the same.
  const isTerminated = problem?.includes('Transition failed: terminated') === true;
  if (!existsSync(graph) || order === undefined || (problem !== undefined && !isTerminated)) {
    return { kind: 'unanswered', message: problem ?? 'it wrote no graph, or executed none' };
  }
  return {
    kind: 'answered',
    graphXml: readFileSync(graph, 'utf8'),
    order,
    isTerminated,
    endCib: existsSync(output) ? readFileSync(output, 'utf8') : undefined,
    startedAtUnixS,
  };
}

/**
 * The actions that a summary says were executed, in order; undefined if it does not come to that. What a simulated
 * failure writes into the CIB is none.
 */
export function executedLines(summary: string): string[] | undefined {
  const [, executing] = summary.split(/^Executing Cluster Transition:$/m);
  if (executing === undefined) return undefined;
  const [actions = ''] = executing.split(/^(?:Revised Cluster Status|Using the original execution date).*$/m);
  return actions
    .split('\n')
    .filter((line) => /^ {2}\* (?:Pseudo|Resource|Cluster) action: |^ {2}\* Fencing /.test(line));
}
