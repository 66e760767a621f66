/** Operators' requests as verbs of the core, and what became of them as answers: protobuf types end here. */
import type { Answer } from '../../proto/bus.js';
import { busError } from '../../proto/bus-error.js';
import type { Body, Envelope } from '../../proto/messages.js';
import type { OperatorVerb, VerbReply } from './core/operator-verb.js';

/**
 * The verb that a request asks for; undefined for requests that are none.
 *
 * @param now unix ms: a lifetime counts from it
 */
export function verbOf(body: Body, now: number): OperatorVerb | undefined {
  switch (body.kind) {
    case 'resourceStart':
      return { kind: 'resource-start', resource: body.value.resource };
    case 'resourceStop':
      return { kind: 'resource-stop', resource: body.value.resource };
    case 'resourceRestart':
      return { kind: 'resource-restart', resource: body.value.resource };
    case 'resourceManage':
      return { kind: 'resource-manage', resource: body.value.resource };
    case 'resourceUnmanage':
      return { kind: 'resource-unmanage', resource: body.value.resource };
    case 'resourceFail':
      return { kind: 'resource-fail', resource: body.value.resource };
    case 'resourceClear':
      return { kind: 'resource-clear', resource: body.value.resource };
    case 'resourceCleanup':
      return { kind: 'resource-cleanup', resource: body.value.resource || undefined };
    case 'resourceMove':
      return { kind: 'resource-move', ...placeOf(body.value, now) };
    case 'resourceBan':
      return { kind: 'resource-ban', ...placeOf(body.value, now) };
    case 'assemblyStandby':
      return { kind: 'assembly-standby', assembly: body.value.assembly };
    case 'assemblyUnstandby':
      return { kind: 'assembly-unstandby', assembly: body.value.assembly };
    case 'assemblyRestart':
      return { kind: 'assembly-restart', assembly: body.value.assembly };
    case 'assemblyDestroy':
      return { kind: 'assembly-destroy', assembly: body.value.assembly };
    case 'assemblyDrain':
      return { kind: 'assembly-drain', assembly: body.value.assembly };
    case 'deployableMaintenance':
      return { kind: 'deployable-maintenance', isOn: body.value.on };
    case 'deployableHold':
      return { kind: 'deployable-hold', reason: body.value.reason.slice(0, maxReasonLength) };
    case 'deployableResume':
      return { kind: 'deployable-resume' };
    default:
      return undefined;
  }
}

/** Who asks, for people: `operator alice`. */
export function askedBy({ onBehalfOf, sender }: Envelope): string {
  return (onBehalfOf || `${sender.role} ${sender.id}`).slice(0, maxReasonLength);
}

/** @param lastSeq newest event before the verb: what comes after it is its progress */
export function answerOf(reply: VerbReply, lastSeq: number): Answer {
  if (reply.kind === 'refused') return busError(reply.code, reply.message);
  const { message, warnings, isChanged } = reply;
  return { kind: 'verbDone', value: { message, warnings, lastSeq, changed: isChanged } };
}

const maxReasonLength = 500;

interface Place {
  readonly resource: string;
  readonly node: string;
  readonly role: string;
  readonly lifetimeMs: number;
}

/** A role that is not known here is a role all the same: the core says what the resource has. */
function placeOf({ resource, node, role, lifetimeMs }: Place, now: number) {
  return {
    resource,
    node: node === '' ? undefined : node,
    role: role === '' ? undefined : ('promoted' as const),
    until: lifetimeMs === 0 ? undefined : now + lifetimeMs,
  };
}
