import { isNull, type MapTree, type Tree, type TreeEntry } from './document-tree.js';

/**
 * A tree with what it leaves out taken from another one: its own values win, maps merge by key all the way down, and a
 * key without a value counts as left out. Every value keeps the place where it is written.
 */
export function mergeTrees(own: Tree, base: Tree): Tree {
  if (isNull(own)) return base;
  return own.kind === 'map' && base.kind === 'map' ? mergeMaps(own, base) : own;
}

/** How many values a tree has: scalars, lists and maps. */
export function countValues(tree: Tree): number {
  switch (tree.kind) {
    case 'map':
      return tree.entries.reduce((sum, { value }) => sum + countValues(value), 1);
    case 'list':
      return tree.items.reduce((sum, item) => sum + countValues(item), 1);
    default:
      return 1;
  }
}

function mergeMaps(own: MapTree, base: MapTree): MapTree {
  const bases = new Map(base.entries.map((entry) => [entry.key, entry]));
  const given = new Set(own.entries.map(({ key }) => key));
  const merged = own.entries.map((entry): TreeEntry => {
    const below = entry.key === undefined ? undefined : bases.get(entry.key);
    return below === undefined ? entry : { ...entry, value: mergeTrees(entry.value, below.value) };
  });
  return { ...own, entries: [...merged, ...base.entries.filter(({ key }) => !given.has(key))] };
}
