/** Types of units (systemd.unit(5)). */
const types = [
  'service',
  'socket',
  'target',
  'device',
  'mount',
  'automount',
  'swap',
  'timer',
  'path',
  'slice',
  'scope',
] as const;

const maxLength = 255;
const characters = /^[A-Za-z0-9:_.\\@-]+$/;

export type ParsedUnitName =
  | { readonly kind: 'unit'; readonly name: string }
  | { readonly kind: 'invalid'; readonly reason: string };

/**
 * The full name of a unit that can be started: `nginx` is `nginx.service`, whatever has the suffix of a type stays as it
 * is. Nothing is escaped, shortened or replaced: a name that systemd would not take (systemd.unit(5); basic/unit-name.c,
 * unit_name_is_valid) is invalid, and so is a template without its instance.
 */
export function parseUnitName(name: string): ParsedUnitName {
  const suffix = types.find((type) => name.endsWith(`.${type}`));
  const full = suffix === undefined ? `${name}.service` : name;
  const prefix = full.slice(0, full.length - (suffix ?? 'service').length - 1);
  const invalid = (reason: string): ParsedUnitName => ({
    kind: 'invalid',
    reason: `no unit can be named ${JSON.stringify(name.slice(0, 80))}: ${reason}`,
  });
  if (prefix === '') return invalid('it is empty');
  if (full.length > maxLength) return invalid(`a name has at most ${maxLength} characters`);
  if (!characters.test(full)) return invalid('allowed are letters, digits and : _ . \\ @ -');
  if (prefix.startsWith('@')) return invalid('a template has a name');
  if (prefix.indexOf('@') === prefix.length - 1)
    return invalid('a template is started with an instance: NAME@INSTANCE');
  return { kind: 'unit', name: full };
}

/** The object of a unit on the bus; it is there for every name, and loads the unit (basic/bus-label.c, bus_label_escape). */
export function unitPath(name: string): string {
  const escaped = Array.from(Buffer.from(name, 'utf8'), (byte, index) => {
    const character = String.fromCharCode(byte);
    const isPlain = /[A-Za-z]/.test(character) || (index > 0 && /[0-9]/.test(character));
    return isPlain ? character : `_${byte.toString(16).padStart(2, '0')}`;
  });
  return `/org/freedesktop/systemd1/unit/${escaped.join('')}`;
}
