import type { LocationRule, RuleExpression } from './deployable.js';
import { isNull, type ListTree, type Tree } from './document-tree.js';
import { readRequiredScore } from './read-score.js';
import { quote, readChoice, readFields, readItems, readPattern, readText, reportMissing } from './read-tree.js';
import type { Report } from './report.js';

/** `{ score, combine, expressions }` (Pacemaker Explained, "Rules"). */
export function decodeRule(report: Report, tree: Tree): LocationRule {
  const fields = readFields(report, tree, ['score', 'combine', 'expressions'] as const);
  if (fields.expressions === undefined) reportMissing(report, tree, 'expressions', expressionForm);
  const items = fields.expressions === undefined ? [] : readItems(report, fields.expressions, expressionForm);
  if (fields.expressions?.kind === 'list' && items.length === 0) {
    report.error(fields.expressions, 'a rule has one expression or more', expressionForm);
  }
  return {
    score: readRequiredScore(report, tree, fields.score),
    combine: readChoice(report, fields.combine, { choices: ['and', 'or'], fallback: 'and' }),
    expressions: items.flatMap((item) => decodeExpression(report, item) ?? []),
  };
}

const expressionForm = '{ attribute: zone, is: eq, value: a }, { date: { after: 2027-01-01 } }, { hours: "9-16" }';

/** Fields of a date specification and their ranges (lib/pengine/rules.c, pe_cron_range_satisfied and its callers). */
const dateFields = {
  years: [1900, 9999],
  months: [1, 12],
  monthdays: [1, 31],
  hours: [0, 23],
  minutes: [0, 59],
  seconds: [0, 59],
  yeardays: [1, 366],
  weekyears: [1900, 9999],
  weeks: [1, 53],
  weekdays: [1, 7],
  moon: [0, 7],
} as const satisfies Record<string, readonly [number, number]>;

const dateKeys = Object.keys(dateFields) as (keyof typeof dateFields)[];
const attributeKeys = ['attribute', 'is', 'value', 'type'] as const;

type ExpressionFields = Partial<Record<(typeof attributeKeys)[number] | 'date' | keyof typeof dateFields, Tree>>;

function decodeExpression(report: Report, tree: Tree): RuleExpression | undefined {
  const fields: ExpressionFields = readFields(report, tree, [...attributeKeys, 'date', ...dateKeys] as const);
  const isAttribute = attributeKeys.some((key) => fields[key] !== undefined);
  const isDateSpec = dateKeys.some((key) => fields[key] !== undefined);
  const kinds = [isAttribute, fields.date !== undefined, isDateSpec].filter(Boolean).length;
  if (kinds > 1) report.error(tree, 'is several expressions in one', 'one of them; several in the list');
  if (isAttribute) return readAttributeExpression(report, tree, fields);
  if (fields.date !== undefined) return readDate(report, fields.date);
  if (isDateSpec) return { kind: 'date-spec', fields: readDateSpec(report, fields) };
  if (kinds === 0) reportMissing(report, tree, 'what it looks at', expressionForm);
  return undefined;
}

const comparisons = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'defined', 'not-defined'] as const;
const valueTypes = ['string', 'integer', 'number', 'version'] as const;

function readAttributeExpression(report: Report, tree: Tree, fields: ExpressionFields): RuleExpression {
  const { attribute, is, value, type } = fields;
  if (attribute === undefined) reportMissing(report, tree, 'attribute', 'the name of an attribute: zone, #uname');
  if (is === undefined) reportMissing(report, tree, 'is', comparisons.join(', '));
  const isWord = is?.kind === 'scalar' && is.text === 'not_defined' ? { ...is, text: 'not-defined' } : is;
  const operation = readChoice(report, isWord, { choices: comparisons, fallback: 'eq' });
  const needsValue = operation !== 'defined' && operation !== 'not-defined';
  if (is !== undefined && needsValue && value === undefined) reportMissing(report, tree, 'value', 'a text');
  if (is !== undefined && !needsValue && value !== undefined) {
    report.error(value, `${operation} has no value`, 'eq, ne, lt, lte, gt, gte');
  }
  const name = attribute && readPattern(report, attribute, /^[#A-Za-z_][A-Za-z0-9_.:#-]{0,255}$/, 'zone, #uname');
  return {
    kind: 'attribute',
    attribute: name ?? '',
    operation: operation === 'not-defined' ? 'not_defined' : operation,
    value: value && readText(report, value, 'a text'),
    type: type && readChoice<(typeof valueTypes)[number]>(report, type, { choices: valueTypes, fallback: 'string' }),
  };
}

function readDate(report: Report, tree: Tree): RuleExpression | undefined {
  const fields = readFields(report, tree, ['before', 'after', 'in-range'] as const);
  const given = (['before', 'after', 'in-range'] as const).filter((key) => fields[key] !== undefined);
  const [kind, second] = given;
  if (kind === undefined) reportMissing(report, tree, 'when', 'one of: before, after, in-range');
  if (second !== undefined) report.error(tree, `has ${given.join(' and ')}`, 'one of: before, after, in-range');
  if (fields.before) {
    return { kind: 'date', operation: 'lt', start: undefined, end: readTime(report, fields.before) };
  }
  if (fields.after) return { kind: 'date', operation: 'gt', start: readTime(report, fields.after), end: undefined };
  const range = fields['in-range'];
  return range && readRange(report, range);
}

function readRange(report: Report, tree: Tree): RuleExpression {
  const items = readItems(report, tree, rangeForm);
  const isPair = (list: Tree): list is ListTree => list.kind === 'list' && list.items.length === 2;
  if (tree.kind === 'list' && !isPair(tree)) report.error(tree, 'a range has a start and an end', rangeForm);
  const [start, end] = items.map((item) => (isNull(item) ? undefined : readTime(report, item)));
  if (start !== undefined && end !== undefined && Date.parse(start) >= Date.parse(end)) {
    report.error(tree, 'the range ends before it begins', rangeForm);
  }
  return { kind: 'date', operation: 'in_range', start, end };
}

const rangeForm = '[2027-01-01, 2027-02-01T12:00:00Z]';

/** A date, or a date and a time with its offset: without one it would mean another moment on another machine. */
function readTime(report: Report, tree: Tree): string | undefined {
  const form = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2}))?$/;
  const text = readPattern(report, tree, form, '2027-01-31, 2027-01-31T08:00:00Z, 2027-01-31T08:00:00+01:00');
  if (text !== undefined && !isMoment(text)) {
    report.error(tree, `${quote(text)} is no date`, 'a day and a time that there are');
  }
  return text;
}

/** Of a day that no month has JavaScript makes one of the next month. */
function isMoment(text: string): boolean {
  const day = text.slice(0, 10);
  const parsed = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(Date.parse(text)) && !Number.isNaN(parsed) && new Date(parsed).toISOString().startsWith(day);
}

function readDateSpec(report: Report, fields: ExpressionFields): Record<string, string> {
  const values: [string, string][] = [];
  for (const key of dateKeys) {
    const tree = fields[key];
    if (tree === undefined) continue;
    const [least, most] = dateFields[key];
    const allowed = `from ${least} to ${most}: one, or a range (${least}-${Math.min(most, least + 4)})`;
    const text = readPattern(report, tree, /^\d{1,4}(?:-\d{1,4})?$/, allowed);
    if (text === undefined) continue;
    const [from = least, to = from] = text.split('-').map(Number);
    if (from < least || to > most || from > to) report.error(tree, `${quote(text)} is out of range`, allowed);
    values.push([key, text]);
  }
  return Object.fromEntries(values);
}
