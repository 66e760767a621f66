import type { Draft, Failure } from '../../proto/messages.js';
import type { StoredEvent } from '../store/store.js';

/** What ends a failure of the same subject, and what it means for an operator. */
const recoveries: Readonly<Record<string, string>> = {
  'resource-recovered': 'restarted by its agent',
  'resource-started': 'restarted in order',
  'assembly-running': 'recovered with a new instance',
  'deployable-running': 'recovered',
  'deployable-halted': 'stopped: attempts exhausted',
};

/** The failures among `events` (ascending), newest first, each with what was done about it as far as events tell. */
export function listFailures(events: readonly StoredEvent[], limit: number): Draft<Failure>[] {
  const open = new Map<string, Draft<Failure> & { recoveredUnixMs: number; recovery: string }>();
  const failures: Draft<Failure>[] = [];
  for (const event of events) {
    if (isFailure(event.kind)) {
      const failure = describe(event);
      open.set(keyOf(event), failure);
      failures.push(failure);
      continue;
    }
    const recovery = recoveries[event.kind];
    if (recovery === undefined) continue;
    for (const [key, failure] of open) {
      if (!isCoveredBy(key, event)) continue;
      failure.recovery = recovery;
      failure.recoveredUnixMs = Math.round(event.time);
      open.delete(key);
    }
  }
  return failures.reverse().slice(0, limit);
}

function isFailure(kind: string): boolean {
  return ['resource-failed', 'assembly-failed', 'assembly-held', 'assembly-no-room'].includes(kind);
}

function describe(event: StoredEvent): Draft<Failure> & { recoveredUnixMs: number; recovery: string } {
  const { seq, deployable, assembly = '', resource = '', instance = '', kind, reason, evidence } = event;
  return {
    seq,
    timeUnixMs: Math.round(event.time),
    deployable,
    assembly,
    resource,
    instance,
    what: kind,
    reason,
    recovery: '',
    recoveredUnixMs: 0,
    evidenceJson: evidence === undefined ? '' : JSON.stringify(evidence),
  };
}

function keyOf({ deployable, assembly = '', resource = '' }: StoredEvent): string {
  return `${deployable}/${assembly}/${resource}`;
}

/** The event is about the subject of the failure, or about all that contains it. */
function isCoveredBy(key: string, event: StoredEvent): boolean {
  const [deployable = '', assembly = '', resource = ''] = key.split('/');
  if (event.deployable !== deployable) return false;
  if (event.assembly === undefined) return true;
  if (event.assembly !== assembly) return false;
  return event.resource === undefined ? resource === '' : event.resource === resource;
}
