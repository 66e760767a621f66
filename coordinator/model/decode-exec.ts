import { readLimits } from './decode-limits.js';
import { type ReferenceScope, readCommand, readTemplate, readTemplates } from './decode-template.js';
import { defaults, ranges } from './defaults.js';
import type { ExecDefinition, HealthCheck, Template } from './deployable.js';
import type { Tree } from './document-tree.js';
import { quote, readDuration, readFields, readInteger, readItems, readPattern, reportMissing } from './read-tree.js';
import type { Report } from './report.js';
import { fillTemplate } from './template.js';

export const execKeys = ['command', 'environment', 'directory', 'user', 'limits', 'health'] as const;
const checkKeys = ['process', 'tcp', 'http', 'command'] as const;
export const healthKeys = [
  ...checkKeys,
  'host',
  'status',
  'interval',
  'timeout',
  'failures',
  'successes',
  'initial-delay',
] as const;

/**
 * A plain command. Parameters (the only way to say it in the XML vocabulary) are a part of its environment, as the agent
 * of any other class would see them under its own prefix.
 */
export function decodeExec(
  report: Report,
  tree: Tree,
  options: { readonly scope: ReferenceScope; readonly parameters: Tree | undefined },
): ExecDefinition {
  const { scope, parameters } = options;
  const fields = readFields(report, tree, execKeys);
  if (fields.command === undefined) reportMissing(report, tree, 'command', 'a list: the program, then its arguments');
  const environmentForm = { scope, keyPattern: /^[A-Za-z_][A-Za-z0-9_]{0,127}$/, keyForm: 'letters, digits and _' };
  const environment = readTemplates(report, fields.environment, environmentForm);
  const added = readTemplates(report, parameters, environmentForm);
  for (const name of Object.keys(added)) {
    if (parameters !== undefined && Object.hasOwn(environment, name)) {
      report.error(parameters, `the parameter ${quote(name)} is in the environment already`, 'one of the two');
    }
  }
  return {
    command: fields.command === undefined ? [] : readCommand(report, fields.command, scope),
    environment: { ...environment, ...added },
    directory: fields.directory && readPattern(report, fields.directory, /^\/[^\n]*$/, 'an absolute path'),
    user:
      fields.user &&
      readPattern(report, fields.user, /^(?:[A-Za-z_][A-Za-z0-9_.-]{0,31}|\d{1,10})$/, 'a user name or id'),
    ...(fields.limits === undefined ? {} : { limits: readLimits(report, fields.limits) }),
    health: fields.health === undefined ? [] : readHealth(report, fields.health, scope),
  };
}

function readHealth(report: Report, tree: Tree, scope: ReferenceScope): HealthCheck[] {
  const items = readItems(
    report,
    tree,
    'health checks: { process: NAME }, { tcp: PORT }, { http: URL }, { command: [...] }',
  );
  return items.flatMap((item) => decodeHealthCheck(report, item, scope) ?? []);
}

function decodeHealthCheck(report: Report, tree: Tree, scope: ReferenceScope): HealthCheck | undefined {
  const fields = readFields(report, tree, healthKeys);
  const given = checkKeys.filter((key) => fields[key] !== undefined);
  const [kind, second] = given;
  if (kind === undefined) reportMissing(report, tree, 'what to check', `one of: ${checkKeys.join(', ')}`);
  if (second !== undefined) report.error(tree, `has ${given.join(' and ')}`, `one of: ${checkKeys.join(', ')}`);
  if (fields.host && kind !== 'tcp') report.error(fields.host, 'host belongs to a tcp check', 'only with tcp');
  if (fields.status && kind !== 'http')
    report.error(fields.status, 'status belongs to an http check', 'only with http');
  const timing = {
    intervalMs: readDuration(report, fields.interval, {
      range: ranges.intervalMs,
      fallback: defaults.health.intervalMs,
    }),
    timeoutMs: readDuration(report, fields.timeout, { range: ranges.timeoutMs, fallback: defaults.health.timeoutMs }),
    failures: readInteger(report, fields.failures, { range: ranges.failures, fallback: defaults.health.failures }),
    ...(fields.successes === undefined
      ? {}
      : { successes: readInteger(report, fields.successes, { range: ranges.successes, fallback: 1 }) }),
    initialDelayMs: readDuration(report, fields['initial-delay'], {
      range: ranges.delayMs,
      fallback: defaults.health.initialDelayMs,
    }),
  };
  if (fields.process !== undefined) {
    const process = readPattern(
      report,
      fields.process,
      /^[^\s/]{1,255}$/,
      'the name of a program, without its directory',
    );
    return process === undefined ? undefined : { ...timing, kind: 'process', process };
  }
  if (fields.tcp !== undefined) {
    const port = readInteger(report, fields.tcp, { range: ranges.port, fallback: 1 });
    const own: Template = [{ kind: 'reference', assembly: scope.self, attribute: 'ipaddress' }];
    return { ...timing, kind: 'tcp', port, host: fields.host ? readTemplate(report, fields.host, scope) : own };
  }
  if (fields.http !== undefined) {
    const status = fields.status === undefined ? defaults.httpStatus : readStatus(report, fields.status);
    return { ...timing, kind: 'http', url: readUrl(report, fields.http, scope), status };
  }
  if (fields.command === undefined) return undefined;
  return { ...timing, kind: 'command', command: readCommand(report, fields.command, scope) };
}

function readUrl(report: Report, tree: Tree, scope: ReferenceScope): Template {
  const url = readTemplate(report, tree, scope);
  // Any address will do to see whether it is a URL once the references are known.
  const sample = fillTemplate(url, () => '127.0.0.1');
  if (tree.kind === 'scalar' && url.length > 0 && !isHttpUrl(sample)) {
    report.error(tree, `${quote(tree.text)} is no URL`, 'http://HOST:PORT/PATH or https://...');
  }
  return url;
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}

function readStatus(report: Report, tree: Tree): number[] {
  const items = readItems(report, tree, 'a list of HTTP status codes');
  if (tree.kind === 'list' && items.length === 0)
    report.error(tree, 'no status would ever be right', 'one or more codes');
  return items.map((item) => readInteger(report, item, { range: ranges.httpStatus, fallback: 200 }));
}
