import { join } from 'node:path';
import { guestStateDirectory } from '../../../proto/guest-credentials.js';
import type { InstanceSpec } from '../../driver.js';
import { releaseImage } from '../../images/image-users.js';
import type { CompleteIdentity, Place, Platform } from '../platform.js';
import { signalProcess } from '../process-life.js';
import { proveProcess, readPidScope } from '../process-proof.js';
import { boundFile } from '../qemu/guest-directory.js';
import { assessDomain } from './assess-domain.js';
import { readDomainRecord, readGuestRecord, writeGuestRecord } from './domain-record.js';
import type { Departure } from './domain-state.js';
import { createDomainWatches } from './domain-watches.js';
import { destroyDomain, getNodeInfo, resetDomain, shutDownDomain } from './libvirt-calls.js';
import { type LibvirtLink, openLibvirtLink } from './libvirt-link.js';
import type { LibvirtAddress } from './libvirt-uri.js';
import { type DomainLife, isNoDomain, ownDomains } from './own-domains.js';
import { consoleFile, olderConsole, readConsole, removeDomainFiles } from './prepare-domain.js';
import { ConnectionError } from './rpc-connection.js';
import { settleDomain } from './settle-domain.js';
import { type StartSettings, startDomain } from './start-domain.js';

export interface LibvirtPlatformOptions extends Omit<StartSettings, 'orders' | 'domains'> {
  readonly address: LibvirtAddress;
  /** libvirtd has begun or ceased to answer (undefined: it answers). */
  readonly onLink: (reason: string | undefined) => void;
  /** Kept for the launcher host itself. */
  readonly reservedMemoryMiB: number;
}

/** libvirt gives QEMU 10 s to end by SIGTERM, where it does not do so at once, and then as long by SIGKILL. */
const DESTROY_DEADLINE_MS = 25_000;
const ORDER_DEADLINE_MS = 10_000;
const ASK_AGAIN_MS = 2_000;
const LAST_WORDS_BYTES = 4 * 1024;
const QUOTED_LENGTH = 200;
const KIB_PER_MIB = 1024;
const BYTES_PER_MIB = 1024 * 1024;
/** Above what virtlogd lets a console grow to by default, where libvirtd has one. */
const CONSOLE_LIMITS = { limitBytes: 4 * BYTES_PER_MIB, keptBytes: BYTES_PER_MIB };
/** VIR_DOMAIN_PAUSED and VIR_DOMAIN_PMSUSPENDED of virDomainState. */
const STOPPED_STATES = [3, 7];

/** The platform on which an instance is a transient domain of a libvirtd on this machine. */
export function libvirtPlatform(options: LibvirtPlatformOptions): Platform<DomainLife> {
  const { home, launcherHost, network, address } = options;
  const here = readPidScope();
  const watches = createDomainWatches();
  const onChange = (reason: string | undefined) => {
    options.onLink(reason);
    watches.onChange();
  };
  // Two: libvirtd reads no further from a client that has a few long calls under way (max_client_requests).
  const questions = openLibvirtLink({ address, onEvent: watches.onEvent, onChange });
  const orders = openLibvirtLink({ address, onEvent: undefined, onChange: () => {} });
  let capacity: Capacity | undefined;
  const domains = ownDomains({ home, launcherHost, questions, here });

  const identityOf = ({ identity }: InstanceSpec, { record }: Place): CompleteIdentity => ({
    ...identity,
    busServers: network.busServers(identity.busServers),
    address: record.address,
    hostname: record.hostname,
    stateDirectory: guestStateDirectory,
  });
  const findForOrder = async (place: Place) => {
    const domain = await domains.findOwn(place);
    if (domain === undefined) throw new Error('libvirtd has no such domain');
    return domain;
  };
  /** What we have heard ourselves, or a launcherd before this one. */
  const readDeparture = async (uuid: string, place: Place): Promise<Departure | undefined> => {
    const heard = watches.departureOf(uuid);
    const reason = await domains.readMoved(place, heard?.kind === 'moved' ? heard.reason : undefined);
    return heard ?? (reason === undefined ? undefined : { kind: 'moved', reason });
  };

  return {
    outlivesMachine: false,
    addresses: network.addresses,
    completeIdentity: identityOf,
    start: (spec, place) => startDomain({ ...options, domains, orders }, spec, identityOf(spec, place), place),
    settle: (place) => settleDomain({ domains, orders }, place),
    async examine({ uuid }, place) {
      const answer = await domains.ask(uuid);
      const qemu = await domains.lookAtProcess(place);
      const examined = assessDomain(answer, qemu, await readDeparture(uuid, place));
      if (examined.kind === 'alive') return { ...examined, agentPid: undefined };
      return examined.kind === 'dead'
        ? { kind: 'dead', evidence: await withLastWords(examined.evidence, place) }
        : examined;
    },
    watch: ({ uuid }, place, onHint) => watches.watch(uuid, onHint, () => void boundConsole(place)),
    async askToEnd({ uuid }, place) {
      const domain = await findForOrder(place);
      const answer = await domains.ask(uuid);
      // Continued for this, it would go on with whatever it was about to do when it was stopped, however long ago.
      if (answer.kind === 'state' && STOPPED_STATES.includes(answer.state)) {
        throw new Error('it cannot be asked: its processors are stopped');
      }
      const ask = () => orders.call(shutDownDomain, domain, ORDER_DEADLINE_MS);
      await ask();
      // Nobody has pressed the button for a guest that has not come so far yet as to look at it.
      watches.repeat(uuid, ASK_AGAIN_MS, () => void ask().catch(() => undefined));
    },
    async kill(_, place) {
      try {
        const domain = await domains.findOwn(place);
        if (domain !== undefined) return await orders.call(destroyDomain, domain, DESTROY_DEADLINE_MS);
      } catch (error) {
        if (!isNoDomain(error) && !(error instanceof ConnectionError)) throw error;
      }
      // libvirtd does not know it, or does not answer. What runs is ours by its UUID, and can be ended without libvirtd.
      await domains.lookAtProcess(place);
      const process = (await readDomainRecord(place.directory))?.process;
      if (process !== undefined && proveProcess(process, here).kind === 'alive') signalProcess(process, 'SIGKILL');
    },
    reboot: async (_, place) => orders.call(resetDomain, await findForOrder(place), ORDER_DEADLINE_MS),
    async cleanUp({ directory, record: { instance } }) {
      const guest = await readGuestRecord(directory);
      if (guest === undefined) return;
      await removeDomainFiles(guest.directory, directory);
      if (guest.imageDirectory !== undefined) {
        await releaseImage({ directory: guest.imageDirectory }, { launcherHost, instance });
      }
    },
    async consoleLog({ directory }, maxBytes) {
      return readConsole((await readGuestRecord(directory))?.directory, directory, maxBytes);
    },
    findAll: domains.findAll,
    async adopt({ life }, place) {
      const process = await domains.findProcess(place);
      if (process === undefined) throw new Error('it does not run');
      const files = join(options.guestsDirectory, life.uuid);
      await writeGuestRecord(place.directory, { directory: files, imageDirectory: undefined });
      await domains.keep(place, process);
    },
    async capacity() {
      // What a machine has stays while its libvirtd is down.
      capacity = (await readCapacity(questions, options.reservedMemoryMiB).catch(() => undefined)) ?? capacity;
      return capacity;
    },
    async close() {
      watches.close();
      questions.close();
      orders.close();
      await network.close();
    },
  };
}

interface Capacity {
  readonly cpus: number;
  readonly memoryMiB: number;
}

async function readCapacity(questions: LibvirtLink, reservedMemoryMiB: number): Promise<Capacity> {
  const { memoryKiB, cpus } = await questions.call(getNodeInfo, undefined);
  return { cpus, memoryMiB: Math.max(0, Math.floor(Number(memoryKiB) / KIB_PER_MIB) - reservedMemoryMiB) };
}

/** What a kernel has said when it gave up; libvirt does not tell, and perhaps nobody has listened. */
async function withLastWords(evidence: string, { directory }: Place): Promise<string> {
  const guest = await readGuestRecord(directory).catch(() => undefined);
  const text = await readConsole(guest?.directory, directory, LAST_WORDS_BYTES).catch(() => '');
  const line = text.split(/[\r\n]+/).findLast((candidate) => /kernel panic/i.test(candidate));
  if (line === undefined) return evidence;
  const words = line.replaceAll(/\p{Cc}/gu, ' ').trim();
  return `${evidence}; on its console: "${words.slice(0, QUOTED_LENGTH)}"`;
}

async function boundConsole({ directory }: Place): Promise<void> {
  // Looked at again in a moment. Whoever has put something else in its place has broken out, and is left to the disk.
  const guest = await readGuestRecord(directory).catch(() => undefined);
  if (guest === undefined) return;
  await boundFile(consoleFile(guest.directory), olderConsole(guest.directory), CONSOLE_LIMITS).catch(() => undefined);
}
