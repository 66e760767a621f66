import { Ocf } from '../core/operation.js';
import type { OcfDescription } from './ocf-metadata.js';
import type { OcfParameter } from './parse-ocf-metadata.js';

export interface ParameterFinding {
  /** Why the resource cannot be started so; undefined when nothing speaks against trying. */
  readonly refusal: { readonly rc: number; readonly reason: string } | undefined;
  /** What an operator should know, one line each. */
  readonly notes: readonly string[];
}

type Description = Extract<OcfDescription, { kind: 'described' }>;
type Parameters = Readonly<Record<string, string>>;

/**
 * Holds the parameters of a resource against what its agent says of them. Meta-data are hints (OCF Resource Agent API
 * 1.1, Semantics), and those of real agents are not always true: only what the agent cannot make sense of is refused.
 *
 * - A required parameter without a value is rc 6, unless the agent has a default for it, supplies one itself, or was
 *   given the deprecated parameter that it replaces.
 * - Text for an integer or a boolean is rc 2, unless the meta-data contradict themselves by a default of another type, or
 *   the agent's program mentions that very word (`auto`, `force`).
 * - A parameter that the agent does not know is passed on, and noted.
 */
export function checkOcfParameters(description: Description, parameters: Parameters): ParameterFinding {
  const { metadata } = description;
  const notes = metadata.parameters.length === 0 ? [] : noteUnknown(description, parameters);
  for (const parameter of metadata.parameters) {
    if (isMissing(parameter, description, parameters)) {
      const reason = `the required parameter ${parameter.name} has no value`;
      return { refusal: { rc: Ocf.notConfigured, reason }, notes };
    }
  }
  for (const parameter of metadata.parameters) {
    const value = parameters[parameter.name];
    const type = checkedTypes[parameter.type.toLowerCase()];
    if (value === undefined || type === undefined || isLegible(parameter, type, value, description)) continue;
    const reason = `the value ${quoted(value)} of ${parameter.name} is no ${type.name}`;
    return { refusal: { rc: Ocf.wrongArguments, reason }, notes };
  }
  return { refusal: undefined, notes };
}

function isMissing(parameter: OcfParameter, { metadata, supplies }: Description, parameters: Parameters): boolean {
  const { name, isRequired } = parameter;
  if (!isRequired || has(parameters, name) || (parameter.default ?? '') !== '') return false;
  const isReplaced = parameter.replacedWith.some((other) => has(parameters, other));
  const hasPredecessor = metadata.parameters.some(
    (other) => other.replacedWith.includes(name) && has(parameters, other.name),
  );
  return !isReplaced && !hasPredecessor && !supplies(name);
}

function has(parameters: Parameters, name: string): boolean {
  return Object.hasOwn(parameters, name) && parameters[name] !== '';
}

interface CheckedType {
  readonly name: string;
  readonly isLegible: (value: string) => boolean;
  /** Whether a default is of the type that the meta-data name. */
  readonly isPlain: (value: string) => boolean;
}

// resource-agents' ocf_is_true, lib/common/strings.c crm_str_to_boolean, and the opposites of their words.
const isBoolean = (value: string): boolean =>
  /^(true|false|yes|no|on|off|ja|nein|y|n|t|f|[-+]?\d+|enabled?|disabled?|none|never|always)$/i.test(value);

const checkedTypes: Readonly<Record<string, CheckedType>> = {
  integer: {
    name: 'integer',
    // With a digit in it, it may be a duration, a list or a range to an agent that is more than its meta-data say.
    isLegible: (value) => /\d/.test(value) || /^[-+]?INFINITY$/i.test(value),
    isPlain: (value) => /^[-+]?\d+$/.test(value),
  },
  boolean: { name: 'boolean', isLegible: isBoolean, isPlain: isBoolean },
};

function isLegible(parameter: OcfParameter, type: CheckedType, value: string, { mentions }: Description): boolean {
  const text = value.trim();
  if (text === '' || type.isLegible(text)) return true;
  const usual = (parameter.default ?? '').trim();
  return (usual !== '' && !type.isPlain(usual)) || mentions(text);
}

function noteUnknown({ metadata, mentions }: Description, parameters: Parameters): readonly string[] {
  const known = metadata.parameters.map((parameter) => parameter.name);
  return Object.keys(parameters)
    .filter((name) => !known.includes(name) && !ofEveryAgent.has(name) && !mentions(`OCF_RESKEY_${name}`))
    .map((name) => {
      const [nearest] = known
        .map((other) => ({ other, distance: editDistance(name.toLowerCase(), other.toLowerCase()) }))
        .filter(({ other, distance }) => distance <= Math.max(1, Math.floor(Math.max(name.length, other.length) / 3)))
        .sort((a, b) => a.distance - b.distance);
      const hint = nearest === undefined ? '' : `; did you mean ${nearest.other}?`;
      return `the agent does not know the parameter ${quoted(name)}${hint}`;
    });
}

/** resource-agents: ocf-shellfuncs takes these for every agent; OCF_CHECK_LEVEL is of the standard. */
const ofEveryAgent: ReadonlySet<string> = new Set(['OCF_CHECK_LEVEL', 'trace_ra', 'trace_file']);

const longestName = 64;

/**
 * Insertions, deletions, replacements and exchanges of neighbours between two names (optimal string alignment). Names of
 * any length count as far as `longestName`.
 */
function editDistance(one: string, other: string): number {
  const [a, b] = [one.slice(0, longestName), other.slice(0, longestName)];
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let line = 0; line < a.length; line += 1) {
    const next = [line + 1];
    for (let column = 0; column < b.length; column += 1) {
      const replaced = (row[column] ?? 0) + (a[line] === b[column] ? 0 : 1);
      const isExchange = line > 0 && column > 0 && a[line] === b[column - 1] && a[line - 1] === b[column];
      const exchanged = isExchange ? (before[column - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replaced, exchanged, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}
