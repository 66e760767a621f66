import { budgetRisk, healthRisk } from './assess-budgets.js';
import { decodeExec } from './decode-exec.js';
import { type ReferenceScope, readTemplates } from './decode-template.js';
import { defaults, ranges } from './defaults.js';
import type { Budget, ConfigureStep, OperationTiming, Resource, ResourceAgent } from './deployable.js';
import type { Located, Tree } from './document-tree.js';
import { didYouMean } from './names.js';
import { plainResource } from './plain.js';
import {
  quote,
  readChoice,
  readDuration,
  readFields,
  readInteger,
  readPattern,
  readText,
  reportMissing,
} from './read-tree.js';
import type { Report } from './report.js';

const resourceKeys = [
  'exec',
  'agent',
  'parameters',
  'configure',
  'start',
  'stop',
  'monitor',
  'escalation',
  'on-fail',
  'migration-threshold',
] as const;

type ResourceFields = Partial<Record<(typeof resourceKeys)[number], Tree>>;

/** One resource of the assembly that `scope.self` names. */
export function decodeResource(
  report: Report,
  tree: Tree,
  options: { readonly name: string; readonly scope: ReferenceScope },
): Resource {
  const { name, scope } = options;
  const fields = readFields(report, tree, resourceKeys);
  const agent = decodeWhatRuns(report, tree, { fields, scope });
  const escalation = readBudget(report, fields.escalation, defaults.resourceEscalation);
  const monitor = readMonitor(report, fields.monitor);
  const onFail = readChoice(report, fields['on-fail'], { choices: onFailChoices, fallback: defaults.onFail });
  const threshold = { range: ranges.migrationThreshold, fallback: undefined };
  const resource: Resource = {
    ...plainResource,
    name,
    agent,
    parameters: agent.class === 'exec' ? {} : readParameters(report, fields.parameters, { agent, scope, fields }),
    start: readTiming(report, fields.start, defaults.startTimeoutMs),
    stop: readTiming(report, fields.stop, defaults.stopTimeoutMs),
    monitor,
    escalation,
    onFail,
    migrationThreshold: readInteger(report, fields['migration-threshold'], threshold),
    configure: fields.configure && readConfigure(report, fields.configure),
  };
  reportRisks(report, resource, { fields, at: fields.escalation ?? tree });
  return resource;
}

/** `{ failures, period }`; what is left out comes from the level's default. */
export function readBudget(report: Report, tree: Tree | undefined, fallback: Budget): Budget {
  if (tree === undefined) return fallback;
  const fields = readFields(report, tree, ['failures', 'period'] as const);
  return {
    failures: readInteger(report, fields.failures, { range: ranges.failures, fallback: fallback.failures }),
    periodMs: readDuration(report, fields.period, { range: ranges.periodMs, fallback: fallback.periodMs }),
  };
}

const onFailChoices = ['restart', 'ignore', 'block', 'stop', 'fence'] as const;
const agentClasses = ['ocf', 'systemd', 'lsb', 'service'] as const;
const agentForm = 'ocf:PROVIDER:TYPE, systemd:UNIT, lsb:NAME, service:NAME';
/** A part of a path under the agents' directories: a plain file name that is neither hidden nor a way out. */
const agentName = /^[A-Za-z0-9_][A-Za-z0-9_.+@\\:-]{0,127}$/;
const agentNameForm = 'a file name of letters, digits and _ . + @ -';

/** What an agent that could not be read stands for until its problem is reported. */
const unknownAgent: ResourceAgent = { class: 'service', type: 'unknown' };

function decodeWhatRuns(
  report: Report,
  tree: Tree,
  options: { readonly fields: ResourceFields; readonly scope: ReferenceScope },
): ResourceAgent {
  const { fields, scope } = options;
  if (fields.exec !== undefined && fields.agent !== undefined) {
    report.error(fields.agent, 'has agent and exec', 'one of: exec, agent');
  }
  if (fields.exec !== undefined) {
    return { class: 'exec', exec: decodeExec(report, fields.exec, { scope, parameters: fields.parameters }) };
  }
  if (fields.agent !== undefined) return readAgent(report, fields.agent);
  reportMissing(report, tree, 'what it runs', 'one of: exec, agent');
  return unknownAgent;
}

/** `ocf:heartbeat:nginx` and the like, or its parts in a map (as the XML vocabulary gives them). */
function readAgent(report: Report, tree: Tree): ResourceAgent {
  if (tree.kind === 'map') {
    const parts = readFields(report, tree, ['class', 'provider', 'type'] as const);
    const text = (part: Tree | undefined) => part && readText(report, part, 'a name');
    const [agentClass, provider, type] = [text(parts.class), text(parts.provider), text(parts.type)];
    if (agentClass === undefined || type === undefined) return unknownAgent;
    const places = { class: parts.class ?? tree, provider: parts.provider ?? tree, type: parts.type ?? tree };
    return checkAgent(report, { agentClass, provider, type }, places);
  }
  const text = readText(report, tree, agentForm);
  if (text === undefined) return unknownAgent;
  const [agentClass = '', ...rest] = text.split(':');
  const provider = agentClass === 'ocf' && rest.length > 1 ? rest.shift() : undefined;
  return checkAgent(
    report,
    { agentClass, provider, type: rest.join(':') },
    { class: tree, provider: tree, type: tree },
  );
}

function checkAgent(
  report: Report,
  agent: { readonly agentClass: string; readonly provider: string | undefined; readonly type: string },
  places: { readonly class: Located; readonly provider: Located; readonly type: Located },
): ResourceAgent {
  const { provider, type } = agent;
  const agentClass = agentClasses.find((candidate) => candidate === agent.agentClass);
  if (agentClass === undefined) {
    const classes = [...agentClasses, 'exec'];
    const hint = didYouMean(agent.agentClass, classes);
    report.error(
      places.class,
      `the class ${quote(agent.agentClass)} is unknown${hint}`,
      `${agentForm}; exec for a command`,
    );
    return unknownAgent;
  }
  if (!agentName.test(type)) {
    const message = type === '' ? 'the agent has no type' : `the type ${quote(type)} is not allowed`;
    report.error(places.type, message, type === '' ? agentForm : agentNameForm);
  }
  if (agentClass !== 'ocf') return { class: agentClass, type };
  if (provider === undefined || provider === '') {
    report.error(places.provider, 'an ocf agent has a provider', 'ocf:PROVIDER:TYPE, for example ocf:heartbeat:nginx');
  } else if (!agentName.test(provider)) {
    report.error(places.provider, `the provider ${quote(provider)} is not allowed`, agentNameForm);
  }
  return { class: agentClass, provider: provider ?? '', type };
}

function readParameters(
  report: Report,
  tree: Tree | undefined,
  options: { readonly agent: ResourceAgent; readonly scope: ReferenceScope; readonly fields: ResourceFields },
) {
  const { agent, scope, fields } = options;
  const keyForm = 'a letter or _, then letters, digits and _ . - (not CRM_meta_...)';
  // Pacemaker keeps CRM_meta_ for itself (lib/common/nvpair.c, crm_meta_name).
  const keyPattern = /^(?!CRM_meta_)[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;
  const parameters = readTemplates(report, tree, { scope, keyPattern, keyForm });
  if (
    tree !== undefined &&
    agent.class !== 'ocf' &&
    fields.configure === undefined &&
    Object.keys(parameters).length > 0
  ) {
    report.warning(tree, `class ${agent.class} takes no parameters; only a configure step would see them`);
  }
  return parameters;
}

function readTiming(report: Report, tree: Tree | undefined, fallback: number): OperationTiming {
  const fields = tree === undefined ? {} : readFields(report, tree, ['timeout'] as const);
  return { timeoutMs: readDuration(report, fields.timeout, { range: ranges.timeoutMs, fallback }) };
}

function readMonitor(report: Report, tree: Tree | undefined): Resource['monitor'] {
  const fields = tree === undefined ? {} : readFields(report, tree, ['interval', 'timeout'] as const);
  return {
    intervalMs: readDuration(report, fields.interval, {
      range: ranges.intervalMs,
      fallback: defaults.monitorIntervalMs,
    }),
    timeoutMs: readDuration(report, fields.timeout, { range: ranges.timeoutMs, fallback: defaults.monitorTimeoutMs }),
  };
}

function readConfigure(report: Report, tree: Tree): ConfigureStep {
  const fields = readFields(report, tree, ['url', 'timeout'] as const);
  const allowed = 'an absolute path, file:///PATH, http:// or https://';
  if (fields.url === undefined) reportMissing(report, tree, 'url', allowed);
  const form = /^(?:\/[^\0\n]+|file:\/\/\/[^\s]+|https?:\/\/[^\s/]+\S*)$/;
  return {
    url: (fields.url && readPattern(report, fields.url, form, allowed)) ?? '',
    timeoutMs: readDuration(report, fields.timeout, { range: ranges.timeoutMs, fallback: defaults.configureTimeoutMs }),
  };
}

function reportRisks(
  report: Report,
  resource: Resource,
  places: { readonly fields: ResourceFields; readonly at: Located },
): void {
  const { fields, at } = places;
  const onFail = fields['on-fail'];
  if (onFail !== undefined && resource.onFail === 'fence') {
    report.warning(
      onFail,
      'fence recovers the whole VM at the first failure, and again for failures on record',
      'restart',
    );
  }
  const threshold = fields['migration-threshold'];
  if (threshold !== undefined && resource.migrationThreshold !== undefined) {
    const message =
      'a resource has nowhere to migrate to: at the threshold it stops, with its dependents, and never escalates';
    report.warning(threshold, message, 'escalation: { failures, period }');
  }
  const risk =
    resource.agent.class === 'exec' ? healthRisk(resource, resource.agent.exec.health) : budgetRisk(resource);
  if (risk !== undefined) report.warning(at, risk);
}
