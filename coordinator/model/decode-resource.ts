import { budgetRisk, healthRisk } from './assess-budgets.js';
import { readAgent, unknownAgent } from './decode-agent.js';
import { readClone } from './decode-clone.js';
import type { DocumentDefaults } from './decode-defaults.js';
import { decodeExec } from './decode-exec.js';
import { monitorKeys, operationKeys, readOperations } from './decode-operations.js';
import { type ReferenceScope, readTemplates } from './decode-template.js';
import { defaults, ranges } from './defaults.js';
import type { CloneOptions, ConfigureStep, Resource, ResourceAgent } from './deployable.js';
import type { Located, Tree } from './document-tree.js';
import { readDuration, readFields, readPattern, reportMissing } from './read-tree.js';
import { type Report, reportOfPart } from './report.js';
import { type ResourceOptions, readResourceOptions, resourceOptionKeys } from './resource-options.js';
import { applyTemplate, type ResourceTemplates } from './resource-templates.js';

const resourceKeys = [
  'exec',
  'agent',
  'parameters',
  'configure',
  'clone',
  'template',
  ...operationKeys,
  ...monitorKeys,
  ...resourceOptionKeys,
] as const;

type ResourceFields = Partial<Record<(typeof resourceKeys)[number], Tree>>;

export interface ResourceScope {
  /** `self` is the assembly; of a replicated one the name before the replicas' numbers. */
  readonly references: ReferenceScope;
  readonly defaults: DocumentDefaults;
  readonly templates: ResourceTemplates;
  /** Names of the replicas of its assembly; empty where there are none. */
  readonly replicas: readonly string[];
}

export interface DecodedResource {
  readonly resource: Resource;
  /** Where it, or its template, says after which time its failures are forgotten. */
  readonly failureTimeoutAt: Located | undefined;
}

/** One resource of an assembly, with what it leaves out from its template and the document's defaults. */
export function decodeResource(whole: Report, tree: Tree, name: string, scope: ResourceScope): DecodedResource {
  const { tree: merged, isWhole } = applyTemplate(whole, tree, scope.templates);
  const report = isWhole ? whole : reportOfPart(whole);
  const fields = readFields(report, merged, resourceKeys);
  const agent = decodeWhatRuns(report, merged, { fields, references: scope.references });
  const clone = readClone(report, fields.clone, scope.replicas);
  const options = readResourceOptions(report, fields, scope.defaults.resource);
  const onFail = whatFailureMeans(report, fields, { options, scope });
  const isOcf = agent.class === 'ocf';
  const operations = { clone, isOcf, onFail, defaults: scope.defaults.operations };
  const resource: Resource = {
    ...options,
    name,
    agent,
    parameters: agent.class === 'exec' ? {} : readParameters(report, agent, { references: scope.references, fields }),
    ...readOperations(report, fields, operations),
    onFail,
    clone,
    configure: fields.configure && readConfigure(report, fields.configure),
  };
  checkClone(report, { resource, fields, clone });
  const risk = agent.class === 'exec' ? healthRisk(resource, agent.exec.health) : budgetRisk(resource);
  if (risk !== undefined) report.warning(fields.escalation ?? tree, risk);
  return { resource, failureTimeoutAt: fields['failure-timeout'] };
}

/** `monitor: { on-fail }` and `on-fail` say the same of the same monitor. */
function whatFailureMeans(
  report: Report,
  { monitor, 'on-fail': own }: ResourceFields,
  { options, scope }: { readonly options: ResourceOptions; readonly scope: ResourceScope },
): Resource['onFail'] {
  const entry = monitor?.kind === 'map' ? monitor.entries.find(({ key }) => key === 'on-fail') : undefined;
  const ofMonitor = entry?.value.kind === 'scalar' ? entry.value.text : undefined;
  if (entry !== undefined && own !== undefined && ofMonitor !== options.onFail) {
    report.mismatch(entry.value, `on-fail says ${options.onFail} at ${own.line}:${own.column}`, 'one of the two');
  }
  // A wrong one is reported where the monitor is read.
  const choices: readonly Resource['onFail'][] = ['restart', 'ignore', 'block', 'stop', 'fence', 'demote', 'standby'];
  const said = choices.find((choice) => choice === ofMonitor);
  if (said !== undefined) return said;
  return own === undefined ? (scope.defaults.operations.monitor.onFail ?? options.onFail) : options.onFail;
}

function decodeWhatRuns(
  report: Report,
  tree: Tree,
  { fields, references }: { readonly fields: ResourceFields; readonly references: ReferenceScope },
): ResourceAgent {
  if (fields.exec !== undefined && fields.agent !== undefined) {
    report.error(fields.agent, 'has agent and exec', 'one of: exec, agent');
  }
  if (fields.exec !== undefined) {
    const exec = decodeExec(report, fields.exec, { scope: references, parameters: fields.parameters });
    return { class: 'exec', exec };
  }
  if (fields.agent !== undefined) return readAgent(report, fields.agent);
  reportMissing(report, tree, 'what it runs', 'one of: exec, agent');
  return unknownAgent;
}

function readParameters(
  report: Report,
  agent: ResourceAgent,
  { fields, references }: { readonly fields: ResourceFields; readonly references: ReferenceScope },
): Resource['parameters'] {
  const keyForm = 'a letter or _, then letters, digits and _ . - (not CRM_meta_...)';
  // Pacemaker keeps CRM_meta_ for itself (lib/common/nvpair.c, crm_meta_name).
  const keyPattern = /^(?!CRM_meta_)[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;
  const parameters = readTemplates(report, fields.parameters, { scope: references, keyPattern, keyForm });
  const takesThem = agent.class === 'ocf' || agent === unknownAgent || fields.configure !== undefined;
  if (fields.parameters !== undefined && !takesThem && Object.keys(parameters).length > 0) {
    const message = `class ${agent.class} takes no parameters; only a configure step would see them`;
    report.warning(fields.parameters, message);
  }
  return parameters;
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

/** What only clones have, and what they cannot have. */
function checkClone(
  report: Report,
  options: { readonly resource: Resource; readonly fields: ResourceFields; readonly clone: CloneOptions | undefined },
): void {
  const { resource, fields, clone } = options;
  const isPromotable = clone?.promotable !== undefined;
  const role = fields['target-role'];
  if (role && /^(?:un)?promoted$/.test(resource.targetRole) && !isPromotable) {
    report.mismatch(role, `only a promotable clone is ever ${resource.targetRole}`, 'started, stopped');
  }
  const onFail = fields['on-fail'] ?? fields.monitor;
  if (onFail && resource.onFail === 'demote' && !isPromotable) {
    report.mismatch(onFail, 'only a promotable clone can be demoted', 'restart, ignore, block, stop, fence');
  }
  if (clone === undefined || fields.clone === undefined) return;
  const at = fields.clone;
  if (isPromotable && resource.agent.class !== 'ocf' && resource.agent !== unknownAgent) {
    report.mismatch(at, `class ${resource.agent.class} has no promote and demote`, 'an ocf agent');
  }
  if (clone.notify && resource.agent.class !== 'ocf' && resource.agent !== unknownAgent) {
    report.mismatch(at, `class ${resource.agent.class} has no notify`, 'an ocf agent');
  }
  if (resource.isExclusive) {
    report.mismatch(fields.exclusive ?? at, 'a clone is active in several replicas', 'a resource that is no clone');
  }
}

/** A template by itself: what it lacks, a resource that has it may bring along. */
export function checkTemplate(report: Report, tree: Tree, scope: ResourceScope): void {
  const fields = readFields(report, tree, resourceKeys);
  if (fields.template !== undefined) report.error(fields.template, 'a template has no template', 'keys of a resource');
  decodeResource(report, withoutTemplate(tree), '', scope);
}

function withoutTemplate(tree: Tree): Tree {
  if (tree.kind !== 'map') return tree;
  return { ...tree, entries: tree.entries.filter(({ key }) => key !== 'template') };
}
