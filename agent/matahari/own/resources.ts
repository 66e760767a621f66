import { join } from 'node:path';
import { findUnsafe } from '../../executors/environment.js';
import { type Done, done, type Invocation, problem, type ResourceOp, type ResourcesObject } from '../matahari.js';
import { checkWhole, type Objection, quoted } from './check-argument.js';
import type { OwnParts } from './own-options.js';
import { resourceCatalog } from './resource-catalog.js';
import { type ActionEnd, ResourceDesk } from './resource-desk.js';
import { runOcf, runService } from './run-invocation.js';
import { sequenceNumbers } from './sequence-numbers.js';
import { checkTimeout, effectiveTimeout, machineServices } from './services.js';

/** Of an action on a managed resource: those that only look. */
const lookingActions = ['monitor', 'status', 'meta-data', 'validate-all'];
const minIntervalMs = 100;
const maxIntervalMs = 2 ** 31 - 1;
const maxRc = 255;
const maxUserdataBytes = 16 * 1024;
const maxParameterBytes = 64 * 1024;

export type OwnResources = Omit<ResourcesObject, 'get' | 'onResourceOp'> & { close(): void };

/**
 * The Resources object: OCF agents by the executor that also runs managed ones, services by what manages them.
 *
 * @param tell hears every resource_op
 */
export function ownResources(parts: OwnParts, tell: (op: ResourceOp) => void): OwnResources {
  const { options } = parts;
  const services = machineServices(parts);
  const catalog = resourceCatalog(options, services);
  const desk = new ResourceDesk({
    run: runAction,
    sequence: sequenceNumbers(join(options.stateDirectory, 'sequence'), options.log),
    clock: options.clock,
    tell,
  });

  async function runAction(invocation: Invocation, signal: AbortSignal): Promise<ActionEnd> {
    try {
      if (invocation.standard === 'ocf') {
        const parameters = { ...ownParameters(invocation), ...invocation.parameters };
        return await runOcf(options.executor, { ...invocation, parameters }, signal);
      }
      const manager = await catalog.managerOf(invocation.standard, invocation.agent);
      return await runService(manager, invocation, signal);
    } catch (error) {
      return { kind: 'failed', reason: (error as Error).message };
    }
  }

  /** Of a managed resource, asked of its own agent: with others that one would look at something else. */
  const ownParameters = ({ name, standard, provider, agent }: Invocation): Invocation['parameters'] => {
    const known = options.definitionOf?.(name);
    const isItsOwn = known?.class === standard && known.provider === provider && known.type === agent;
    return isItsOwn ? known.parameters : {};
  };

  /** A resource has one master: what changes it is asked of its decider. */
  const checkMaster = ({ name, action }: Invocation): Objection => {
    if (!options.isManaged(name) || lookingActions.includes(action)) return undefined;
    const message = `${name} is managed by its deployable: ${action} it with \`cpectl resource\``;
    return problem('invalid-argument', message, 'name');
  };

  /** A managed resource has the name that it has. */
  const checkName = (name: string): Objection => (options.isManaged(name) ? undefined : checkNewName(name));

  return {
    listStandards: async () => done(catalog.standards()),
    listProviders: async (standard) => catalog.providers(standard.toLowerCase()),
    list: (standard, provider) => catalog.agents(standard.toLowerCase(), provider),
    describe: (standard, provider, agent) => catalog.describe(standard.toLowerCase(), provider, agent),
    async invoke(asked) {
      const invocation = { ...asked, standard: asked.standard.toLowerCase() };
      const { standard, provider, agent } = invocation;
      const objection =
        checkName(invocation.name) ??
        checkInvocation(invocation) ??
        checkMaster(invocation) ??
        (await catalog.check(standard, provider, agent));
      return objection ?? desk.invoke(invocation);
    },
    cancel: async (name, action, intervalMs, timeoutMs) =>
      checkName(name) ??
      checkAction(action) ??
      checkWhole('interval', intervalMs, 0, maxIntervalMs) ??
      checkTimeout(timeoutMs) ??
      desk.cancel(name, action, intervalMs, effectiveTimeout(timeoutMs)),
    async fail(name, rc): Promise<Done<void>> {
      const objection = checkName(name) ?? checkWhole('rc', rc, 1, maxRc);
      if (objection !== undefined) return objection;
      const isKnown = options.isManaged(name) ? options.failManaged(name, rc) : await desk.fail(name, rc);
      return isKnown ? done(undefined) : problem('not-found', `nothing is known of a resource ${quoted(name)}`, 'name');
    },
    close: () => desk.close(),
  };
}

function checkInvocation({ action, intervalMs, timeoutMs, expectedRc, ...more }: Invocation): Objection {
  return (
    checkAction(action) ??
    (intervalMs === 0 ? undefined : checkWhole('interval', intervalMs, minIntervalMs, maxIntervalMs)) ??
    checkTimeout(timeoutMs) ??
    checkWhole('expected-rc', expectedRc, 0, maxRc) ??
    checkUserdata(more.userdata) ??
    checkParameters(more.parameters)
  );
}

/** It stands in the environment of the resource agent and, encoded, in names of files. */
function checkNewName(name: string): Objection {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.:@+-]{0,119}$/.test(name)) return undefined;
  const allowed = 'letters, digits and _ . : @ + - (at most 120, a letter, a digit or _ first)';
  return problem('invalid-argument', `name ${quoted(name)} is not made of ${allowed}`, 'name');
}

function checkAction(action: string): Objection {
  if (/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(action)) return undefined;
  return problem('invalid-argument', `action ${quoted(action)} is no word of letters, digits, _ and -`, 'action');
}

function checkUserdata(userdata: string): Objection {
  if (Buffer.byteLength(userdata) <= maxUserdataBytes) return undefined;
  return problem('invalid-argument', `userdata has more than ${maxUserdataBytes} bytes`, 'userdata');
}

function checkParameters(parameters: Readonly<Record<string, string>>): Objection {
  const unsafe = findUnsafe(parameters);
  if (unsafe !== undefined) return problem('invalid-argument', `parameters: ${unsafe}`, 'parameters');
  const bytes = Object.entries(parameters).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('=')), 0);
  if (bytes <= maxParameterBytes) return undefined;
  return problem('invalid-argument', `parameters have more than ${maxParameterBytes} bytes`, 'parameters');
}
