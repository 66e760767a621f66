import { decodeDeployable } from './decode-deployable.js';
import { documentLimits } from './defaults.js';
import type { DocumentFormat, ParsedDeployable } from './deployable.js';
import { parseXml } from './parse-xml.js';
import { parseYaml } from './parse-yaml.js';
import { collectProblems } from './report.js';

/**
 * The one step from a document to the model of its deployable: syntax, names, references, values, constraints and
 * limits are all checked here, and nothing behind it looks again.
 *
 * `text` is the whole document (a byte order mark is passed over). Never throws: the result has every problem of a
 * document at once, or of its syntax where that is broken. A document without errors gives the model, and as warnings
 * what is risky in it.
 */
export function parseDeployable(text: string, format: DocumentFormat): ParsedDeployable {
  const { report, hasErrors, problems } = collectProblems();
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes > documentLimits.bytes) {
    const message = `the document is ${bytes} bytes long`;
    report.error({ line: 0, column: 0, path: '' }, message, `at most ${documentLimits.bytes}`);
    return { kind: 'problems', problems: problems() };
  }
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const tree = format === 'xml' ? parseXml(content, report) : parseYaml(content, report);
  const deployable = tree && decodeDeployable(report, tree);
  if (deployable === undefined || hasErrors()) return { kind: 'problems', problems: problems() };
  return { kind: 'deployable', deployable, warnings: problems() };
}

/**
 * The format of a document: by the ending of its file's name (`.xml`, `.yaml`, `.yml`, `.json`) where that tells,
 * otherwise by its first character, which is `<` in XML and cannot be in a YAML document of a deployable.
 */
export function detectFormat(text: string, fileName?: string): DocumentFormat {
  const ending = /\.(xml|yaml|yml|json)$/i.exec(fileName ?? '')?.[1]?.toLowerCase();
  if (ending !== undefined) return ending === 'xml' ? 'xml' : 'yaml';
  return /^\uFEFF?\s*</.test(text) ? 'xml' : 'yaml';
}
