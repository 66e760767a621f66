import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeEnvelope, encodeEnvelope, MAX_ENVELOPE_BYTES } from './codec.js';
import { cpe } from './generated/cpe.js';
import type {
  Body,
  BodyDraft,
  DocumentProblem,
  Envelope,
  EnvelopeDraft,
  InFlightOperation,
  OperationResult,
} from './messages.js';

const SENDER = { role: 'dpe', id: 'shop', incarnation: 'i1' } as const;

function envelope(body: BodyDraft, more: Partial<EnvelopeDraft> = {}): EnvelopeDraft {
  return { messageId: 'm1', sender: SENDER, ...more, body };
}

function decoded(bytes: Uint8Array): Envelope {
  const outcome = decodeEnvelope(bytes);
  assert.equal(outcome.kind, 'envelope', JSON.stringify(outcome));
  return outcome.kind === 'envelope' ? outcome.envelope : assert.fail();
}

function reasonOf(bytes: Uint8Array): string {
  const outcome = decodeEnvelope(bytes);
  return outcome.kind === 'garbage' ? outcome.reason.code : 'envelope';
}

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
/** Decoded values are ordinary objects; fast-check's are without a prototype unless asked. */
function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record<T>(model, { noNullPrototype: true }) as fc.Arbitrary<T>;
}
const uint32 = fc.nat({ max: 0xffff_ffff });
const uint64 = fc.maxSafeNat();
const texts = fc.dictionary(text, text, { maxKeys: 4, noNullPrototype: true });

const operationResult: fc.Arbitrary<OperationResult> = record({
  resource: text,
  operation: text,
  intervalMs: uint32,
  callId: uint64,
  rc: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  status: text,
  startedUnixMs: uint64,
  endedUnixMs: uint64,
  execMs: uint64,
  queueMs: uint64,
  exitReason: text,
  output: text,
  userData: text,
  parameters: texts,
  timeoutMs: uint32,
  restartParameters: fc.array(text, { maxLength: 3 }),
  reloadable: fc.boolean(),
});

/** One body of every shape that the contract has: flat, nested, lists, maps, optional messages, nested oneof. */
const body: fc.Arbitrary<Body> = fc.oneof(
  record({ kind: fc.constant('startDeployable' as const), value: record({ name: text }) }),
  record({ kind: fc.constant('ack' as const), value: fc.constant({}) }),
  record({
    kind: fc.constant('error' as const),
    value: record({ code: text, message: text, details: texts, problems: fc.constant<DocumentProblem[]>([]) }),
  }),
  record({
    kind: fc.constant('setDelegation' as const),
    value: record({
      delegations: fc.array(
        record({
          resource: text,
          failures: uint32,
          periodMs: uint64,
          startTimeoutMs: uint32,
          stopTimeoutMs: uint32,
          monitorTimeoutMs: uint32,
          exclusive: fc.boolean(),
          after: fc.array(text, { maxLength: 3 }),
          windowUnixMs: fc.array(uint64, { maxLength: 5 }),
        }),
        { maxLength: 4 },
      ),
    }),
  }),
  record({
    kind: fc.constant('agentInventory' as const),
    value: record({
      instance: text,
      agentIncarnation: text,
      resources: fc.array(
        record({ resource: text, operations: fc.array(operationResult, { maxLength: 3 }), delegated: fc.boolean() }),
        { maxLength: 3 },
      ),
      inFlight: fc.constant<InFlightOperation[]>([]),
      lastReportSequence: uint64,
    }),
  }),
  record({
    kind: fc.constant('agentReport' as const),
    value: record({
      sequence: uint64,
      agentTimeUnixMs: uint64,
      bootTimeMs: uint64,
      report: fc.oneof(
        record({
          kind: fc.constant('orderResult' as const),
          value: record({ operationId: text, result: operationResult }),
        }),
        record({ kind: fc.constant('monitorChanged' as const), value: operationResult }),
        record({ kind: fc.constant('unknown' as const) }),
      ),
    }),
  }),
);

test('what is encoded comes back as it was', () => {
  const numbers = { epoch: uint64, deadlineUnixMs: uint64 };
  const header = record({ operationId: text, deployable: text, onBehalfOf: text, ...numbers });
  fc.assert(
    fc.property(body, header, (value, about) => {
      const { body: back, ...rest } = decoded(encodeEnvelope(envelope(value, about)));
      assert.deepEqual(back, value);
      const version = { protocolMajor: 1, protocolMinor: 0 };
      assert.deepEqual(rest, { messageId: 'm1', inReplyTo: '', sender: SENDER, ...about, ...version });
    }),
    { numRuns: 300 },
  );
});

test('fields that were left out have the default of proto3, sub-messages are absent', () => {
  const { body: back } = decoded(
    encodeEnvelope(envelope({ kind: 'executeOperation', value: { resource: 'web.nginx' } })),
  );
  assert.deepEqual(back, {
    kind: 'executeOperation',
    value: {
      resource: 'web.nginx',
      resourceClass: '',
      provider: '',
      type: '',
      operation: '',
      intervalMs: 0,
      timeoutMs: 0,
      startDelayMs: 0,
      parameters: {},
      meta: {},
      expectedRc: 0,
      userData: '',
    },
  });
});

test('a mutated byte gives an envelope or a reason, never an exception', () => {
  fc.assert(
    fc.property(
      body,
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 }),
      (value, edits) => {
        const bytes = Uint8Array.from(encodeEnvelope(envelope(value)));
        for (const [at, byte] of edits) bytes[at % bytes.length] = byte;
        const outcome = decodeEnvelope(bytes);
        // Whatever was accepted can be said again: no value got in that our own side could not have sent.
        if (outcome.kind === 'envelope') encodeEnvelope(outcome.envelope);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('random and truncated bytes give an envelope or a reason, never an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      decodeEnvelope(bytes);
    }),
    { numRuns: 2_000 },
  );
  const whole = encodeEnvelope(envelope({ kind: 'startDeployable', value: { name: 'shop' } }));
  for (let length = 0; length < whole.length; length += 1)
    assert.notEqual(reasonOf(whole.subarray(0, length)), 'envelope');
});

const GARBAGE: readonly [string, Uint8Array, string][] = [
  ['no bytes', new Uint8Array(), 'unsupported-version'],
  ['a wrong wire type', Uint8Array.of(0xff, 0xff, 0x01), 'malformed'],
  ['more than the limit', new Uint8Array(MAX_ENVELOPE_BYTES + 1), 'too-large'],
  ['another major version', raw({ protocolMajor: 2, ack: {} }), 'unsupported-version'],
  ['no body', raw({}), 'unknown-body'],
  ['no sender', raw({ sender: null, ack: {} }), 'malformed'],
  ['a role that nobody has', raw({ sender: { id: 'x' }, ack: {} }), 'malformed'],
  ['a number above 2^53', Uint8Array.of(...raw({ ack: {} }), 0x40, ...hugeVarint()), 'malformed'],
];
for (const [what, bytes, code] of GARBAGE) {
  test(`${what}: refused as ${code}`, () => assert.equal(reasonOf(bytes), code));
}

test('a newer minor version, unknown fields and an unknown kind of report are tolerated', () => {
  const newer = Uint8Array.of(...raw({ protocolMinor: 7, ack: {} }), 0xd2, 0x86, 0x03, 3, 1, 2, 3);
  assert.deepEqual(decoded(newer).body, { kind: 'ack', value: {} });
  assert.equal(decoded(newer).protocolMinor, 7);
  const report = decoded(raw({ agentReport: { sequence: 4 } }));
  assert.deepEqual(report.body, {
    kind: 'agentReport',
    value: { sequence: 4, agentTimeUnixMs: 0, bootTimeMs: 0, report: { kind: 'unknown' } },
  });
});

const UNFIT = [1.5, Number.NaN, -1, 2 ** 32, Number.POSITIVE_INFINITY];
for (const timeoutMs of UNFIT) {
  test(`${timeoutMs} in an unsigned 32-bit field is refused when it is sent`, () => {
    assert.throws(() => encodeEnvelope(envelope({ kind: 'executeOperation', value: { timeoutMs } })), RangeError);
  });
}

test('2^53 in a 64-bit field is refused when it is sent', () => {
  assert.throws(() => encodeEnvelope(envelope({ kind: 'ack', value: {} }, { epoch: 2 ** 53 })), RangeError);
});

/** An envelope straight from the generated code: what a peer of another version might send. */
function raw(properties: cpe.v1.Envelope.$Properties): Uint8Array {
  const sender = { role: cpe.v1.Role.ROLE_DPE, id: 'shop', incarnation: 'i1' };
  return cpe.v1.Envelope.encode({ protocolMajor: 1, sender, ...properties }).finish();
}

function hugeVarint(): number[] {
  return [...Array.from({ length: 9 }, () => 0xff), 0x01];
}
