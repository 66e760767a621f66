import { setTimeout as delay } from 'node:timers/promises';
import type { Cloud } from './cloud.js';
import { faultOf, orMissing, refusalOf } from './cloud-fault.js';
import type { CloudRecord } from './cloud-record.js';
import type { Server } from './server.js';
import { portName } from './server-marks.js';

/**
 * Does what Nova refuses while it is busy with the server (409: `Cannot 'delete' instance ... while it is in task_state
 * ...`) as soon as it is not. Rejects with Nova's words when it stays busy, and at once when it is not about being busy.
 */
export async function whenNotBusy<T>(cloud: Cloud, operate: () => Promise<T>): Promise<T> {
  const until = Date.now() + cloud.timing.patienceMs;
  for (;;) {
    try {
      return await operate();
    } catch (error) {
      const isBusy = /task_state/.test(refusalOf(error, 409)?.message ?? '');
      if (!isBusy || Date.now() > until) throw error;
      await delay(cloud.timing.lookMs);
    }
  }
}

/**
 * Tells Nova to delete a server. Where its host does not answer it is not told: it would only forget the server, and with
 * it what could still be said of the guest when the host is back (assess-end.ts). Rejects then, and when the server is
 * locked.
 */
export async function askToDelete(cloud: Cloud, id: string): Promise<void> {
  const nova = await cloud.nova();
  const server = await nova.server(id);
  if (server === undefined) return;
  const isSilent = server.hostStatus === 'DOWN' || server.hostStatus === 'UNKNOWN';
  if (isSilent || (server.hasHost && !(await answersHost(cloud, id)))) {
    throw new Error(`the host of server ${id} does not answer: Nova would delete its record and not its guest`);
  }
  await deleteNow(cloud, server);
}

/**
 * Whether the host of a server is there. No project may ask for that; but its console is what Nova has to ask the host
 * for while we wait (nova/compute/rpcapi.py, get_console_output). A refusal is an answer, or tells nothing.
 */
async function answersHost(cloud: Cloud, id: string): Promise<boolean> {
  try {
    await (await cloud.nova()).act(id, { 'os-getConsoleOutput': { length: 1 } }, cloud.timing.hostMs);
    return true;
  } catch (error) {
    const fault = faultOf(error);
    return fault?.kind === 'refused' && (fault.status < 500 || fault.status === 501);
  }
}

/** A server that is gone before Nova has heard this is deleted, too: an earlier call has had its effect. */
async function deleteNow(cloud: Cloud, { id, status, task }: Server): Promise<void> {
  const nova = await cloud.nova();
  if (status === 'SOFT_DELETED') await whenNotBusy(cloud, () => orMissing(nova.act(id, { forceDelete: null })));
  else if (task !== 'deleting') await whenNotBusy(cloud, () => nova.deleteServer(id));
}

/**
 * Deletes a server and waits until Nova knows of none. Rejects when it stays. That it is gone proves nothing of its guest;
 * where it is known already that none runs, `isOver`, nobody has to be there to say so.
 */
export async function deleteServer(cloud: Cloud, id: string, { isOver }: { readonly isOver: boolean }): Promise<void> {
  const nova = await cloud.nova();
  const until = Date.now() + cloud.timing.patienceMs;
  if (!isOver) await askToDelete(cloud, id);
  for (let round = 0; ; round += 1) {
    const server = await nova.server(id);
    if (server === undefined) return;
    // What is only put aside at first (SOFT_DELETED) is deleted for good.
    if ((isOver && round === 0) || server.status === 'SOFT_DELETED') await deleteNow(cloud, server);
    if (Date.now() > until) throw new Error(`server ${id} was deleted, but is still there (${server.status})`);
    await delay(cloud.timing.lookMs);
  }
}

/** Removes the ports of a start; those too of which it has not heard. Nova leaves them when it deletes their server. */
export async function deletePorts(cloud: Cloud, record: Pick<CloudRecord, 'token' | 'ports'>): Promise<void> {
  const neutron = await cloud.neutron();
  const named = await neutron.ports(portName(record.token));
  const ids = new Set([...record.ports.map(({ id }) => id), ...named.map(({ id }) => id)]);
  for (const id of ids) await neutron.deletePort(id);
}
