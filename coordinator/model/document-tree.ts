/**
 * The form in which both document formats reach the decoder: values with their place in the text, named by the keys of
 * the YAML format. The adapters (`parse-yaml`, `parse-xml`) build it and know nothing of what a value means; the decoder
 * gives values their meaning and knows nothing of formats.
 */

/** Where something stands: 1-based line and column (UTF-16 units), and the path as a reader of that format writes it. */
export interface Located {
  readonly line: number;
  readonly column: number;
  readonly path: string;
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

export type Tree = MapTree | ListTree | ScalarTree | ReferenceTree | InvalidTree;

export type MapTree = Located & { readonly kind: 'map'; readonly entries: readonly TreeEntry[] };

export interface TreeEntry {
  /** Undefined where the document has none and the adapter has reported it; the value is decoded all the same. */
  readonly key: string | undefined;
  /** The key itself; the value has its own place. */
  readonly at: Located;
  readonly value: Tree;
}

export type ListTree = Located & { readonly kind: 'list'; readonly items: readonly Tree[] };

export type ScalarTree = Located & {
  readonly kind: 'scalar';
  /** As written: `1.10` stays `1.10`, `yes` stays `yes`. What it is (text, number, duration) is the decoder's to say. */
  readonly text: string;
  /** False only for what YAML would read as null when it is empty, `~` or `null`. */
  readonly quoted: boolean;
  /** Place in the document of an offset into `text`. */
  readonly placeOf: (offset: number) => Place;
};

/** A value of an assembly that is written as structure (XML `<reference>`), not as `${assembly.attribute}` in a text. */
export type ReferenceTree = Located & {
  readonly kind: 'reference';
  readonly assembly: ScalarTree | InvalidTree;
  readonly attribute: ScalarTree | InvalidTree;
};

/** Something the adapter could not read and has reported; the decoder passes over it without a second problem. */
export type InvalidTree = Located & { readonly kind: 'invalid' };

/** True where a YAML document gives a key no value (`resources:` and nothing after it). */
export function isNull(tree: Tree): boolean {
  return tree.kind === 'scalar' && !tree.quoted && (tree.text === '' || tree.text === '~' || tree.text === 'null');
}

/** Line and column of offsets into a text, by binary search over its line starts. */
export function indexLines(text: string): (offset: number) => Place {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
