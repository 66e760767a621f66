import type { Place, Settled } from '../platform.js';
import { readDomainRecord, readGuestRecord } from './domain-record.js';
import { destroyDomain, domainRef } from './libvirt-calls.js';
import type { DomainLife, OwnDomains } from './own-domains.js';
import { withdrawDisk } from './prepare-domain.js';
import { type RunTools, runDomain } from './start-domain.js';

/** `created`: it has not run yet, because its launcher has ended before it let it. */
type Presence = 'created' | 'running' | 'coming' | 'none';

const DESTROY_DEADLINE_MS = 25_000;
/** Of virDomainState and virDomainPausedReason. */
const PAUSED = 3;
const SHUT_OFF = 5;
/** Also of a domain that was created so. */
const PAUSED_BY_USER = 1;
const PAUSED_STARTING_UP = 11;

/**
 * Platform.settle. What libvirtd was told to start may still lie in its queue when nobody waits for it any more, so that
 * "no such domain" alone says little. Therefore the disk is taken away first: libvirtd enters a domain into its list
 * before it opens the disk, and what is not in the list then fails for the want of one.
 */
export async function settleDomain(tools: RunTools, place: Place): Promise<Settled<DomainLife>> {
  const { domains, orders } = tools;
  const life = { uuid: domains.uuidOf(place) };
  if ((await readDomainRecord(place.directory)) !== undefined) return { kind: 'life', life };
  const guest = await readGuestRecord(place.directory);
  // Nothing was even asked for.
  if (guest === undefined) return { kind: 'never' };
  switch (await lookFor(domains, place)) {
    case 'created':
      await runDomain(tools, domainRef(life.uuid), place);
      return { kind: 'life', life };
    case 'running': {
      const process = await domains.findProcess(place);
      if (process === undefined) throw new Error('it has just ended, or its QEMU cannot be seen');
      await domains.keep(place, process);
      return { kind: 'life', life };
    }
    case 'coming':
      throw new Error('libvirtd is still about to start it');
    case 'none':
      await withdrawDisk(guest.directory);
  }
  if ((await lookFor(domains, place)) === 'none') return { kind: 'never' };
  const domain = await domains.findOwn(place);
  if (domain !== undefined) await orders.call(destroyDomain, domain, DESTROY_DEADLINE_MS);
  throw new Error('its start was given up and came through all the same; it is being ended');
}

/** Rejects when it cannot be told, and where somebody else's domain has its UUID. */
async function lookFor(domains: OwnDomains, place: Place): Promise<Presence> {
  const answer = await domains.ask(domains.uuidOf(place));
  if (answer.kind === 'state') {
    if ((await domains.findOwn(place)) === undefined) throw new Error('it has just ended');
    if (answer.state === SHUT_OFF) return 'coming';
    if (answer.state !== PAUSED) return 'running';
    if (answer.reason === PAUSED_STARTING_UP) return 'coming';
    return answer.reason === PAUSED_BY_USER ? 'created' : 'running';
  }
  // What a libvirtd has started that is down by now, or has forgotten it, runs on.
  if ((await domains.findProcess(place)) !== undefined) return 'running';
  if (answer.kind === 'none') throw new Error(answer.reason);
  return 'none';
}
