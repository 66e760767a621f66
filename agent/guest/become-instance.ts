import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type GuestAddresses, guestRunDirectory, guestStateDirectory } from '../../proto/guest-credentials.js';
import { renderInstanceId } from '../../proto/instance-id.js';
import { type AgentIdentity, readIdentity } from '../identity.js';
import type { Log } from '../log.js';
import { announceWaiting } from './announce-waiting.js';
import { awaitBasics } from './await-basics.js';
import { awaitIdentity } from './await-identity.js';
import { configureNetwork } from './configure-network.js';
import { configuredSource } from './configured-identity.js';
import { fwCfgSource } from './fw-cfg-source.js';
import { directorySource, type IdentitySource } from './identity-source.js';
import { keepGuest, keptIdentityName, removeOtherInstances } from './keep-guest.js';
import { type GuestConfiguration, type GuestDirectories, parseGuestFiles } from './parse-guest-files.js';
import { seedDiskSource } from './seed-disk.js';
import { setHostname } from './set-hostname.js';
import { type WakeUpOptions, wakeUp } from './wake-up.js';

export interface GuestOptions {
  /** How long to wait for an identity; Infinity: as long as it takes. */
  readonly deadlineMs: number;
  readonly log: Log;
  /** Of the process: CREDENTIALS_DIRECTORY, CPE_AGENT_AFTER. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Called when there is no identity yet, and it is waited for. */
  readonly onWaiting: () => void;
  readonly signal?: AbortSignal;
  readonly directories?: GuestDirectories;
  readonly sources?: readonly IdentitySource[];
  readonly machine?: GuestMachine;
}

/** What is done to the machine itself. */
export interface GuestMachine {
  /** See `announceWaiting`. */
  readonly announceWaiting: () => () => boolean;
  readonly wakeUp: (configuration: GuestConfiguration, options: WakeUpOptions) => Promise<void>;
  readonly configureNetwork: (addresses: GuestAddresses) => Promise<void>;
  readonly setHostname: (name: string) => Promise<void>;
}

const thisMachine: GuestMachine = { announceWaiting, wakeUp, configureNetwork, setHostname };

const guestDirectories: GuestDirectories = { run: guestRunDirectory, state: guestStateDirectory };

/**
 * Finds out which instance this guest is, and makes it that: its network, its name, its files below /run and /var/lib. An
 * agent that is started again in the same boot takes what the first one has found.
 *
 * Rejects when there is no identity in time, when what there is cannot be used, or when the guest could not be given its
 * address; another attempt begins from the beginning. A name that it could not be given is told and no more.
 */
export async function becomeInstance(options: GuestOptions): Promise<AgentIdentity> {
  const identity = await dressAsInstance(options);
  // None of the above needs them; what the agent is going to run may.
  await awaitBasics(options.environment.CPE_AGENT_AFTER, options.log);
  return identity;
}

async function dressAsInstance(options: GuestOptions): Promise<AgentIdentity> {
  const { directories = guestDirectories, machine = thisMachine, environment, log, onWaiting } = options;
  const kept = join(directories.run, keptIdentityName);
  if (existsSync(kept)) return readIdentity(kept);
  let stopAnnouncing: (() => boolean) | undefined;
  let mayBeRestored = false;
  const found = await awaitIdentity({
    ...options,
    sources: options.sources ?? identitySources(environment, directories),
    onWaiting() {
      onWaiting();
      stopAnnouncing = machine.announceWaiting();
    },
    onInVain: (message) => log('warn', message),
  }).finally(() => {
    mayBeRestored = stopAnnouncing?.() ?? false;
  });
  const tell = ({ instance }: AgentIdentity, origin: string): void =>
    log('info', 'identity found', {
      instance: renderInstanceId(instance),
      origin,
      waitedMs: Math.round(found.waitedMs),
    });

  if (found.kind === 'configured') {
    tell(found.identity, found.origin);
    return found.identity;
  }
  const parsed = parseGuestFiles(found.files, directories);
  if (parsed.kind === 'problems') throw new Error(`${found.origin}: ${parsed.problems.join('; ')}`);
  const { configuration } = parsed;
  tell(configuration.identity, found.origin);
  await machine.wakeUp(configuration, { mayBeRestored, log });
  await dress(configuration, machine, log);
  const others = removeOtherInstances(configuration.identity, directories);
  if (others.length > 0) log('warn', 'what other instances have left on this disk is removed', { others });
  keepGuest(configuration, directories);
  return configuration.identity;
}

/** The order in which they are believed: what was given to this boot before what may have come with a cloned disk. */
function identitySources(
  environment: GuestOptions['environment'],
  { state }: GuestDirectories,
): readonly IdentitySource[] {
  const { CREDENTIALS_DIRECTORY: own } = environment;
  return [
    ...(own === undefined ? [] : [directorySource('the credentials of this unit', own)]),
    directorySource('the credentials of this boot', '/run/credentials/@system'),
    fwCfgSource(),
    configuredSource(state),
    seedDiskSource(),
  ];
}

async function dress({ identity, network }: GuestConfiguration, machine: GuestMachine, log: Log): Promise<void> {
  if (network !== undefined) await machine.configureNetwork(network);
  if (identity.hostname === '') return;
  await machine
    .setHostname(identity.hostname)
    .catch((error: unknown) => log('error', 'the host name cannot be set', { reason: String(error) }));
}
