import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isAgentName } from '../../executors/ocf-executor.js';
import { type Done, done, problem } from '../matahari.js';
import { checkWord, type Objection, quoted } from './check-argument.js';
import { isProgram } from './machine.js';
import type { OwnMatahariOptions } from './own-options.js';
import { readMetaData } from './read-meta-data.js';
import type { ServiceManager } from './service-manager.js';
import { checkService, type MachineServices } from './services.js';

/** Which resource agents there are on this machine. */
export interface ResourceCatalog {
  standards(): readonly string[];
  providers(standard: string): Done<readonly string[]>;
  agents(standard: string, provider: string): Promise<Done<readonly string[]>>;
  /** Why there is no such agent; undefined when there is. */
  check(standard: string, provider: string, agent: string): Promise<Objection>;
  /** What runs a service: of standard `service` its init script before its unit, as Pacemaker looks for them. */
  managerOf(standard: string, agent: string): Promise<ServiceManager>;
  /** Its meta-data. */
  describe(standard: string, provider: string, agent: string): Promise<Done<string>>;
}

/**
 * Standards are `ocf` (agents below OCF_ROOT/resource.d/PROVIDER), `lsb` (init scripts), `systemd` (units, where systemd
 * has booted the machine) and `service` (an init script or a unit, whichever there is).
 */
export function resourceCatalog(options: OwnMatahariOptions, services: MachineServices): ResourceCatalog {
  const root = join(options.ocfRoot, 'resource.d');

  const managerOf = async (standard: string, agent: string): Promise<ServiceManager> => {
    const units = services.units();
    if (units === undefined || standard === 'lsb') return services.scripts;
    const isScript = standard === 'service' && (await services.scripts.find(agent)) === undefined;
    return isScript ? services.scripts : units;
  };
  const checkAgent = async (standard: string, provider: string, agent: string): Promise<Objection> => {
    if (standard === 'ocf') return checkProvider(root, provider) ?? checkOcfAgent(root, provider, agent);
    const malformed = checkService(agent, 'agent');
    if (malformed !== undefined) return malformed;
    const found = await (await managerOf(standard, agent)).find(agent);
    if (found?.kind !== 'problem') return found;
    const { code, message, argument } = found.problem;
    return problem(code, message, argument === undefined ? undefined : 'agent');
  };
  const check = async (standard: string, provider: string, agent: string): Promise<Objection> =>
    checkWord('standard', standard, standards()) ?? checkAgent(standard, provider, agent);

  const standards = (): readonly string[] =>
    services.units() === undefined ? ['ocf', 'lsb', 'service'] : ['ocf', 'lsb', 'systemd', 'service'];

  return {
    standards,
    managerOf,
    providers: (standard) =>
      checkWord('standard', standard, standards()) ?? done(standard === 'ocf' ? listProviders(root) : []),
    async agents(standard, provider) {
      const objection = checkWord('standard', standard, standards());
      if (objection !== undefined) return objection;
      if (standard === 'ocf') return checkProvider(root, provider) ?? done(listAgents(root, provider));
      const lists = await Promise.all(managersOf(standard, services).map((manager) => manager.list()));
      const names = new Set<string>();
      for (const list of lists) {
        if (list.kind === 'problem') return list;
        for (const name of list.value) names.add(name);
      }
      return done([...names].sort());
    },
    check,
    async describe(standard, provider, agent) {
      const objection = await check(standard, provider, agent);
      if (objection !== undefined) return objection;
      if (standard === 'ocf') return readMetaData(options.ocfRoot, provider, agent);
      return (await managerOf(standard, agent)).describe(agent);
    },
  };
}

/** All that may have services of a standard. */
function managersOf(standard: string, { scripts, units }: MachineServices): readonly ServiceManager[] {
  const found = units();
  if (standard === 'lsb') return [scripts];
  const unitManagers = found === undefined ? [] : [found];
  return standard === 'systemd' ? unitManagers : [scripts, ...unitManagers];
}

function listProviders(root: string): readonly string[] {
  return listDirectory(root).filter((name) => listAgents(root, name).length > 0);
}

function listAgents(root: string, provider: string): readonly string[] {
  return listDirectory(join(root, provider)).filter((name) => isProgram(join(root, provider, name)));
}

function listDirectory(path: string): readonly string[] {
  try {
    return readdirSync(path).filter(isAgentName).sort();
  } catch {
    return [];
  }
}

function checkProvider(root: string, provider: string): Objection {
  if (!isAgentName(provider)) {
    const allowed = listProviders(root).join(', ') || 'none is installed';
    return problem('invalid-argument', `provider ${quoted(provider)} is no name of one: ${allowed}`, 'provider');
  }
  if (listProviders(root).includes(provider)) return undefined;
  return problem('not-found', `there is no provider ${quoted(provider)} in ${root}`, 'provider');
}

function checkOcfAgent(root: string, provider: string, agent: string): Objection {
  if (!isAgentName(agent)) {
    return problem('invalid-argument', `agent ${quoted(agent)} is no name of a resource agent`, 'agent');
  }
  const path = join(root, provider, agent);
  return isProgram(path) ? undefined : problem('not-found', `there is no resource agent ${path}`, 'agent');
}
