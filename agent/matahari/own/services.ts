import { isBootedBySystemd } from '../../systemd/is-booted.js';
import { type Done, problem, type ServicesObject } from '../matahari.js';
import { checkWhole, type Objection, quoted } from './check-argument.js';
import { initScripts } from './init-scripts.js';
import type { OwnParts } from './own-options.js';
import type { ServiceAction, ServiceManager } from './service-manager.js';
import { systemdServices } from './systemd-services.js';
import { turns } from './turns.js';

/** For a timeout of 0, as Matahari takes one that is left out. */
export const defaultTimeoutMs = 60_000;
/** What a timer of Node can wait. */
const maxTimerMs = 2 ** 31 - 1;
const maxWaiting = 16;

/** The Services object: through systemd where it has booted the machine, else by init scripts. */
export function ownServices(parts: OwnParts): ServicesObject {
  const { scripts, units } = machineServices(parts);
  const manager = (): ServiceManager => units() ?? scripts;
  const waiting = turns(maxWaiting);

  /** One at a time per service: what comes meanwhile would see half of it. */
  const inTurn = async <T>(name: string, work: () => Promise<Done<T>>): Promise<Done<T>> => {
    const objection = checkService(name);
    if (objection !== undefined) return objection;
    const guarded = () => work().catch((error) => problem('failed', `service ${name}: ${(error as Error).message}`));
    return waiting.take(name, guarded) ?? problem('unavailable', `too much is asked of service ${name} at once`);
  };
  const run = async (name: string, action: ServiceAction, timeoutMs: number): Promise<Done<number>> =>
    checkTimeout(timeoutMs) ??
    inTurn(name, () => manager().run(name, action, { timeoutMs: effectiveTimeout(timeoutMs) }));

  return {
    get: parts.properties,
    list: () => manager().list(),
    enable: (name) => inTurn(name, () => manager().enable(name)),
    disable: (name) => inTurn(name, () => manager().disable(name)),
    start: (name, timeoutMs) => run(name, 'start', timeoutMs),
    stop: (name, timeoutMs) => run(name, 'stop', timeoutMs),
    status: (name, timeoutMs) => run(name, 'status', timeoutMs),
    describe: (name) => inTurn(name, () => manager().describe(name)),
  };
}

export interface MachineServices {
  readonly scripts: ServiceManager;
  /** Undefined where systemd has not booted what the agent lives in. */
  units(): ServiceManager | undefined;
}

export function machineServices({ options, machine }: OwnParts): MachineServices {
  const units = systemdServices({ machine, initScripts: options.initScripts, systemd: options.systemd });
  return {
    scripts: initScripts(machine, options.initScripts),
    units: () => (isBootedBySystemd(machine.path('/')) ? units : undefined),
  };
}

/** Names of services: one path component, and a name of a unit. */
export function checkService(name: string, argument = 'name'): Objection {
  if (/^[A-Za-z0-9_][A-Za-z0-9:_.\\@+-]{0,200}$/.test(name)) return undefined;
  const allowed = 'letters, digits and : _ . \\ @ + - (at most 200, a letter, a digit or _ first)';
  return problem('invalid-argument', `${argument} ${quoted(name)} is no name of a service: ${allowed}`, argument);
}

/** Milliseconds, as a uint32 has them. */
export function checkTimeout(timeoutMs: number): Objection {
  return checkWhole('timeout', timeoutMs, 0, 2 ** 32 - 1);
}

/** How long is really waited. */
export function effectiveTimeout(timeoutMs: number): number {
  return timeoutMs === 0 ? defaultTimeoutMs : Math.min(timeoutMs, maxTimerMs);
}
