/**
 * Our binding and engine side by side with the installed crm_simulate: over generated CIBs (SEED, the first, and COUNT),
 * and over saved cases (CASES, a directory). Exit 1 if anything differs that the list of known differences does not name,
 * 2 if nothing can be compared.
 */
import { generatedCases } from './generated-case.js';
import { compareAll } from './golden-compare-all.js';
import { reportOf } from './golden-report.js';
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
  if (count > 0) console.log(`generated cases: seeds ${first} to ${first + count - 1} (SEED=${first} COUNT=${count})`);
  if (directory !== '') console.log(`saved cases: ${saved.length} from ${directory}`);
  const { lines, isGood } = reportOf(await compareAll([...generatedCases(first, count), ...saved]));
  for (const line of lines) console.log(line);
  return isGood;
}

function wholeNumber(name: string, otherwise: number): number {
  const text = process.env[name] ?? '';
  if (text === '') return otherwise;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`${name}=${text} is no whole number`);
}
