import type { StoredEvent } from '../store/store.js';

/** What DPEs last told about a launcher host that they believe to be dead. */
export interface HostNews {
  readonly state: 'silent' | 'unclean' | 'fencing';
  readonly reason: string;
}

const states: Readonly<Record<string, HostNews['state'] | 'over'>> = {
  'host-suspect': 'silent',
  'host-unclean': 'unclean',
  'host-fencing': 'fencing',
  'host-fencing-failed': 'unclean',
  'host-dead': 'over',
  'host-heard': 'over',
  'host-back': 'over',
};

/** By launcher host, from events in their order. Whatever any DPE told last counts: all of them speak of one host. */
export function newsOfHosts(events: readonly StoredEvent[]): ReadonlyMap<string, HostNews> {
  const news = new Map<string, HostNews>();
  for (const { kind, reason, evidence } of events) {
    const state = states[kind];
    const host = typeof evidence === 'object' && evidence !== null && 'host' in evidence ? evidence.host : undefined;
    if (state === undefined || typeof host !== 'string') continue;
    if (state === 'over') news.delete(host);
    else news.set(host, { state, reason });
  }
  return news;
}
