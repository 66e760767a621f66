/** What operators want of launchers, past the DPEs: passed on in their name, and kept an account of. */
import type { Answer, Bus } from '../../proto/bus.js';
import { busError } from '../../proto/bus-error.js';
import { parseInstanceId } from '../../proto/instance-id.js';
import type { BodyDraft } from '../../proto/messages.js';
import { launcherOrder } from '../../proto/subjects.js';
import { readDeployable } from '../dpe/deployable-record.js';
import type { EventDraft, Store } from '../store/store.js';
import { askStatus } from './ask-dpe.js';
import { unknownDeployable } from './deployables.js';

export interface LauncherWishOptions {
  readonly store: Store;
  readonly bus: Bus;
  /** Somebody may be waiting for the event that was written. */
  readonly onEvent: () => void;
}

const rebootMs = 10_000;
/** A platform may take its time to prove a death. */
const adoptMs = 60_000;

/** Restarts the guest of an assembly; its instance stays what it is. */
export async function rebootAssembly(
  options: LauncherWishOptions,
  { deployable, assembly, by }: { readonly deployable: string; readonly assembly: string; readonly by: string },
): Promise<Answer> {
  if ((await readDeployable(options.store, deployable)) === undefined) {
    return unknownDeployable(options.store, deployable);
  }
  const status = await askStatus(options.bus, deployable);
  if (status === undefined) return busError('unavailable', `the DPE of "${deployable}" does not answer; try again`);
  const found = status.assemblies.find(({ name }) => name === assembly);
  const { instance = '', launcherHost: host = '', state = 'unknown' } = found ?? {};
  if (found === undefined) return busError('invalid-request', `there is no assembly "${assembly}" in "${deployable}"`);
  if (instance === '' || !['running', 'suspect', 'starting'].includes(state)) {
    return busError('conflict', `${deployable}/${assembly} does not run (${state}): there is nothing to reboot`);
  }
  return passOn(options, {
    host,
    body: { kind: 'rebootInstance', value: { instance } },
    by,
    deadlineMs: rebootMs,
    event: { deployable, assembly, instance, kind: 'assembly-reboot-ordered', reason: `ordered by ${by}` },
    done: `the guest of ${deployable}/${assembly} is being restarted`,
  });
}

/** Takes an orphan into the journal of its launcher host, or has it destroyed. The host is known. */
export async function adoptOrphan(
  options: LauncherWishOptions,
  wish: { readonly host: string; readonly instance: string; readonly destroy: boolean; readonly by: string },
): Promise<Answer> {
  const { host, instance, destroy, by } = wish;
  if (parseInstanceId(instance) === undefined) {
    return busError('invalid-request', `${JSON.stringify(instance.slice(0, 70))} is no instance`);
  }
  const verb = destroy ? 'destroyed' : 'adopted';
  return passOn(options, {
    host,
    body: { kind: 'adoptOrphan', value: { instance, destroy } },
    by,
    deadlineMs: adoptMs,
    event: {
      deployable: '',
      instance,
      kind: `orphan-${verb}`,
      reason: `${instance}, which ran on launcher host ${host} without being in its journal: ${verb} as ordered by ${by}`,
      evidence: { host },
    },
    done: `${instance} is ${verb}`,
  });
}

interface PassedOn {
  readonly host: string;
  readonly body: BodyDraft;
  readonly by: string;
  readonly deadlineMs: number;
  readonly event: Omit<EventDraft, 'time'>;
  readonly done: string;
}

async function passOn(
  { store, bus, onEvent }: LauncherWishOptions,
  { host, body, by, deadlineMs, event, done }: PassedOn,
): Promise<Answer> {
  const lastSeq = await store.latestEventSequence();
  const outcome = await bus.request(launcherOrder(host), { body, onBehalfOf: by }, { deadlineMs });
  const code = outcome.kind === 'error' ? outcome.error.code : undefined;
  // What may have been carried out is in the account as well.
  const isUncertain = code === 'deadline' || code === 'disconnected';
  if (outcome.kind === 'reply' || isUncertain) {
    const reason = isUncertain ? `${event.reason}; the launcher did not answer in time` : event.reason;
    await store.appendEvents([{ time: Date.now(), ...event, reason }]);
    onEvent();
  }
  if (outcome.kind === 'error') {
    const { message } = outcome.error;
    if (code === 'no-responder') return busError('unavailable', `the launcher of host ${host} does not run; try again`);
    return code === undefined || !isUncertain ? outcome.error : busError(code, `launcher host ${host}: ${message}`);
  }
  const answer = outcome.envelope.body;
  if (answer.kind === 'instanceState' && answer.value.state === 'unknown') {
    return busError('driver-failed', `launcher host ${host} has no proof: ${answer.value.evidence}`);
  }
  return { kind: 'verbDone', value: { message: done, warnings: [], lastSeq, changed: true } };
}
