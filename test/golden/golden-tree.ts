import { SaxesParser } from 'saxes';
import { element, type Xml } from '../../coordinator/policy/xml.js';

/** An XML document that a test changes in place; comments and text are gone. */
export interface Tree {
  readonly name: string;
  readonly attributes: Record<string, string>;
  children: Tree[];
}

/** Throws what is wrong with the text. Not read by our own reader, which is among what is tested. */
export function parseTree(xml: string): Tree {
  const document: Tree = { name: '', attributes: {}, children: [] };
  const open = [document];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const child: Tree = { name, attributes, children: [] };
    open.at(-1)?.children.push(child);
    open.push(child);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
  const [root] = document.children;
  if (root === undefined) throw new Error('no element in the document');
  return root;
}

export function renderTree({ name, attributes, children }: Tree): Xml {
  return element(name, attributes, children.map(renderTree));
}

export function childrenOf(tree: Tree | undefined, name: string): Tree[] {
  return tree?.children.filter((child) => child.name === name) ?? [];
}

/** The first child of that name, made at the end where there is none. */
export function childOf(tree: Tree, name: string, attributes: Readonly<Record<string, string>> = {}): Tree {
  const [found] = childrenOf(tree, name);
  if (found !== undefined) return found;
  const made: Tree = { name, attributes: { ...attributes }, children: [] };
  tree.children.push(made);
  return made;
}
