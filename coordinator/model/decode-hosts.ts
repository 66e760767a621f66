import { checkName } from './check-name.js';
import { documentLimits } from './defaults.js';
import type { Deployable, HostOptions } from './deployable.js';
import type { Located, Tree } from './document-tree.js';
import { nameForm, nodeNameKey } from './names.js';
import { readAttributes, readUtilization } from './read-capacity.js';
import { quote, readEntries, readFields, readItems, readText } from './read-tree.js';
import type { Report } from './report.js';

export type DecodedHosts = Pick<Deployable, 'hosts' | 'hostOptions'>;

/** Launcher hosts as a list of names, or as a map of what is said of each. */
export function decodeHosts(report: Report, tree: Tree | undefined): DecodedHosts {
  if (tree === undefined) return { hosts: [], hostOptions: {} };
  const count = tree.kind === 'map' ? tree.entries.length : tree.kind === 'list' ? tree.items.length : 0;
  if (count > documentLimits.hosts) {
    report.error(tree, `has ${count} launcher hosts`, `at most ${documentLimits.hosts}`);
    return { hosts: [], hostOptions: {} };
  }
  const seen = new Set<string>();
  const take = (at: Located, name: string): void => {
    checkName(report, at, { kind: 'launcher host', name });
    if (seen.has(nodeNameKey(name))) report.error(at, `the launcher host ${quote(name)} is given twice`, 'each once');
    seen.add(nodeNameKey(name));
  };
  if (tree.kind !== 'map') {
    const hosts = readItems(report, tree, 'launcher hosts: [local], or a map of them').flatMap((item) => {
      const name = readText(report, item, nameForm);
      if (name === undefined) return [];
      take(item, name);
      return [name];
    });
    return { hosts, hostOptions: {} };
  }
  const options: [string, HostOptions][] = [];
  for (const { key, at, value } of readEntries(report, tree, 'launcher hosts by name')) {
    if (key === undefined) continue;
    // The same name in the same case has been reported as a key given twice.
    if (!options.some(([name]) => name === key)) take(at, key);
    const fields = readFields(report, value, ['utilization', 'attributes'] as const);
    const utilization = readUtilization(report, fields.utilization);
    options.push([key, { utilization, attributes: readAttributes(report, fields.attributes) }]);
  }
  return { hosts: options.map(([name]) => name), hostOptions: Object.fromEntries(options) };
}
