import type { Answer, Bus } from '../../proto/bus.js';
import { busError } from '../../proto/bus-error.js';
import { parseInstanceId } from '../../proto/instance-id.js';
import type { BodyDraft } from '../../proto/messages.js';
import { launcherOrder } from '../../proto/subjects.js';
import { readDeployable } from '../dpe/deployable-record.js';
import { type LeaseRecord, leaseKey } from '../dpe/lease.js';
import type { Store } from '../store/store.js';
import { askStatus } from './ask-dpe.js';
import { type ChangeContext, removeDeployable, unknownDeployable } from './deployables.js';
import type { DpeProcesses } from './dpe-processes.js';
import type { EventWatch } from './event-watch.js';
import { listInstances } from './system-info.js';

const forgetMs = 500;

export interface DeletionOptions {
  readonly store: Store;
  readonly bus: Bus;
  readonly dpes: DpeProcesses;
  readonly watch: EventWatch;
  readonly knownHosts: () => readonly string[];
}

/** Only what is stopped, and has no instance that may live, can be forgotten. */
export async function deleteDeployable(
  options: DeletionOptions,
  context: ChangeContext,
  name: string,
): Promise<Answer> {
  const found = await readDeployable(options.store, name);
  if (found === undefined) return unknownDeployable(options.store, name);
  const condition = (await askStatus(options.bus, name))?.condition;
  const stop = `stop it first: cpectl deployable stop ${name}`;
  if (found.record.desired.state !== 'stopped') return busError('conflict', `deployable "${name}" is started; ${stop}`);
  if (condition === undefined && (await mayHaveInstances(options, name))) {
    return busError('unavailable', `the DPE of "${name}" does not answer, and it may have instances; try again`);
  }
  if (condition !== undefined && condition !== 'stopped') {
    return busError('conflict', `deployable "${name}" is ${condition}, not stopped; ${stop}`);
  }
  const error = await removeDeployable(context, name);
  if (error !== undefined) return error;
  options.dpes.look();
  options.watch.wake();
  await forgetInstances(options, name);
  return { kind: 'ack', value: {} };
}

/** A launcher that does not answer, or cannot tell, may have some. */
async function mayHaveInstances({ bus, knownHosts }: DeletionOptions, name: string): Promise<boolean> {
  const lists = await Promise.all(knownHosts().map((host) => listInstances(bus, host, name)));
  return lists.some((list) => list?.some(({ deployable, state }) => deployable === name && !hasEnded(state)) ?? true);
}

function hasEnded(state: string): boolean {
  return state === 'dead' || state === 'failed';
}

/** What dead instances left behind goes with their deployable. */
async function forgetInstances({ bus, store, knownHosts }: DeletionOptions, name: string): Promise<void> {
  const lease = (await store.get(leaseKey(name)))?.value as unknown as LeaseRecord | undefined;
  const epoch = lease?.epoch ?? 0;
  for (const host of knownHosts()) {
    for (const { instance, deployable } of (await listInstances(bus, host, name)) ?? []) {
      if (deployable !== name || parseInstanceId(instance) === undefined) continue;
      const body: BodyDraft = { kind: 'forgetInstance', value: { instance } };
      await bus.request(launcherOrder(host), { body, deployable: name, epoch }, { deadlineMs: forgetMs });
    }
  }
}
