import { parseInstanceId } from '../../proto/instance-id.js';
import type { Draft, HostInstance, HostSummary, InstanceState } from '../../proto/messages.js';
import type { HostFact } from '../state/host-fact.js';
import { type HeardHost, hostSilentAfterMs } from './host-beats.js';
import type { HostNews } from './host-news.js';

/** Everything that is known of a launcher host. */
export interface HostSources {
  readonly fact: HostFact;
  readonly heard: HeardHost | undefined;
  /** Since when silence means something (unix ms); undefined while nothing can be heard. */
  readonly listeningSince: number | undefined;
  /** What its launcher lists; undefined when it does not answer. */
  readonly instances: readonly InstanceState[] | undefined;
  /** What DPEs believe; undefined where they believe nothing but good. */
  readonly news: HostNews | undefined;
}

/** A launcher host in the words that operators read; `now` in unix ms. */
export function summariseHost(sources: HostSources, now: number): Draft<HostSummary> {
  const { fact, heard } = sources;
  const instances = instancesOf(sources);
  const { state, reason } = standing(sources, instances.length, now);
  return {
    name: fact.name,
    state,
    reason,
    fencer: fact.fencer !== undefined,
    lastBeatUnixMs: heard?.lastBeatAt ?? 0,
    instances,
    driver: heard?.driver,
    capacityCpus: heard?.capacity.cpus,
    capacityMemoryMib: heard?.capacity.memoryMiB,
  };
}

function standing(
  { fact, heard, listeningSince, instances, news }: HostSources,
  count: number,
  now: number,
): { readonly state: string; readonly reason: string } {
  const { death } = fact;
  if (death !== undefined) return { state: 'dead', reason: `${death.evidence} (${death.by})` };
  if (isSilent({ heard, listeningSince }, now) && instances === undefined) {
    const drained = fact.isDrained ? '; it is drained' : '';
    if (news !== undefined) return { ...news, reason: `${news.reason}${drained}` };
    if (listeningSince === undefined) return { state: 'silent', reason: `the bus is gone${drained}` };
    const since = heard === undefined ? 'its launcher was never heard' : `no beat for ${span(now - heard.lastBeatAt)}`;
    return { state: 'silent', reason: `${since}${drained}` };
  }
  if (!fact.isDrained) return { state: 'in-service', reason: '' };
  if (count === 0) return { state: 'drained', reason: '' };
  return { state: 'draining', reason: `${count} instance${count === 1 ? '' : 's'} left` };
}

/** Whether nothing was heard of its launcher for long enough, while it could have been heard. */
export function isSilent(
  { heard, listeningSince }: Pick<HostSources, 'heard' | 'listeningSince'>,
  now: number,
): boolean {
  if (listeningSince === undefined) return true;
  return now - Math.max(heard?.lastBeatAt ?? 0, listeningSince) >= hostSilentAfterMs;
}

/** What runs there, or may: as its launcher lists it, otherwise as its last beat named it. */
function instancesOf({ heard, instances }: HostSources): Draft<HostInstance>[] {
  if (instances !== undefined) {
    return instances
      .filter(({ state }) => state === 'running' || state === 'unknown')
      .map(({ deployable, assembly, instance, state }) => ({ deployable, assembly, instance, state }));
  }
  return (heard?.running ?? []).flatMap((instance) => {
    const id = parseInstanceId(instance);
    return id === undefined ? [] : [{ deployable: id.deployable, assembly: id.assembly, instance, state: 'unknown' }];
  });
}

function span(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
