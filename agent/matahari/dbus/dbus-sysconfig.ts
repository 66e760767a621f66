import type { MessageBus } from '../../dbus/message-bus.js';
import { type Done, done, type Matahari, problem, type SysconfigObject } from '../matahari.js';
import { checkWhole, checkWord, type Objection, quoted } from '../own/check-argument.js';
import { type BusRefusal, refusalProblem } from './bus-refusal.js';
import { asText, firstOf, readObjectProperties, toNumber } from './bus-values.js';
import { remoteObject } from './remote-object.js';

const schemes = ['puppet', 'augeas', 'script'] as const;
const largest = 2 ** 32 - 1;
/** MH_SYSCONFIG_FLAG_FORCE in sysconfig.h. */
const again = 1;
/** A key as check_key_sanity in sysconfig.c has it, which makes a file's name of it. */
const keyForm = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}$/;
/** What the service answers for a key, and for a query, that it has nothing for. */
const nothing = 'unknown';
/** The service has no limit; a configuration run installs packages. */
const runMs = 3_600_000;

/**
 * Sysconfig of Matahari's service on the system bus. The service does not keep is_postboot_configured (sysconfig-dbus.c), and
 * `script` is no scheme of Matahari's: both are the fallback's, where there is one.
 */
export function dbusSysconfig(bus: MessageBus, fallback?: () => Promise<Matahari>): SysconfigObject {
  const remote = remoteObject(bus, 'Sysconfig');
  let configured = 0;

  /** What the service does not keep. */
  const readKept = async (): Promise<Done<number>> => {
    if (fallback === undefined) return done(configured);
    const state = await (await fallback()).sysconfig.get();
    return state.kind === 'problem' ? state : done(state.value.isPostbootConfigured);
  };
  const keep = async (value: number): Promise<Done<void>> => {
    configured = value;
    return fallback === undefined ? done(undefined) : (await fallback()).sysconfig.setPostbootConfigured(value);
  };
  const readRemote = async (): Promise<Done<number>> => {
    const all = await remote.properties();
    return all.kind === 'refused' ? refusalProblem(all) : done(toNumber(all.values.is_postboot_configured));
  };
  const readStatus = async (key: string): Promise<Done<string>> => {
    const status = firstOf(await remote.call('is_configured', [key]), asText, 'key');
    if (status.kind === 'problem' || (status.value !== nothing && status.value !== '')) return status;
    if (fallback !== undefined) return (await fallback()).sysconfig.isConfigured(key);
    return problem('not-found', `nothing was run with the key ${quoted(key)}`, 'key');
  };
  const run = async (member: 'run_uri' | 'run_string', what: string, flags: number, asked: string, key: string) => {
    const scheme = asked.toLowerCase();
    const objection = checkKey(key) ?? checkWord('scheme', scheme, schemes) ?? checkWhole('flags', flags, 0, largest);
    if (objection !== undefined) return objection;
    const known = await readStatus(key);
    if (known.kind === 'done' && (flags & again) === 0) return known;
    if (known.kind === 'problem' && known.problem.code !== 'not-found') return known;
    if (scheme === 'script' && fallback !== undefined) {
      const { sysconfig } = await fallback();
      return member === 'run_uri'
        ? sysconfig.runUri(what, flags, scheme, key)
        : sysconfig.runString(what, flags, scheme, key);
    }
    const outcome = await remote.call(member, [what, flags, scheme, key], runMs);
    if (outcome.kind === 'refused') return runProblem(outcome, scheme);
    const status = firstOf(outcome, asText);
    if (status.kind === 'problem' || status.value !== '') return status;
    return problem('failed', `Matahari's service kept no result of the key ${quoted(key)}`);
  };
  return {
    async get() {
      const known = await readObjectProperties(remote);
      if (known.kind === 'problem') return known;
      const remembered = await readRemote();
      if (remembered.kind === 'problem') return remembered;
      const kept = remembered.value === 0 ? await readKept() : remembered;
      return kept.kind === 'problem' ? kept : done({ ...known.value, isPostbootConfigured: kept.value });
    },
    async setPostbootConfigured(value) {
      const objection = checkWhole('is_postboot_configured', value, 0, largest);
      if (objection !== undefined) return objection;
      const set = await remote.setProperty('is_postboot_configured', value);
      if (set.kind === 'refused' && set.reason !== 'not-implemented') {
        return refusalProblem(set, 'is_postboot_configured');
      }
      const remembered = await readRemote();
      if (remembered.kind === 'problem') return remembered;
      return keep(remembered.value === value ? 0 : value);
    },
    async runUri(uri, flags, scheme, key) {
      const objection = checkKey(key);
      if (objection !== undefined) return objection;
      if (schemes.some((known) => known === scheme.toLowerCase()) && !URL.canParse(uri)) {
        return problem('invalid-argument', `uri ${quoted(uri)} is no URI`, 'uri');
      }
      return run('run_uri', uri, flags, scheme, key);
    },
    runString: (text, flags, scheme, key) => run('run_string', text, flags, scheme, key),
    async query(text, flags, asked) {
      const scheme = asked.toLowerCase();
      const objection = checkWord('scheme', scheme, ['augeas']) ?? checkWhole('flags', flags, 0, largest);
      if (objection !== undefined) return objection;
      const data = firstOf(await remote.call('query', [text, flags, scheme]), asText, 'text');
      if (data.kind === 'problem' || data.value !== nothing) return data;
      return problem('not-found', `augeas has nothing at ${quoted(text)}, or is not installed`, 'text');
    },
    async isConfigured(key) {
      return checkKey(key) ?? readStatus(key);
    },
  };
}

function checkKey(key: string): Objection {
  if (keyForm.test(key)) return undefined;
  const allowed = 'letters, digits, dots, dashes and underscores (at most 255, no dot first)';
  return problem('invalid-argument', `key ${quoted(key)} is not made of ${allowed}`, 'key');
}

/** A service without augeas says that it is not implemented, one that finds no puppet that its backend has an error. */
function runProblem(refusal: BusRefusal, scheme: string): Done<never> {
  const isMissing = refusal.reason === 'not-implemented' || (refusal.reason === 'backend' && scheme === 'puppet');
  return isMissing ? problem('not-installed', `no ${scheme}: ${refusal.message}`) : refusalProblem(refusal, 'scheme');
}
