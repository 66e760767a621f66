import type { InstanceCondition } from '../../driver.js';
import type { Server } from './server.js';

/** What a server's record says of the guest. */
export type Assessment =
  | { readonly kind: 'alive'; readonly condition: InstanceCondition }
  | { readonly kind: 'dead'; readonly evidence: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * What Nova's record of a server says of its guest. Nova writes down what a host tells it, and goes on showing that when
 * the host is silent: ACTIVE is hearsay. Dead is only what a host has reported as shut down, and what Nova is not just
 * about to change. What hangs, what is paused and what Nova has given up is not dead.
 */
export function assessServer(server: Server): Assessment {
  const { status, task, hostStatus } = server;
  const name = `server ${server.id}`;
  // ACTIVE and every other state is that of the last report, then.
  if (hostStatus === 'DOWN' || hostStatus === 'UNKNOWN') {
    return { kind: 'unknown', reason: `the host of ${name} is ${hostStatus}; ${status} is what it was before` };
  }
  if (task === 'deleting' || task === 'soft-deleting' || task === 'powering-off') {
    return notAnswering(`${name}, ${status}, is being ended (${task})`);
  }
  const rule = RULES[status];
  return rule === undefined
    ? { kind: 'unknown', reason: `${name} has the status ${status}` }
    : rule({ ...server, name });
}

type Rule = (server: Server) => Assessment;

const working: Rule = () => ({ kind: 'alive', condition: { kind: 'working' } });
const stopped: Rule = ({ name, status }) => paused(`${name} is ${status}`);
const takenAway: Rule = ({ name, status }) => notAnswering(`${name} is ${status}: its guest does not run meanwhile`);

/** By status (nova/api/openstack/common.py, _STATE_MAP; nova/compute/vm_states.py). */
const RULES: Readonly<Record<string, Rule>> = {
  ACTIVE: assessActive,
  PASSWORD: working,
  REBOOT: working,
  HARD_REBOOT: working,
  MIGRATING: working,
  // It runs in its new size, until somebody confirms or takes it back.
  VERIFY_RESIZE: assessActive,
  PAUSED: stopped,
  // Its memory is on disk, and it can be resumed.
  SUSPENDED: stopped,
  RESIZE: takenAway,
  REVERT_RESIZE: takenAway,
  REBUILD: takenAway,
  // Another system runs in its place, with its disk.
  RESCUE: takenAway,
  SHUTOFF: assessShutDown,
  SHELVED: assessShutDown,
  SHELVED_OFFLOADED: assessOffloaded,
  SOFT_DELETED: assessShutDown,
  ERROR: ({ name, fault, power }) =>
    notAnswering(`${name} is in ERROR (power state ${power}): ${fault ?? 'no reason'}`),
  BUILD: ({ name }) => ({ kind: 'unknown', reason: `${name} is being built` }),
  DELETED: ({ name }) => ({ kind: 'unknown', reason: `${name} is DELETED; whether its host knows is not said` }),
  UNKNOWN: ({ name }) => ({ kind: 'unknown', reason: `Nova cannot tell of ${name}: its cell does not answer` }),
};

function assessActive(server: Server): Assessment {
  const { name, status, power, task } = server;
  switch (power) {
    case 'running':
      return { kind: 'alive', condition: { kind: 'working' } };
    case 'paused':
    case 'suspended':
      return paused(`${name} is ${status}, but its host says ${power}`);
    case 'crashed':
      return { kind: 'alive', condition: { kind: 'panicked', evidence: `the guest of ${name} has crashed` } };
    case 'shutdown':
    case 'none': {
      // Nova's next look at its host makes it SHUTOFF, or a task that is under way brings it back.
      const doing = task === undefined ? '' : ` (${task})`;
      return notAnswering(
        `${name} is ${status}${doing}, but its host says ${power === 'none' ? 'nothing' : 'shut down'}`,
      );
    }
  }
}

/** The host itself has reported that it is off, and nothing is under way that would change it. */
function assessShutDown({ name, status, power, task }: Server): Assessment {
  if (task !== undefined) return notAnswering(`${name} is ${status}, but Nova is not done with it (${task})`);
  return power === 'shutdown' || power === 'crashed'
    ? {
        kind: 'dead',
        evidence: `${name} is ${status}, and its host reports it ${power === 'crashed' ? 'crashed' : 'shut down'}`,
      }
    : notAnswering(`${name} is ${status}, but its host reports ${power}`);
}

/** No host has it any more. */
function assessOffloaded({ name, status, task }: Server): Assessment {
  return task === undefined
    ? { kind: 'dead', evidence: `${name} is ${status}: no host has it` }
    : notAnswering(`${name} is ${status}, but Nova is not done with it (${task})`);
}

function paused(evidence: string): Assessment {
  return { kind: 'alive', condition: { kind: 'paused', evidence } };
}

function notAnswering(evidence: string): Assessment {
  return { kind: 'alive', condition: { kind: 'not-answering', evidence } };
}
