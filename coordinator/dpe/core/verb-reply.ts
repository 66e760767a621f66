import type { JsonObject } from '../../state/json.js';
import type { VerbReply } from './operator-verb.js';
import { emit, type Work } from './work.js';

/** Who asks, and in which step. */
export interface Asked {
  readonly work: Work;
  /** For people: `operator alice`. */
  readonly by: string;
}

export function done(message: string, warnings: readonly string[] = []): VerbReply {
  return { kind: 'done', message, warnings, isChanged: true };
}

/** It was so already. */
export function unchanged(message: string, warnings: readonly string[] = []): VerbReply {
  return { kind: 'done', message, warnings, isChanged: false };
}

export function refused(message: string): VerbReply {
  return { kind: 'refused', code: 'invalid-request', message };
}

/** It may be asked again when something else has changed. */
export function conflict(message: string): VerbReply {
  return { kind: 'refused', code: 'conflict', message };
}

/** The event that tells of a verb: `<subject>-<verb>-ordered`. */
export function tellOrdered(
  { work, by }: Asked,
  kind: string,
  about: {
    readonly assembly?: string;
    readonly resource?: string;
    readonly evidence?: JsonObject;
    readonly why?: string;
  },
): void {
  const { why = '', evidence, ...subject } = about;
  const reason = `ordered by ${by}${why === '' ? '' : `: ${why}`}`;
  emit(work, { kind: `${kind}-ordered`, ...subject, reason, evidence: { verdict: 'operator', by, ...evidence } });
}

/** Why nothing is running and nothing is going to, with what an operator can do; undefined while it is to run. */
export function whyDown({ work: { durable } }: Asked): string | undefined {
  const start = `cpectl deployable start ${durable.name}`;
  if (durable.desired.state === 'stopped') return `deployable ${durable.name} is stopped; start it with: ${start}`;
  if (durable.recovery.kind !== 'halted') return undefined;
  return `deployable ${durable.name} is stopped after too many failures; resume with: ${start}`;
}

/** Why what is ordered now does not happen now. */
export function delays({ work: { durable } }: Asked): readonly string[] {
  const { overrides, definition, name } = durable;
  const isInMaintenance = overrides.isInMaintenance || definition.deployable.isInMaintenance;
  const isDown = durable.desired.state === 'stopped';
  const held = `deployable ${name} is held: nothing is decided until cpectl deployable resume ${name}`;
  return [
    ...(isDown ? [`deployable ${name} is stopped: it takes effect when it is started`] : []),
    ...(overrides.hold === undefined ? [] : [held]),
    ...(isInMaintenance ? [`deployable ${name} is in maintenance: nothing is started or stopped meanwhile`] : []),
  ];
}
