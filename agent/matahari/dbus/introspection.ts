import { SaxesParser } from 'saxes';

/** An interface as an object on the bus describes it. */
export interface IntrospectedInterface {
  /** Types of the input arguments, by method. */
  readonly methods: ReadonlyMap<string, readonly string[]>;
  readonly properties: ReadonlyMap<string, string>;
}

/**
 * Reads what org.freedesktop.DBus.Introspectable.Introspect returns (D-Bus specification, "Introspection Data Format").
 *
 * @returns the interfaces of the object itself by name; those of its children, and anything that is not well-formed, are
 * left out
 */
export function parseIntrospection(xml: string): ReadonlyMap<string, IntrospectedInterface> {
  const interfaces = new Map<string, { methods: Map<string, string[]>; properties: Map<string, string> }>();
  const open: { name: string; called: string }[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const called = attributes.name ?? '';
    // Nothing that is read lies deeper; joining all of them would cost the square of the depth.
    const within = open.length > 3 ? '' : open.map((tag) => tag.name).join('/');
    const parent = interfaces.get(open[1]?.called ?? '');
    if (within === 'node' && name === 'interface')
      interfaces.set(called, { methods: new Map(), properties: new Map() });
    if (within === 'node/interface' && name === 'method') parent?.methods.set(called, []);
    if (within === 'node/interface' && name === 'property') parent?.properties.set(called, attributes.type ?? '');
    if (within === 'node/interface/method' && name === 'arg' && attributes.direction !== 'out') {
      parent?.methods.get(open[2]?.called ?? '')?.push(attributes.type ?? '');
    }
    open.push({ name, called });
  });
  parser.on('closetag', () => open.pop());
  parser.on('error', (error) => {
    throw error;
  });
  try {
    parser.write(xml).close();
  } catch {
    return new Map();
  }
  return interfaces;
}
