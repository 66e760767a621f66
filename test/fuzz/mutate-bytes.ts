import type { Chance } from '../sim/chance.js';

/** What mutations are made from. */
export interface Breed {
  /** Well-formed inputs, and what looked interesting since. */
  readonly corpus: readonly Uint8Array[];
  /** Words of the format, to be put in anywhere. */
  readonly words: readonly string[];
  readonly maxBytes: number;
}

/** A mutated copy of one input of the corpus: a few small changes, now and then one that makes it large or deep. */
export function mutateBytes(chance: Chance, breed: Breed): Uint8Array {
  let bytes: Buffer = Buffer.from(chance.pick(breed.corpus) ?? Buffer.alloc(0));
  const steps = chance.happens(0.3) ? chance.between(2, 12) : 1;
  for (let step = 0; step < steps; step += 1) {
    const mutate = chance.pick(mutations) ?? flipBit;
    bytes = mutate(bytes, chance, breed);
    if (bytes.length > breed.maxBytes) bytes = bytes.subarray(0, breed.maxBytes);
  }
  if (chance.happens(0.004)) bytes = chance.happens(0.5) ? swell(bytes, chance, breed) : deepen(bytes, chance, breed);
  return bytes.subarray(0, breed.maxBytes);
}

type Mutation = (bytes: Buffer, chance: Chance, breed: Breed) => Buffer;

const flipBit: Mutation = (bytes, chance) => {
  if (bytes.length === 0) return bytes;
  const at = chance.between(0, bytes.length - 1);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.between(0, 7));
  return bytes;
};

const setByte: Mutation = (bytes, chance) => {
  if (bytes.length === 0) return bytes;
  bytes[chance.between(0, bytes.length - 1)] = chance.pick(edgeBytes) ?? chance.between(0, 255);
  return bytes;
};

const truncate: Mutation = (bytes, chance) => bytes.subarray(0, chance.between(0, bytes.length));

const remove: Mutation = (bytes, chance) => {
  const [from, to] = rangeOf(bytes, chance);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
};

const duplicate: Mutation = (bytes, chance, { maxBytes }) => {
  const [from, to] = rangeOf(bytes, chance);
  const most = Math.max(1, Math.min(16, Math.floor(maxBytes / Math.max(1, to - from))));
  return insertAt(bytes, to, repeat(bytes.subarray(from, to), chance.between(1, most)));
};

const splice: Mutation = (bytes, chance, { corpus }) => {
  const other = Buffer.from(chance.pick(corpus) ?? bytes);
  const [from, to] = rangeOf(other, chance);
  const at = chance.between(0, bytes.length);
  const part = other.subarray(from, to);
  return chance.happens(0.5) ? insertAt(bytes, at, part) : Buffer.concat([bytes.subarray(0, at), other.subarray(from)]);
};

const integer: Mutation = (bytes, chance) => {
  const width = chance.pick([1, 2, 4, 8] as const) ?? 4;
  if (bytes.length < width) return bytes;
  const at = chance.between(0, bytes.length - width);
  const value = BigInt.asUintN(width * 8, chance.pick(edgeIntegers) ?? 0n);
  for (let index = 0; index < width; index += 1) {
    const byte = Number((value >> BigInt(8 * index)) & 0xffn);
    bytes[at + (chance.happens(0.5) ? index : width - 1 - index)] = byte;
  }
  return bytes;
};

/** One number written in digits becomes another. */
const decimal: Mutation = (bytes, chance) => {
  const text = bytes.toString('latin1');
  const numbers = [...text.slice(0, 20_000).matchAll(/\d+/g)];
  const chosen = chance.pick(numbers);
  if (chosen === undefined) return bytes;
  const value = chance.pick(edgeNumbers) ?? '0';
  return Buffer.from(text.slice(0, chosen.index) + value + text.slice(chosen.index + chosen[0].length), 'latin1');
};

const word: Mutation = (bytes, chance, { words }) => {
  const text = chance.pick(words.length > 0 && chance.happens(0.8) ? words : edgeTexts) ?? '';
  return insertAt(bytes, chance.between(0, bytes.length), Buffer.from(text));
};

/** One quoted or plain word of the input becomes another one of it, or one of the format's. */
const swapWord: Mutation = (bytes, chance, { words }) => {
  const text = bytes.toString('latin1').slice(0, 20_000);
  const found = [...text.matchAll(/[A-Za-z_][\w.-]*/g)];
  const chosen = chance.pick(found);
  if (chosen === undefined) return bytes;
  const value = chance.happens(0.5) ? chance.pick(found)?.[0] : chance.pick([...words, ...edgeTexts]);
  const before = bytes.subarray(0, chosen.index);
  return Buffer.concat([before, Buffer.from(value ?? ''), bytes.subarray(chosen.index + chosen[0].length)]);
};

const mutations: readonly Mutation[] = [
  flipBit,
  setByte,
  truncate,
  remove,
  duplicate,
  splice,
  splice,
  integer,
  decimal,
  word,
  swapWord,
  swapWord,
];

/** One part of the input over and over, up to the largest size: what takes more than linear time shows here. */
function swell(bytes: Buffer, chance: Chance, { maxBytes }: Breed): Buffer {
  const [from, to] = rangeOf(bytes, chance);
  const part = bytes.subarray(from, Math.min(to, from + 200));
  if (part.length === 0) return bytes;
  const room = Math.max(0, maxBytes - bytes.length);
  return insertAt(bytes, to, repeat(part, Math.floor(room / part.length)));
}

const brackets = [
  ['[', ']'],
  ['{', '}'],
  ['{"a":', '}'],
  ['<a>', '</a>'],
  ['(', ')'],
  ['- ', ''],
  ['a', ''],
  ['\n', ''],
  ['<a ', ''],
  ['&#', ''],
  ['\u000a\u000a', ''],
] as const;

function deepen(bytes: Buffer, chance: Chance, { maxBytes }: Breed): Buffer {
  const [open, close] = chance.pick(brackets) ?? ['[', ']'];
  const times = chance.pick([70, 1000, 12_000, 100_000]) ?? 70;
  const most = Math.min(times, Math.floor(maxBytes / (open.length + close.length + 1)));
  return insertAt(bytes, chance.between(0, bytes.length), Buffer.from(open.repeat(most) + close.repeat(most)));
}

function rangeOf(bytes: Buffer, chance: Chance): readonly [number, number] {
  const from = chance.between(0, bytes.length);
  const most = chance.happens(0.7) ? Math.min(bytes.length, from + 64) : bytes.length;
  return [from, chance.between(from, most)];
}

function insertAt(bytes: Buffer, at: number, part: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);
}

function repeat(part: Uint8Array, times: number): Buffer {
  return Buffer.alloc(part.length * Math.max(0, times), part);
}

const edgeBytes = [0, 1, 0x0a, 0x20, 0x22, 0x2e, 0x7f, 0x80, 0xc0, 0xff];
const edgeIntegers = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0x8000n,
  0xffffn,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x1f_ffff_ffff_ffffn,
  0x20_0000_0000_0000n,
  0x7fff_ffff_ffff_ffffn,
  0xffff_ffff_ffff_ffffn,
  0x7ff8_0000_0000_0000n,
];
const edgeNumbers = [
  '0',
  '-1',
  '1',
  '00',
  '1.5',
  '2147483647',
  '2147483648',
  '4294967296',
  '9007199254740992',
  '99999999999999999999999',
  '1e309',
  '-0',
  'NaN',
  '1_000',
  '0x10',
  '0o7',
];
const edgeTexts = [
  '',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'true',
  'NaN',
  '\u0000',
  '\ud800',
  '\ufeff',
  '\u202e',
  '../..',
  '%s%n',
  '*',
  '>',
  '\r\n',
  '&amp;',
  '&#x0;',
  ']]>',
  '<![CDATA[',
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '&b;',
  '*a',
  '&a',
  '<<',
  '!!binary',
  '---',
  '{x}',
  '"',
  "'",
  '\\',
  '\\u0000',
  '#',
  ':',
  ',',
];
