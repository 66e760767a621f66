/**
 * Our binding and engine side by side with the installed crm_simulate: over generated CIBs (SEED, the first, and COUNT),
 * and over saved cases (CASES, a directory). Exit 1 if anything differs that the list of known differences does not name,
 * 2 if nothing can be compared.
 */
import { generatedCases } from './generated-case.js';
import type { Comparison } from './golden-compare.js';
import { compareAll } from './golden-compare-all.js';
import { figureOf, reportOf } from './golden-report.js';
import { savedCases } from './golden-saved-cases.js';

const DEFAULT_COUNT = 400;

try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  console.error(`golden: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}

async function run(): Promise<boolean> {
  const first = wholeNumber('SEED', 1);
  const count = wholeNumber('COUNT', DEFAULT_COUNT);
  const directory = process.env.CASES ?? '';
  const saved = directory === '' ? [] : savedCases(directory);
  console.log(`comparing ${count + saved.length} cases with crm_simulate`);
  const comparisons = await compareAll([...generatedCases(first, count), ...saved]);
  const seeds = `seeds ${first} to ${first + count - 1} (SEED=${first} COUNT=${count})`;
  tell(`generated cases: ${count === 0 ? 'none' : seeds}`, comparisons.slice(0, count));
  tell(
    `saved cases: ${directory === '' ? 'none (CASES=DIR)' : `${saved.length} in ${directory}`}`,
    comparisons.slice(count),
  );
  const { lines, isGood } = reportOf(comparisons);
  for (const line of lines) console.log(line);
  return isGood;
}

function tell(what: string, comparisons: readonly Comparison[]): void {
  console.log(what);
  if (comparisons.length === 0) return;
  const figures = (['graph', 'order', 'end state'] as const).map((aspect) => figureOf(comparisons, aspect));
  console.log(`  ${figures.join(', ')}`);
}

function wholeNumber(name: string, otherwise: number): number {
  const text = process.env[name] ?? '';
  if (text === '') return otherwise;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`${name}=${text} is no whole number`);
}
