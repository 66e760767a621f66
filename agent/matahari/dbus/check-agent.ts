import { type Done, done, problem } from '../matahari.js';
import { quoted } from '../own/check-argument.js';
import { asNames, firstOf } from './bus-values.js';
import type { RemoteObject } from './remote-object.js';

/** systemd.unit(5), "String Escaping for Inclusion in Unit Names": what a unit's name may be made of. */
const unitForm = /^[A-Za-z0-9:_.\\@][A-Za-z0-9:_.\\@-]{0,254}$/;

/**
 * Lists of a service's standards, providers and agents, and whether an agent is among them: the service itself makes a path
 * of whatever it is given (resources_action_create in services.c).
 */
export function agentLists(remote: RemoteObject) {
  const listStandards = async () => firstOf(await remote.call('list_standards', []), asNames);
  const checkStandard = async (standard: string): Promise<Done<void>> => {
    const known = await listStandards();
    if (known.kind === 'problem') return known;
    if (known.value.includes(standard)) return done(undefined);
    const message = `standard ${quoted(standard)} is none of ${known.value.join(', ')}`;
    return problem('invalid-argument', message, 'standard');
  };
  const listProviders = async (standard: string): Promise<Done<readonly string[]>> => {
    const known = await checkStandard(standard);
    return known.kind === 'problem' ? known : firstOf(await remote.call('list_providers', [standard]), asNames);
  };
  const checkProvider = async (standard: string, provider: string): Promise<Done<void>> => {
    const providers = await listProviders(standard);
    if (providers.kind === 'problem') return providers;
    if (providers.value.includes(provider) || standard !== 'ocf') return done(undefined);
    return problem('not-found', `${standard} has no provider ${quoted(provider)}`, 'provider');
  };
  const list = async (standard: string, provider: string): Promise<Done<readonly string[]>> => {
    const known = await checkProvider(standard, provider);
    return known.kind === 'problem' ? known : firstOf(await remote.call('list', [standard, provider]), asNames);
  };
  const checkAgent = async (standard: string, provider: string, agent: string): Promise<Done<void>> => {
    if (standard === 'systemd') {
      // The list has only the units that are loaded (systemctl list-units): one that is stopped may be missing.
      const known = await checkStandard(standard);
      if (known.kind === 'problem' || unitForm.test(agent)) return known;
      return problem('invalid-argument', `agent ${quoted(agent)} is no name of a unit`, 'agent');
    }
    const agents = await list(standard, provider);
    if (agents.kind === 'problem') return agents;
    if (agents.value.includes(agent)) return done(undefined);
    return problem('not-found', `there is no agent ${quoted(agent)} of ${standard} ${provider}`.trimEnd(), 'agent');
  };
  return { listStandards, listProviders, list, checkAgent };
}
