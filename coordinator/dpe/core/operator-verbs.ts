/**
 * Operators' verbs: each changes the durable overrides, or the history as Pacemaker's own tools would, asks for a
 * decision, and is answered once that is committed. Asked twice they change nothing more.
 */
import { performAssemblyVerb } from './assembly-verbs.js';
import { hold, resume, setMaintenance } from './deployable-verbs.js';
import type { DpeEvent } from './dpe-event.js';
import { performClear, performMoveOrBan } from './location-verbs.js';
import type { OperatorVerb, VerbReply } from './operator-verb.js';
import { cleanupAll, performResourceVerb } from './resource-verbs.js';
import type { Asked } from './verb-reply.js';
import { type Work, wantDecision } from './work.js';

export function onOperatorVerb(work: Work, event: Extract<DpeEvent, { kind: 'operator-verb' }>): void {
  const { verb, by, token } = event;
  const reply = perform({ work, by }, verb);
  if (reply.kind === 'done' && reply.isChanged) wantDecision(work, `${verb.kind} ordered by ${by}`);
  work.effects.push({ kind: 'reply', token, reply });
}

function perform(asked: Asked, verb: OperatorVerb): VerbReply {
  const { name, definition } = asked.work.durable;
  if (definition.revision === 0) {
    return { kind: 'refused', code: 'unavailable', message: `the DPE of ${name} has not read its definition yet` };
  }
  switch (verb.kind) {
    case 'resource-start':
    case 'resource-stop':
    case 'resource-restart':
    case 'resource-manage':
    case 'resource-unmanage':
    case 'resource-fail':
      return performResourceVerb(asked, { kind: verb.kind, resource: verb.resource });
    case 'resource-cleanup':
      if (verb.resource === undefined) return cleanupAll(asked);
      return performResourceVerb(asked, { kind: verb.kind, resource: verb.resource });
    case 'resource-move':
    case 'resource-ban':
      return performMoveOrBan(asked, verb);
    case 'resource-clear':
      return performClear(asked, verb.resource);
    case 'assembly-standby':
    case 'assembly-unstandby':
    case 'assembly-restart':
    case 'assembly-destroy':
    case 'assembly-drain':
      return performAssemblyVerb(asked, verb);
    case 'deployable-maintenance':
      return setMaintenance(asked, verb.isOn);
    case 'deployable-hold':
      return hold(asked, verb.reason);
    case 'deployable-resume':
      return resume(asked);
    default:
      return unreachable(verb);
  }
}

function unreachable(verb: never): never {
  throw new Error(`unknown verb ${JSON.stringify(verb)}`);
}
