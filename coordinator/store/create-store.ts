import type { JsonValue } from '../state/json.js';
import type { Engine } from './operations.js';
import type { EventDraft, LeaseFence, Refused, Store, StoredEvent, StoreLimits, WriteOptions } from './store.js';
import type { EventText } from './transactions.js';

/** The store's port over text: values become JSON here, arguments are checked, and what is too large goes no further. */
export function createStore(engine: Engine, limits: StoreLimits): Store {
  return {
    async append(deployable, expectedSequence, { delta, events, fence }) {
      checkDeployable(deployable);
      checkNumber('expectedSequence', expectedSequence, 0);
      const texts = events.map(encodeEvent);
      const deltaText = encode(delta);
      const refused =
        checkSize('log record', byteLength([deltaText, ...texts.map(({ text }) => text)]), limits.maxRecordBytes) ??
        checkEventCount(texts.length, limits);
      if (refused) return refused;
      const request = { deployable, expectedSequence, delta: deltaText, events: texts, fence: checkFence(fence) };
      const reply = await engine.execute('append', request);
      if (reply.kind !== 'appended') return reply;
      return { kind: 'appended', sequence: reply.sequence, events: numberEvents(events, reply.firstEvent) };
    },

    async read(deployable, afterSequence, limit) {
      checkDeployable(deployable);
      checkNumber('afterSequence', afterSequence, 0);
      checkNumber('limit', limit, 1);
      const entries = await engine.execute('read', { deployable, afterSequence, limit });
      return entries.map(({ sequence, delta, firstEvent, eventCount }) => {
        const eventSeqs = Array.from({ length: eventCount }, (_, index) => firstEvent + index);
        return { sequence, delta: decode(delta), eventSeqs };
      });
    },

    async writeSnapshot(deployable, sequence, state, options = {}) {
      checkDeployable(deployable);
      checkNumber('sequence', sequence, 0);
      const text = encode(state);
      const refused = checkSize('snapshot', byteLength([text]), limits.maxSnapshotBytes);
      return refused ?? engine.execute('writeSnapshot', { deployable, sequence, state: text, ...fenceOf(options) });
    },

    async readSnapshot(deployable) {
      checkDeployable(deployable);
      const snapshot = await engine.execute('readSnapshot', { deployable });
      return snapshot && { sequence: snapshot.sequence, state: decode(snapshot.state) };
    },

    async removeLog(deployable, options = {}) {
      checkDeployable(deployable);
      return engine.execute('removeLog', { deployable, ...fenceOf(options) });
    },

    async get(key) {
      checkKey(key);
      const record = await engine.execute('get', { key });
      return record && { value: decode(record.text), revision: record.revision };
    },

    async put(key, value, expected, options = {}) {
      checkKey(key);
      if (expected !== 'absent') checkExpected(expected);
      const text = encode(value);
      const refused = checkSize('value', byteLength([text]), limits.maxValueBytes);
      return refused ?? engine.execute('put', { key, value: text, expected, ...fenceOf(options) });
    },

    async remove(key, expected, options = {}) {
      checkKey(key);
      checkExpected(expected);
      return engine.execute('remove', { key, expected, ...fenceOf(options) });
    },

    async list(prefix, limit) {
      if (prefix !== '') checkKey(prefix);
      checkNumber('limit', limit, 1);
      const records = await engine.execute('list', { prefix, limit });
      return records.map(({ key, text, revision }) => ({ key, value: decode(text), revision }));
    },

    async appendEvents(events, options = {}) {
      if (events.length === 0) return { kind: 'appended', events: [] };
      const texts = events.map(encodeEvent);
      const refused =
        checkSize('batch of events', byteLength(texts.map(({ text }) => text)), limits.maxRecordBytes) ??
        checkEventCount(texts.length, limits);
      if (refused) return refused;
      const reply = await engine.execute('appendEvents', { events: texts, ...fenceOf(options) });
      return reply.kind === 'appended' ? { kind: 'appended', events: numberEvents(events, reply.firstEvent) } : reply;
    },

    async events({ since, limit, deployable }) {
      if (deployable !== undefined && deployable !== '') checkDeployable(deployable);
      checkNumber('since', since, 0);
      checkNumber('limit', limit, 1);
      const events = await engine.execute('events', { since, limit, deployable });
      return events.map(({ seq, text }) => ({ seq, ...(JSON.parse(text) as EventDraft) }));
    },

    latestEventSequence: async () => engine.execute('latestEventSequence', {}),

    close: () => engine.close(),
  };
}

function encode(value: JsonValue): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError('store: the value has no JSON form');
  return text;
}

function decode(text: string): JsonValue {
  return JSON.parse(text) as JsonValue;
}

function encodeEvent(event: EventDraft): EventText {
  if (event.deployable !== '') checkDeployable(event.deployable);
  return { deployable: event.deployable, text: JSON.stringify(event) };
}

function numberEvents(events: readonly EventDraft[], firstEvent: number): readonly StoredEvent[] {
  return events.map((event, index) => ({ ...event, seq: firstEvent + index }));
}

function byteLength(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function checkSize(what: string, bytes: number, limit: number): Refused | undefined {
  if (bytes <= limit) return undefined;
  const message = `this ${what} has ${bytes} bytes, and the limit is ${limit}: make it smaller or raise the limit`;
  return { kind: 'refused', reason: 'too-large', message };
}

function checkEventCount(count: number, { maxEvents }: StoreLimits): Refused | undefined {
  if (count <= maxEvents) return undefined;
  const message = `${count} events at once do not fit an event log of ${maxEvents}: append fewer at a time`;
  return { kind: 'refused', reason: 'too-large', message };
}

function fenceOf(options: WriteOptions): { readonly fence: LeaseFence | undefined } {
  return { fence: checkFence(options.fence) };
}

function checkFence(fence: LeaseFence | undefined): LeaseFence | undefined {
  if (fence) checkKey(fence.leaseKey);
  return fence;
}

function checkDeployable(name: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(name)) {
    throw new RangeError(`store: ${JSON.stringify(name)} is no name of a deployable`);
  }
}

function checkKey(key: string): void {
  if (!/^[A-Za-z0-9._=/-]{1,255}$/.test(key)) {
    throw new RangeError(`store: the key ${JSON.stringify(key)} is not 1 to 255 of A-Z a-z 0-9 . _ = / -`);
  }
}

function checkExpected(expected: number | 'any'): void {
  if (expected !== 'any') checkNumber('expected revision', expected, 1);
}

function checkNumber(what: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`store: ${what} must be a whole number of at least ${least}, not ${value}`);
  }
}
