import { join } from 'node:path';
import type { AgentIdentity, InstanceSpec } from '../../driver.js';
import type { Place, Platform } from '../platform.js';
import { examineProcess, settleProcess, signalProcess, startProcess, watchProcess } from '../process-life.js';
import { type ProcessIdentity, readPidScope } from '../process-proof.js';
import { findAgentPid } from './agent-process.js';
import { removeInstanceCgroup } from './instance-cgroup.js';
import { loopbackAddresses } from './loopback-address.js';

export interface LocalPlatformOptions {
  /** A real path: addresses follow from it. */
  readonly home: string;
  readonly launcherHost: string;
  /** Path of cpe-instance-init. */
  readonly initBinary: string;
  /** The agent's program and arguments; `--identity FILE` is appended. */
  readonly agentCommand: readonly string[];
  /** The whole environment of agents. */
  readonly environment: Readonly<Record<string, string>>;
  /** How long a start may take until the agent is being started; default 15 s. */
  readonly startDeadlineMs?: number;
}

const START_DEADLINE_MS = 15_000;

/**
 * The platform of design section 6: an instance is a PID namespace of this machine (a user namespace too without root)
 * in which the agent runs, with its own state directory and its own loopback address. It shares everything else with the
 * machine: it is for one machine, demos and tests.
 */
export function localPlatform(options: LocalPlatformOptions): Platform<ProcessIdentity> {
  const { home, launcherHost, initBinary, agentCommand, environment } = options;
  const here = readPidScope();
  return {
    outlivesMachine: false,
    addresses: loopbackAddresses(home, launcherHost),
    completeIdentity: ({ identity }: InstanceSpec, { record, directory }: Place) => ({
      ...(identity satisfies AgentIdentity),
      address: record.address,
      hostname: record.hostname,
      stateDirectory: directory,
    }),
    start: (_, place) =>
      startProcess(
        {
          initBinary,
          mode: 'agent',
          command: [...agentCommand, '--identity', join(place.directory, 'identity.json')],
          environment,
          deadlineMs: options.startDeadlineMs ?? START_DEADLINE_MS,
        },
        place,
      ),
    settle: settleProcess,
    async examine(life, place) {
      const state = examineProcess(life, place, here);
      if (state.kind !== 'alive') return state;
      const agentPid = findAgentPid(place.directory, life.pid);
      return { kind: 'alive', pid: life.pid, agentPid, condition: { kind: 'working' } };
    },
    watch: (_, place, onHint) => watchProcess(place, onHint),
    askToEnd: async (life) => signalProcess(life, 'SIGTERM'),
    kill: async (life) => signalProcess(life, 'SIGKILL'),
    async cleanUp({ directory, record }) {
      if (!(await removeInstanceCgroup(directory, record.instance))) throw new Error('its cgroups are still there');
    },
    close: async () => undefined,
  };
}
