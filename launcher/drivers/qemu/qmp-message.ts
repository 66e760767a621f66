/** What QEMU says on its control socket, one JSON object a line (QEMU's docs/interop/qmp-spec). */
export type QmpMessage =
  | { readonly kind: 'greeting'; readonly version: string }
  | { readonly kind: 'event'; readonly event: QmpEvent }
  | { readonly kind: 'answer'; readonly id: number | undefined; readonly answer: QmpSuccess | QmpRefusal }
  | { readonly kind: 'garbage'; readonly reason: string };

export interface QmpEvent {
  /** STOP, SHUTDOWN, GUEST_PANICKED ... */
  readonly name: string;
  /** Milliseconds since 1970, as QEMU's host sees them. */
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface QmpSuccess {
  readonly kind: 'returned';
  readonly value: unknown;
}

export interface QmpRefusal {
  readonly kind: 'refused';
  /** QEMU's class of error and its description. */
  readonly reason: string;
}

const QUOTED_LENGTH = 120;

/** Total: whatever the line holds, it is one of the messages. */
export function parseQmpLine(line: string): QmpMessage {
  const value = parseJson(line);
  if (!isObject(value)) return garbage(line);
  if (isObject(value.QMP)) return { kind: 'greeting', version: readVersion(value.QMP) };
  if (typeof value.event === 'string') {
    return { kind: 'event', event: { name: value.event, at: readTime(value.timestamp), data: readData(value.data) } };
  }
  const id = typeof value.id === 'number' ? value.id : undefined;
  if ('return' in value) return { kind: 'answer', id, answer: { kind: 'returned', value: value.return } };
  if (isObject(value.error)) return { kind: 'answer', id, answer: { kind: 'refused', reason: readError(value.error) } };
  return garbage(line);
}

/** The events among the lines of a record that may begin or end within a line. */
export function readQmpEvents(text: string): QmpEvent[] {
  return text.split('\n').flatMap((line) => {
    const message = parseQmpLine(line);
    return message.kind === 'event' ? [message.event] : [];
  });
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function garbage(line: string): QmpMessage {
  return { kind: 'garbage', reason: `it said ${JSON.stringify(line.slice(0, QUOTED_LENGTH))}, which is no QMP` };
}

function parseJson(text: string): unknown {
  // An exception for each line of a record that is full of others would cost more than all of them.
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readVersion(greeting: Record<string, unknown>): string {
  const qemu = isObject(greeting.version) ? greeting.version.qemu : undefined;
  if (!isObject(qemu)) return 'unknown';
  return [qemu.major, qemu.minor, qemu.micro].map((part) => (typeof part === 'number' ? part : '?')).join('.');
}

function readTime(timestamp: unknown): number {
  if (!isObject(timestamp)) return 0;
  const { seconds, microseconds } = timestamp;
  const millis = typeof microseconds === 'number' && microseconds > 0 ? Math.floor(microseconds / 1000) : 0;
  return typeof seconds === 'number' && seconds > 0 ? seconds * 1000 + millis : 0;
}

function readData(data: unknown): Record<string, unknown> {
  return isObject(data) ? data : {};
}

function readError(error: Record<string, unknown>): string {
  return [error.class, error.desc].filter((part) => typeof part === 'string').join(': ');
}
