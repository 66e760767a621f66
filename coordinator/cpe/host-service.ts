/** What cped answers about launcher hosts, and what operators change about them: facts for all deployables alike. */
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Answer, Bus } from '../../proto/bus.js';
import { type BusError, busError } from '../../proto/bus-error.js';
import { isName } from '../../proto/instance-id.js';
import type { HostAdoptOrphan, HostConfirmDead, HostFencer } from '../../proto/messages.js';
import { listDeployables } from '../dpe/deployable-record.js';
import { changeHost, readHost, readHosts, recordHostBack, rememberHost } from '../dpe/host-record.js';
import { type HostFact, plainHostFact } from '../state/host-fact.js';
import type { EventDraft, Store } from '../store/store.js';
import { askStatus, poke } from './ask-dpe.js';
import { type HostBeats, hostSilentAfterMs, listenForBeats } from './host-beats.js';
import { type HostNews, newsOfHosts } from './host-news.js';
import { adoptOrphan } from './launcher-wishes.js';
import { suggestNames } from './suggest-names.js';
import { isSilent, summariseHost } from './summarise-host.js';
import { listInstances } from './system-info.js';

export interface HostService {
  list(): Promise<Answer>;
  status(host: string): Promise<Answer>;
  drain(host: string, isDrained: boolean, by: string): Promise<Answer>;
  confirmDead(request: HostConfirmDead, by: string): Promise<Answer>;
  setFencer(request: HostFencer, by: string): Promise<Answer>;
  adoptOrphan(request: HostAdoptOrphan, by: string): Promise<Answer>;
}

export interface HostServiceOptions {
  readonly store: Store;
  readonly bus: Bus;
  /** Launcher hosts that are known without having been heard. */
  readonly knownHosts: () => readonly string[];
  /** Somebody may be waiting for the event that was written. */
  readonly onEvent: () => void;
}

const maxEvidenceLength = 2_000;
/** How far back the last word about a host is looked for. */
const maxEvents = 5_000;
const maxFencerTimeoutMs = 3_600_000;
/** As fence-agents' own `--power-timeout` and `--shell-timeout` together allow for. */
const defaultFencerTimeoutMs = 60_000;

export function openHostService(options: HostServiceOptions): HostService {
  const { store, bus } = options;
  const remembered = new Set(options.knownHosts());
  const beats = listenForBeats(bus, (host, at) => {
    if (!remembered.has(host)) {
      remembered.add(host);
      rememberHost(store, host).catch(() => remembered.delete(host));
    }
    void noteBack(options, host, at);
  });
  return {
    list: async () => {
      const facts = await readHosts(store);
      const names = [...new Set([...options.knownHosts(), ...beats.hosts(), ...Object.keys(facts)])].sort();
      const news = await recentNews(store);
      const hosts = await Promise.all(names.map((name) => summary(facts[name] ?? plainHostFact(name), news.get(name))));
      return { kind: 'hostSummaries', value: { hosts } };
    },
    status: async (host) => {
      const error = await unknownHost(options, beats, host);
      if (error !== undefined) return error;
      const news = (await recentNews(store)).get(host);
      return { kind: 'hostSummaries', value: { hosts: [await summary(await readHost(store, host), news)] } };
    },
    drain: async (host, isDrained, by) => {
      const error = await unknownHost(options, beats, host);
      if (error !== undefined) return error;
      const kind = isDrained ? 'host-drained' : 'host-undrained';
      const done = isDrained
        ? `launcher host ${host} is drained: what another host can take leaves, and nothing new is placed there; what no other host can take stays`
        : `launcher host ${host} takes instances again`;
      return change(options, host, (before) => ({ ...before, isDrained }), {
        done,
        already: isDrained ? `launcher host ${host} is drained already` : `launcher host ${host} is not drained`,
        event: { kind, reason: `launcher host ${host}: ordered by ${by}` },
      });
    },
    confirmDead: (request, by) => confirmDead(options, beats, request, by),
    setFencer: (request, by) => setFencer(options, beats, request, by),
    adoptOrphan: async (request, by) =>
      (await unknownHost(options, beats, request.host)) ?? adoptOrphan(options, { ...request, by }),
  };

  async function summary(fact: HostFact, news: HostNews | undefined) {
    const { name } = fact;
    const instances = isName(name) ? await listInstances(bus, name) : undefined;
    const heard = beats.heard(name);
    return summariseHost({ fact, heard, listeningSince: beats.listeningSince(), instances, news }, Date.now());
  }
}

async function recentNews(store: Store) {
  const since = Math.max(0, (await store.latestEventSequence()) - maxEvents);
  return newsOfHosts(await store.events({ since, limit: maxEvents }));
}

async function confirmDead(
  options: HostServiceOptions,
  beats: HostBeats,
  { host, evidence, force }: HostConfirmDead,
  by: string,
): Promise<Answer> {
  if (!isName(host)) return noName(host);
  if (evidence.trim() === '') {
    return busError('invalid-request', 'the evidence is missing: say how you know that the host is dead');
  }
  const unknown = force ? undefined : await unknownHost(options, beats, host);
  if (unknown !== undefined) return unknown;
  const now = Date.now();
  const [heard, listeningSince] = [beats.heard(host), beats.listeningSince()];
  // Not even `force` makes a living host a dead one: its instances would be started a second time elsewhere.
  if ((await listInstances(options.bus, host)) !== undefined) return alive(host, 'its launcher answers');
  if (heard !== undefined && now - heard.lastBeatAt < hostSilentAfterMs) {
    return alive(host, `its launcher was heard ${now - heard.lastBeatAt} ms ago`);
  }
  if (!isSilent({ heard, listeningSince }, now) || listeningSince === undefined) {
    const message = `cped has not listened for long enough to know that launcher host ${host} is silent; try again in ${hostSilentAfterMs / 1000} s`;
    return busError('unavailable', message);
  }
  const living = force ? [] : await livingOn(options, host);
  if (living.length > 0) {
    const named = living.slice(0, 10).join(', ');
    const message = `launcher host ${host} may live: agents on it are heard (${named}); make sure that they have ended, and confirm with force`;
    return busError('conflict', message);
  }
  const said = evidence.trim().slice(0, maxEvidenceLength);
  return change(options, host, (before) => ({ ...before, death: before.death ?? { at: now, by, evidence: said } }), {
    done: `launcher host ${host} counts as dead: what ran there is started elsewhere`,
    already: `launcher host ${host} counts as dead already`,
    event: { kind: 'host-confirmed-dead', reason: `launcher host ${host} is dead, says ${by}: ${said}` },
  });
}

/** Assemblies with an instance there whose agent is heard by its DPE. */
async function livingOn({ store, bus }: HostServiceOptions, host: string): Promise<readonly string[]> {
  const statuses = await Promise.all((await listDeployables(store)).map(({ name }) => askStatus(bus, name)));
  return statuses.flatMap((status) =>
    (status?.assemblies ?? [])
      .filter(({ launcherHost, state }) => launcherHost === host && state === 'running')
      .map((assembly) => `${status?.name}/${assembly.name}`),
  );
}

function alive(host: string, why: string): BusError {
  const message = `launcher host ${host} is not dead: ${why}; stop it first (or its launcher), then confirm`;
  return busError('conflict', message);
}

async function setFencer(
  options: HostServiceOptions,
  beats: HostBeats,
  { host, command, parameters, timeoutMs }: HostFencer,
  by: string,
): Promise<Answer> {
  const error = await unknownHost(options, beats, host);
  if (error !== undefined) return error;
  const [program = ''] = command;
  if (command.length === 0) {
    return change(options, host, (before) => ({ ...before, fencer: undefined }), {
      done: `launcher host ${host} has no fencer any more: only an operator's word proves its death`,
      already: `launcher host ${host} has no fencer`,
      event: { kind: 'host-fencer-removed', reason: `launcher host ${host}: fencer removed by ${by}` },
    });
  }
  if (program.trim() === '') return busError('invalid-request', 'the first word of the fencer is no program');
  const badKey = Object.keys(parameters).find((key) => !/^[A-Za-z0-9_.-]{1,128}$/.test(key));
  if (badKey !== undefined) return busError('invalid-request', `"${badKey.slice(0, 70)}" is no name of a parameter`);
  // One line each on the fencer's standard input.
  const badValue = Object.entries(parameters).find(([, value]) => /[\n\0]/.test(value));
  if (badValue !== undefined) return busError('invalid-request', `the parameter ${badValue[0]} has a line break`);
  const limitMs = timeoutMs || defaultFencerTimeoutMs;
  if (limitMs > maxFencerTimeoutMs) return busError('invalid-request', 'a fencer may take an hour at most');
  const fencer = { command, parameters, timeoutMs: limitMs };
  return change(options, host, (before) => ({ ...before, fencer }), {
    done: `launcher host ${host} is fenced by ${program} (up to ${limitMs / 1000} s)`,
    already: `launcher host ${host} has this fencer already`,
    // Parameters may be passwords: they stay out of the event.
    event: { kind: 'host-fencer-set', reason: `launcher host ${host}: fencer ${program} given by ${by}` },
    warnings: isProgram(program)
      ? []
      : [`${program} cannot be run on this machine (yet): until it can be, fencing of ${host} fails`],
  });
}

interface Told {
  readonly done: string;
  readonly already: string;
  readonly event: Pick<EventDraft, 'kind' | 'reason'>;
  readonly warnings?: readonly string[];
}

/** Durable before it is told; then every DPE looks at once. */
async function change(
  { store, bus, onEvent }: HostServiceOptions,
  host: string,
  to: (before: HostFact) => HostFact,
  { done, already, event, warnings = [] }: Told,
): Promise<Answer> {
  const lastSeq = await store.latestEventSequence();
  const changed = await changeHost(store, host, to);
  if (changed.kind === 'refused') return busError('unavailable', changed.reason);
  const { isChanged } = changed;
  if (isChanged) {
    await store.appendEvents([{ time: Date.now(), deployable: '', ...event, evidence: { host } }]);
    onEvent();
    await pokeAll(store, bus);
  }
  return { kind: 'verbDone', value: { message: isChanged ? done : already, warnings, lastSeq, changed: isChanged } };
}

async function pokeAll(store: Store, bus: Bus): Promise<void> {
  await Promise.all((await listDeployables(store)).map(({ name }) => poke(bus, name)));
}

/**
 * A launcher that is heard is proof that its host lives: an older proof of death is over. Not so a beat that was on its
 * way when the host was fenced.
 */
async function noteBack({ store, bus, onEvent }: HostServiceOptions, host: string, at: number): Promise<void> {
  try {
    const { death } = await readHost(store, host);
    if (death === undefined || at <= death.at + hostSilentAfterMs) return;
    const changed = await recordHostBack(store, host, at);
    if (changed.kind !== 'stored' || !changed.isChanged) return;
    const reason = `launcher host ${host} is heard again`;
    await store.appendEvents([{ time: at, deployable: '', kind: 'host-back', reason, evidence: { host } }]);
    onEvent();
    await pokeAll(store, bus);
  } catch {
    // The next beat brings it here again; what ails the store is told to whoever asks something of it.
  }
}

async function unknownHost(
  { store, knownHosts }: HostServiceOptions,
  beats: HostBeats,
  host: string,
): Promise<BusError | undefined> {
  if (!isName(host)) return noName(host);
  const known = [...new Set([...knownHosts(), ...beats.hosts(), ...Object.keys(await readHosts(store))])].sort();
  if (known.includes(host)) return undefined;
  return busError('invalid-request', `no launcher host "${host}" was ever heard of; ${suggestNames(host, known)}`);
}

function noName(host: string): BusError {
  return busError('invalid-request', `${JSON.stringify(host.slice(0, 70))} is no name of a launcher host`);
}

function isProgram(program: string): boolean {
  const places = isAbsolute(program)
    ? [program]
    : (process.env.PATH ?? '').split(delimiter).map((at) => join(at, program));
  return places.some((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
