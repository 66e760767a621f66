import {
  type AssemblyOptionFields,
  type AssemblyOptions,
  assemblyOptionKeys,
  readAssemblyOptions,
} from './assembly-options.js';
import {
  type OperationDefaults,
  operationKeys,
  plainOperations,
  readMonitorTiming,
  readTiming,
} from './decode-operations.js';
import { ranges } from './defaults.js';
import type { Tree } from './document-tree.js';
import { plainAssembly, plainResource } from './plain.js';
import { readDuration, readFields } from './read-tree.js';
import type { Report } from './report.js';
import { type ResourceOptions, readResourceOptions, resourceOptionKeys } from './resource-options.js';

/** What the document says for every resource, operation and assembly that does not say otherwise. */
export interface DocumentDefaults {
  readonly resource: ResourceOptions;
  readonly operations: OperationDefaults;
  readonly assembly: AssemblyOptions;
}

/** `defaults`: the project's own where it says nothing. They are filled in here, so that nobody has to know them later. */
export function decodeDefaults(report: Report, tree: Tree | undefined): DocumentDefaults {
  const fields = tree === undefined ? {} : readFields(report, tree, ['resource', 'operation', 'assembly'] as const);
  const resource = fields.resource === undefined ? {} : readFields(report, fields.resource, resourceOptionKeys);
  const assembly: AssemblyOptionFields =
    fields.assembly === undefined ? {} : readFields(report, fields.assembly, assemblyOptionKeys);
  const options = readResourceOptions(report, resource, plainResource);
  // Not every resource is a promotable clone, which a resource's own definition is checked for.
  const role = resource['target-role'];
  if (role && /^(?:un)?promoted$/.test(options.targetRole)) {
    report.error(role, 'not every resource has roles', 'started, stopped; others in the resource');
  }
  const onFail = resource['on-fail'];
  if (onFail && options.onFail === 'demote') {
    report.error(onFail, 'not every resource can be demoted', 'restart, ignore, block, stop; demote in the resource');
  }
  return {
    resource: options,
    operations: decodeOperations(report, fields.operation),
    assembly: readAssemblyOptions(report, assembly, plainAssembly),
  };
}

function decodeOperations(report: Report, tree: Tree | undefined): OperationDefaults {
  if (tree === undefined) return plainOperations;
  const fields = readFields(report, tree, ['timeout', 'monitor', ...operationKeys] as const);
  const general = readDuration(report, fields.timeout, { range: ranges.timeoutMs, fallback: undefined });
  const base = <Timing extends object>(timing: Timing): Timing =>
    general === undefined ? timing : { ...timing, timeoutMs: general };
  const read = (name: (typeof operationKeys)[number]) =>
    readTiming(report, fields[name], { name, fallback: base(plainOperations[name]) });
  const monitor = readMonitorTiming(report, fields.monitor, base(plainOperations.monitor));
  if (fields.monitor !== undefined && monitor.onFail === 'demote') {
    report.error(fields.monitor, 'not every resource can be demoted', 'demote in the resource');
  }
  return {
    start: read('start'),
    stop: read('stop'),
    promote: read('promote'),
    demote: read('demote'),
    notify: read('notify'),
    reload: read('reload'),
    monitor,
  };
}
