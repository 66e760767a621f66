import fc from 'fast-check';
import { cpe } from '../../proto/generated/cpe.js';

/**
 * Envelopes that are well-formed on the wire, of every kind there is, with whatever values their fields can have: names
 * that are none, numbers at their limits, lists and maps of any size, documents that are garbage.
 */
export const madeEnvelopes: fc.Arbitrary<Uint8Array> = fc
  .constantFrom(...bodyKinds())
  .chain((kind) =>
    fc
      .record({ envelope: headArbitrary, body: bodyArbitrary(kind) })
      .map(({ envelope, body }) => encode({ ...envelope, [kind]: body })),
  );

/** The encoder refuses numbers that do not fit their field, whose width only it knows: those become ordinary ones. */
function encode(message: object): Uint8Array {
  try {
    return cpe.v1.Envelope.encode(message).finish();
  } catch {
    return cpe.v1.Envelope.encode(withSmallNumbers(message) as object).finish();
  }
}

function withSmallNumbers(value: unknown): unknown {
  if (typeof value === 'number') return Math.min(value, 2 ** 31 - 1);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withSmallNumbers(field)]));
}

/** One of every kind with nothing in it. */
export function sampleEnvelopes(): Uint8Array[] {
  const head = { messageId: 'm1', protocolMajor: 1, deployable: 'shop', operationId: 'shop/1/2' };
  const sender = { role: 5, id: 'ann', incarnation: 'i1' };
  return bodyKinds().map((kind) => cpe.v1.Envelope.encode({ ...head, sender, [kind]: {} }).finish());
}

/** The members of the envelope's oneof: its fields that are messages, but for the sender. */
export function bodyKinds(): string[] {
  const head = new Set(['messageId', 'inReplyTo', 'operationId', 'protocolMajor', 'protocolMinor', 'sender']);
  for (const name of ['deployable', 'epoch', 'deadlineUnixMs', 'onBehalfOf']) head.add(name);
  return Object.keys(cpe.v1.Envelope.prototype).filter((name) => !head.has(name) && classOf(name) !== undefined);
}

interface MessageClass {
  readonly prototype: object;
  create(): object;
}

/** `resourceStart` is of the class ResourceStart; a few have names of their own, and are left to mutation. */
function classOf(field: string): MessageClass | undefined {
  const name = field[0]?.toUpperCase() + field.slice(1);
  return (cpe.v1 as unknown as Record<string, MessageClass | undefined>)[name];
}

const textArbitrary = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('', 'shop', 'db', 'db.redis', 'web.vm', 'left', 'shop.db.left.1-1', 'monitor', 'start'),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('__proto__', 'constructor', 'a.*', '>', '../../etc', '\u0000', 'x'.repeat(5000)),
  },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
);
const numberArbitrary = fc.oneof(
  fc.nat({ max: 100 }),
  fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 53 - 1, 2 ** 53, 2 ** 63),
);
const headArbitrary = fc.record({
  messageId: textArbitrary,
  inReplyTo: fc.constantFrom('', 'm1'),
  operationId: textArbitrary,
  protocolMajor: fc.constantFrom(1, 1, 1, 1, 1, 0, 2, 2 ** 32 - 1),
  protocolMinor: fc.constantFrom(0, 1, 2 ** 32 - 1),
  sender: fc.record({ role: fc.nat({ max: 7 }), id: textArbitrary, incarnation: textArbitrary }),
  deployable: textArbitrary,
  epoch: numberArbitrary,
  deadlineUnixMs: numberArbitrary,
  onBehalfOf: textArbitrary,
});

/**
 * Any values for the fields of a message's class. The generated code does not say of which class a nested message is,
 * so those are made by mutating bytes; what a field is otherwise shows in its default.
 */
function bodyArbitrary(kind: string): fc.Arbitrary<object> {
  const fields = Object.entries(Object.getOwnPropertyDescriptors(classOf(kind)?.prototype ?? {}));
  const arbitraries: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [name, { value }] of fields) {
    const arbitrary = fieldArbitrary(value);
    if (arbitrary !== undefined) arbitraries[name] = arbitrary;
  }
  return fc.record(arbitraries, { requiredKeys: [] });
}

function fieldArbitrary(initial: unknown): fc.Arbitrary<unknown> | undefined {
  switch (typeof initial) {
    case 'string':
      return textArbitrary;
    case 'boolean':
      return fc.boolean();
    case 'number':
      return numberArbitrary;
    default:
      return undefined;
  }
}
