/** What cped asks of the DPE of a deployable, and what it passes on to it. */
import type { Answer, Bus } from '../../proto/bus.js';
import { busError } from '../../proto/bus-error.js';
import type { BodyDraft, BodyKind, DeployableStatus, Envelope } from '../../proto/messages.js';
import { dpeRequest } from '../../proto/subjects.js';
import { namePattern } from '../model/deployable.js';

const askMs = 5_000;
const pokeMs = 500;
/** A rehearsal or a replay may take the scheduler a while. */
const longestMs = 120_000;
/** Kept back from the asker's deadline, so that a refusal still reaches it. */
const marginMs = 250;

/** Requests that are the DPE's to answer; all of them name their deployable. */
const forDpes: ReadonlySet<BodyKind> = new Set([
  'getCib',
  'listTransitions',
  'getTransition',
  'replayTransition',
  'resourceStart',
  'resourceStop',
  'resourceRestart',
  'resourceMove',
  'resourceBan',
  'resourceClear',
  'resourceCleanup',
  'resourceManage',
  'resourceUnmanage',
  'resourceFail',
  'resourceFailcount',
  'assemblyStandby',
  'assemblyUnstandby',
  'assemblyRestart',
  'assemblyDestroy',
  'assemblyDrain',
  'deployableMaintenance',
  'deployableHold',
  'deployableResume',
  'simulate',
  'explain',
]);

export function isForDpe(kind: BodyKind): boolean {
  return forDpes.has(kind);
}

/** Status of a deployable; undefined when its DPE does not answer. */
export async function askStatus(bus: Bus, name: string): Promise<DeployableStatus | undefined> {
  if (!namePattern.test(name)) return undefined;
  const body: BodyDraft = { kind: 'getStatus', value: { deployable: name } };
  const outcome = await bus.request(dpeRequest(name), { body, deployable: name }, { deadlineMs: askMs });
  const reply = outcome.kind === 'reply' ? outcome.envelope.body : undefined;
  return reply?.kind === 'deployableStatus' ? reply.value : undefined;
}

/** Passes a request on in the name of who asked, within the asker's deadline. */
export async function forward(bus: Bus, name: string, envelope: Envelope): Promise<Answer> {
  const { body, sender, operationId, deadlineUnixMs } = envelope;
  const leftMs = deadlineUnixMs === 0 ? askMs : deadlineUnixMs - Date.now() - marginMs;
  const deadlineMs = Math.min(longestMs, Math.max(marginMs, leftMs));
  const onBehalfOf = `${sender.role} ${sender.id}`;
  const outcome = await bus.request(
    dpeRequest(name),
    { body, deployable: name, operationId, onBehalfOf },
    { deadlineMs },
  );
  if (outcome.kind === 'reply') return outcome.envelope.body;
  const { code, message } = outcome.error;
  // Certainly not carried out, perhaps carried out, or refused by the DPE itself: three answers.
  if (code === 'no-responder') return busError('unavailable', `the DPE of "${name}" does not run (yet); try again`);
  if (code === 'deadline' || code === 'disconnected') {
    return busError(code, `the DPE of "${name}" did not answer in time (${message})`);
  }
  return outcome.error;
}

/** Makes the DPE look at the store at once; it would look anyway with its next lease renewal. */
export async function poke(bus: Bus, name: string): Promise<void> {
  const body: BodyDraft = { kind: 'poke', value: { deployable: name } };
  await bus.request(dpeRequest(name), { body, deployable: name }, { deadlineMs: pokeMs });
}
