/** A rendered element; only `element` and `verbatim` make one, so that text is never mistaken for markup. */
export type Xml = string & { readonly brand: 'xml' };

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Renders an element; attributes that are undefined are left out. */
export function element(name: string, attributes: Attributes, children: readonly Xml[] = []): Xml {
  let open = `<${name}`;
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined) {
      open += ` ${key}="${escapeAttribute(String(value))}"`;
    }
  }
  return (children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`) as Xml;
}

/** Markup that somebody else has rendered and checked. */
export function verbatim(markup: string): Xml {
  return markup as Xml;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Attribute value normalisation would turn line feeds and tabs into spaces, so they travel as character references;
 * what XML 1.0 cannot carry at all becomes U+FFFD.
 */
function escapeAttribute(value: string): string {
  return /^[ !#-%'-;=?-~]*$/.test(value) ? value : escapeUnusual(value);
}

function escapeUnusual(value: string): string {
  return (
    value
      .replace(/\p{Surrogate}/gu, '\ufffd')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML 1.0 excludes
      .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
      .replace(/[&<>"]/g, (character) => escapes[character] ?? character)
      .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
  );
}

/** `nvpair`s of an `instance_attributes`, `meta_attributes` or `cluster_property_set`. */
export function nvpairs(setId: string, values: Attributes): readonly Xml[] {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => element('nvpair', { id: `${setId}.${sanitiseId(name)}`, name, value }));
}

/** What Pacemaker makes of names in ids (lib/common/xml.c crm_xml_sanitize_id). */
export function sanitiseId(text: string): string {
  return text.replace(/[^A-Za-z0-9_.-]/g, '.');
}
