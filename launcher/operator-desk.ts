/**
 * What operators want of a launcher. Looking is for anyone. What changes something comes from cped, which has asked who
 * it is and keeps an account of it; it is not about what a DPE decides, so it carries no epoch: nothing of it starts an
 * instance, and what it ends is in nobody's journal.
 */
import type { Answer } from '../proto/bus.js';
import { type BusError, busError } from '../proto/bus-error.js';
import { parseInstanceId } from '../proto/instance-id.js';
import type { AdoptOrphan, Envelope, ReadConsole } from '../proto/messages.js';
import type { LauncherDriver } from './driver.js';
import { messageOf } from './error-code.js';
import { startState, stopState } from './instance-state.js';

export interface OperatorDeskOptions {
  readonly launcherHost: string;
  readonly driver: LauncherDriver;
  readonly log: (level: 'info' | 'warn', message: string, details: Readonly<Record<string, unknown>>) => void;
}

const DEFAULT_CONSOLE_BYTES = 16 * 1024;
/** A message of the bus holds four times as much, and a character may become four. */
const MOST_CONSOLE_BYTES = 192 * 1024;

/** The end of what a guest has written to its console, also of one that is dead, until it is forgotten. */
export async function readConsole(
  { instance, maxBytes }: ReadConsole,
  { driver }: OperatorDeskOptions,
): Promise<Answer> {
  const most = Math.min(maxBytes === 0 ? DEFAULT_CONSOLE_BYTES : maxBytes, MOST_CONSOLE_BYTES);
  if ((await driver.inspect(instance)).kind === 'unknown' && !driver.running().includes(instance)) {
    const known = (await driver.list()).some((view) => view.instance === instance);
    if (!known) return busError('unknown-instance', `no instance ${instance} is in the journal of this launcher host`);
  }
  try {
    const text = await driver.consoleLog(instance, most);
    if (text !== undefined) return { kind: 'consoleText', value: { text } };
    return busError('not-found', 'instances of this launcher host have no console');
  } catch (error) {
    return busError('driver-failed', `the console of ${instance} cannot be read: ${messageOf(error)}`);
  }
}

export async function listOrphans({ driver }: OperatorDeskOptions): Promise<Answer> {
  try {
    return { kind: 'orphanList', value: { orphans: await driver.orphans() } };
  } catch (error) {
    return busError('driver-failed', `what runs on this launcher host cannot be told: ${messageOf(error)}`);
  }
}

export async function rebootInstance(envelope: Envelope, instance: string, desk: OperatorDeskOptions): Promise<Answer> {
  const refusal = refusalOfWish(envelope, instance, desk);
  if (refusal !== undefined) return refusal;
  const outcome = await desk.driver.reboot(instance);
  desk.log('info', 'reboot', { instance, by: envelope.onBehalfOf, ...outcome });
  return outcome.kind === 'rebooting' ? { kind: 'ack', value: {} } : busError('conflict', outcome.reason);
}

/** Takes what runs here and is in no journal into this one; `destroy` ends it right away, with proof. */
export async function adoptOrphan(
  envelope: Envelope,
  { instance, destroy }: AdoptOrphan,
  desk: OperatorDeskOptions,
): Promise<Answer> {
  const refusal = refusalOfWish(envelope, instance, desk);
  if (refusal !== undefined) return refusal;
  const { driver, launcherHost, log } = desk;
  const adopted = await driver.adoptOrphan(instance);
  log('warn', destroy ? 'orphan to be destroyed' : 'orphan adopted', { instance, by: envelope.onBehalfOf, ...adopted });
  if (adopted.kind === 'failed') return busError('conflict', adopted.reason);
  if (!destroy) return { kind: 'instanceState', value: startState(instance, adopted, launcherHost) };
  const ended = await driver.destroy(instance);
  return { kind: 'instanceState', value: stopState(instance, ended, { launcherHost, at: Date.now() }) };
}

/** Dead instances of a deleted deployable, which has no DPE any more that could order it. */
export async function forgetDead(envelope: Envelope, instance: string, desk: OperatorDeskOptions): Promise<Answer> {
  const refusal = refusalOfInstance(instance, desk);
  if (refusal !== undefined) return refusal;
  if (!(await desk.driver.forget(instance))) return busError('conflict', `instance ${instance} is not proven dead`);
  desk.log('info', 'forget', { instance, by: envelope.sender.id });
  return { kind: 'ack', value: {} };
}

function refusalOfWish({ sender, onBehalfOf }: Envelope, instance: string, desk: OperatorDeskOptions) {
  if (sender.role !== 'cpe') return busError('invalid-request', `a ${sender.role} does not order this of a launcher`);
  if (onBehalfOf === '') return busError('invalid-request', 'on whose behalf is missing');
  return refusalOfInstance(instance, desk);
}

function refusalOfInstance(instance: string, { launcherHost }: OperatorDeskOptions): BusError | undefined {
  const id = parseInstanceId(instance);
  if (id === undefined)
    return busError('invalid-request', `not an instance id: ${JSON.stringify(instance.slice(0, 300))}`);
  if (id.host === launcherHost) return undefined;
  return busError('invalid-request', `instance ${instance} is not one of launcher host ${launcherHost}`);
}
