/** Types of the D-Bus type system (D-Bus specification, "Type System"). */
export type BusType =
  | { readonly kind: 'basic'; readonly code: BasicCode }
  | { readonly kind: 'variant' }
  | { readonly kind: 'array'; readonly element: BusType }
  | { readonly kind: 'struct'; readonly fields: readonly BusType[] }
  /** Only as the element of an array. */
  | { readonly kind: 'entry'; readonly key: BusType; readonly value: BusType };

/** `h`, a file descriptor, is only an index here: descriptors are never asked for, so none is passed. */
export type BasicCode = 'y' | 'b' | 'n' | 'q' | 'i' | 'u' | 'x' | 't' | 'd' | 's' | 'o' | 'g' | 'h';

const basicCodes = 'ybnqiuxtdsogh';
const maxLength = 255;
/** The specification's 32 levels of arrays and 32 of structs. */
const maxDepth = 64;
const maxCached = 512;
const cache = new Map<string, readonly BusType[]>();

/** The complete types in a signature, in order. Throws RangeError on anything that the specification does not allow. */
export function parseSignature(signature: string): readonly BusType[] {
  const known = cache.get(signature);
  if (known !== undefined) return known;
  if (signature.length > maxLength) throw new RangeError('signature too long');
  const types: BusType[] = [];
  let at = 0;
  while (at < signature.length) {
    const [type, next] = parseOne(signature, at, 0);
    types.push(type);
    at = next;
  }
  if (cache.size < maxCached) cache.set(signature, types);
  return types;
}

function parseOne(signature: string, at: number, depth: number): readonly [BusType, number] {
  const code = signature[at];
  if (depth > maxDepth) throw new RangeError('signature too deep');
  if (code === undefined) throw new RangeError(`signature ends early: ${signature}`);
  if (isBasic(code)) return [{ kind: 'basic', code }, at + 1];
  switch (code) {
    case 'v':
      return [{ kind: 'variant' }, at + 1];
    case 'a': {
      if (signature[at + 1] === '{') return parseEntries(signature, at + 1, depth + 1);
      const [element, next] = parseOne(signature, at + 1, depth + 1);
      return [{ kind: 'array', element }, next];
    }
    case '(': {
      const fields: BusType[] = [];
      let next = at + 1;
      while (signature[next] !== ')') {
        const [field, after] = parseOne(signature, next, depth + 1);
        fields.push(field);
        next = after;
      }
      if (fields.length === 0) throw new RangeError('empty struct in a signature');
      return [{ kind: 'struct', fields }, next + 1];
    }
    default:
      throw new RangeError(`unknown type in a signature: ${JSON.stringify(code)}`);
  }
}

function parseEntries(signature: string, at: number, depth: number): readonly [BusType, number] {
  const [key, afterKey] = parseOne(signature, at + 1, depth + 1);
  if (key.kind !== 'basic') throw new RangeError('the key of a dictionary is a basic type');
  const [value, afterValue] = parseOne(signature, afterKey, depth + 1);
  if (signature[afterValue] !== '}') throw new RangeError('a dictionary entry has a key and a value');
  return [{ kind: 'array', element: { kind: 'entry', key, value } }, afterValue + 1];
}

function isBasic(code: string): code is BasicCode {
  return basicCodes.includes(code);
}

/** Bytes to whose multiple a value of the type is aligned. */
export function alignmentOf(type: BusType): 1 | 2 | 4 | 8 {
  switch (type.kind) {
    case 'variant':
      return 1;
    case 'array':
      return 4;
    case 'struct':
    case 'entry':
      return 8;
    case 'basic':
      return basicAlignment[type.code];
  }
}

const basicAlignment = {
  y: 1,
  g: 1,
  n: 2,
  q: 2,
  b: 4,
  i: 4,
  u: 4,
  h: 4,
  s: 4,
  o: 4,
  x: 8,
  t: 8,
  d: 8,
} as const satisfies Record<BasicCode, 1 | 2 | 4 | 8>;
