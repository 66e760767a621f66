import { childrenOf, parseTree, renderTree, type Tree } from './golden-tree.js';

/** A graph as lines that are equal for equal graphs. @param ignored attributes that shall not count */
export function canonicalGraph(graphXml: string, ignored: readonly string[] = []): string[] {
  const left = new Set(['transition_id', ...ignored]);
  const lines: string[] = [];
  const visit = ({ name, attributes, children }: Tree): void => {
    const kept = Object.entries(attributes).filter(([key]) => !left.has(key));
    lines.push(`<${name}${kept.map(([key, value]) => ` ${key}="${value}"`).join('')}>`);
    for (const child of children) visit(child);
    lines.push(`</${name}>`);
  };
  visit(parseTree(graphXml));
  return lines;
}

/** What the status section says of membership, operations and fail counts: one line each, sorted. */
export function historyLines(cibXml: string): string[] {
  const lines: string[] = [];
  const visit = ({ name, attributes, children }: Tree, path: string): void => {
    const compared = COMPARED[name];
    const here = compared === undefined ? path : `${path}/${attributes.uname ?? attributes.id ?? attributes.name}`;
    const values = (compared ?? []).filter((key) => attributes[key] !== undefined);
    if (values.length > 0) lines.push(`${here} ${values.map((key) => `${key}=${attributes[key]}`).join(' ')}`);
    for (const child of children) visit(child, here);
  };
  for (const status of childrenOf(parseTree(cibXml), 'status')) visit(status, '');
  return lines.sort();
}

const COMPARED: Readonly<Record<string, readonly string[]>> = {
  node_state: ['in_ccm', 'crmd', 'join', 'expected'],
  lrm_resource: ['class', 'provider', 'type'],
  lrm_rsc_op: [
    ...['operation', 'operation_key', 'transition-magic', 'call-id', 'rc-code', 'op-status', 'interval', 'op-digest'],
    ...['last-rc-change', 'migrate_source', 'migrate_target'],
  ],
  nvpair: ['name', 'value'],
};

/**
 * crm_simulate's resulting CIB, with what depends on the clock on the wall put back to the time of the case, and with
 * `value++`, its request to count one more where nothing was counted before, carried out.
 */
export function simulatorsEndCib(
  cibXml: string,
  { startedAtUnixS, nowUnixS }: { readonly startedAtUnixS: number; readonly nowUnixS: number },
): string {
  const cib = parseTree(cibXml);
  const visit = ({ attributes, children }: Tree): void => {
    const { value } = attributes;
    if (Number(attributes['last-rc-change']) >= startedAtUnixS) {
      attributes['last-rc-change'] = String(nowUnixS);
    }
    if (attributes.name?.startsWith('fail-count-') === true) {
      if (value === 'value++') attributes.value = '1';
      else if (Number(value) >= 1_000_000) attributes.value = 'INFINITY';
    }
    if (attributes.name?.startsWith('last-failure-') === true && Number(value) >= startedAtUnixS) {
      attributes.value = String(nowUnixS);
    }
    for (const child of children) visit(child);
  };
  for (const status of childrenOf(cib, 'status')) visit(status);
  return renderTree(cib);
}

/** Where two lists of lines part, in words; undefined if they are equal. */
export function firstDifference(ours: readonly string[], theirs: readonly string[]): string | undefined {
  const at = ours.findIndex((line, index) => line !== theirs[index]);
  const line = at < 0 ? ours.length : at;
  if (at < 0 && ours.length === theirs.length) return undefined;
  return `line ${line + 1}: ours ${quoted(ours[line])}, theirs ${quoted(theirs[line])}`;
}

function quoted(line: string | undefined): string {
  return line === undefined ? 'ends' : `"${line.trim().slice(0, 300)}"`;
}
