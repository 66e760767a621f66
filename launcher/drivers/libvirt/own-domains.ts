import type { Found, Place } from '../platform.js';
import { type PidScope, type ProcessIdentity, proveProcess, readProcStat } from '../process-proof.js';
import { machineUuid } from '../qemu/machine.js';
import { createTurns } from '../turns.js';
import type { LibvirtAnswer, QemuProcess } from './assess-domain.js';
import { readDomainRecord, writeDomainRecord } from './domain-record.js';
import { type DomainTag, homeDigest, isSameTag, readTag } from './domain-tag.js';
import { findQemu } from './find-qemu.js';
import { type DomainRef, domainRef, getDomainState, getDomainXml, listDomains, NO_DOMAIN } from './libvirt-calls.js';
import type { LibvirtLink } from './libvirt-link.js';
import { ConnectionError } from './rpc-connection.js';
import { LibvirtError } from './rpc-message.js';
import { domainNamePrefix } from './start-domain.js';

/** One life of an instance: a transient domain has its UUID for as long as its QEMU runs, and no other one gets it. */
export interface DomainLife {
  readonly uuid: string;
}

/** What can be told of the domains of one launcher host, by libvirtd and by the kernel. */
export interface OwnDomains {
  uuidOf(place: Place): string;
  ask(uuid: string): Promise<LibvirtAnswer>;
  /** The QEMU of an instance, by its UUID; undefined when none can be seen. */
  findProcess(place: Place): Promise<ProcessIdentity | undefined>;
  /** Whether it runs; keeps in the instance's record which process that is. */
  lookAtProcess(place: Place): Promise<QemuProcess>;
  /** Keeps that an instance runs, as this process. */
  keep(place: Place, process: ProcessIdentity): Promise<void>;
  /** Keeps why an instance may run somewhere else, or returns what was kept before. */
  readMoved(place: Place, heard: string | undefined): Promise<string | undefined>;
  /**
   * The domain of an instance, undefined when libvirtd has none. Rejects when it cannot tell, and for a domain that has
   * our UUID without our tag: it is not ours to touch.
   */
  findOwn(place: Place): Promise<DomainRef | undefined>;
  findAll(): Promise<readonly Found<DomainLife>[]>;
}

export interface OwnDomainsOptions {
  readonly home: string;
  readonly launcherHost: string;
  readonly questions: LibvirtLink;
  readonly here: PidScope;
}

export function ownDomains({ home, launcherHost, questions, here }: OwnDomainsOptions): OwnDomains {
  /** Several may look at an instance at the same time, and find something new. */
  const records = createTurns();
  const uuidOf = (instance: string) => machineUuid(home, launcherHost, instance);
  const isOurs = (tag: DomainTag | undefined) => tag?.home === homeDigest(home) && tag.launcherHost === launcherHost;

  const readTagOf = async (domain: DomainRef) => {
    try {
      return { tag: readTag(await questions.call(getDomainXml, domain)) };
    } catch (error) {
      if (isNoDomain(error)) return undefined;
      throw error;
    }
  };

  const findOwn = async ({ record }: Place): Promise<DomainRef | undefined> => {
    const domain = domainRef(uuidOf(record.instance));
    const described = await readTagOf(domain);
    if (described === undefined) return undefined;
    const tag = { home: homeDigest(home), launcherHost, instance: record.instance };
    if (isSameTag(described.tag, tag)) return domain;
    throw new Error(`the domain with the UUID ${domain.uuid} does not say that it is ours`);
  };

  const lookAtProcess = async (place: Place): Promise<QemuProcess> => {
    const before = await readDomainRecord(place.directory);
    const state = before === undefined ? undefined : proveProcess(before.process, here);
    if (state?.kind === 'alive' && before !== undefined) return describeAlive(before.process);
    if (state?.kind === 'unknown') return { kind: 'unseen', reason: state.reason };
    // What has ended may have been brought back, by whoever has saved it.
    const uuid = uuidOf(place.record.instance);
    const found = await findQemu(uuid, here);
    if (found === undefined) {
      if (before === undefined) return { kind: 'unseen', reason: 'no QEMU with its UUID was ever seen' };
      return { kind: 'ended', evidence: describeEnd(before.process, here) };
    }
    // Where libvirtd knows it, it has to be ours; where it does not know it or does not answer, its UUID says so.
    if (before !== undefined) await findOwn(place).catch(unlessUnreachable);
    await writeDomainRecord(place.directory, { uuid, process: found, moved: before?.moved });
    return describeAlive(found);
  };

  return {
    uuidOf: ({ record }) => uuidOf(record.instance),
    ask: async (uuid) => {
      try {
        return { kind: 'state', ...(await questions.call(getDomainState, domainRef(uuid))) };
      } catch (error) {
        if (isNoDomain(error)) return { kind: 'no-such-domain' };
        return { kind: 'none', reason: error instanceof Error ? error.message : String(error) };
      }
    },
    findProcess: ({ record }) => findQemu(uuidOf(record.instance), here),
    keep: (place, process) =>
      records.take(place.directory, async () => {
        const uuid = uuidOf(place.record.instance);
        await writeDomainRecord(place.directory, { uuid, process, moved: undefined });
      }),
    readMoved: (place, heard) =>
      records.take(place.directory, async () => {
        const record = await readDomainRecord(place.directory);
        if (heard === undefined || record === undefined || record.moved !== undefined) return record?.moved;
        await writeDomainRecord(place.directory, { ...record, moved: heard });
        return heard;
      }),
    lookAtProcess: (place) => records.take(place.directory, () => lookAtProcess(place)),
    findOwn,
    findAll: async () => {
      const found: Found<DomainLife>[] = [];
      for (const domain of await questions.call(listDomains, undefined)) {
        if (!domain.name.startsWith(domainNamePrefix)) continue;
        const tag = (await readTagOf(domain))?.tag;
        if (tag === undefined || !isOurs(tag) || domain.uuid !== uuidOf(tag.instance)) continue;
        const state = domain.id < 0 ? 'defined, not running' : 'running';
        found.push({
          instance: tag.instance,
          life: { uuid: domain.uuid },
          what: `libvirt domain ${domain.name}, ${state}`,
        });
      }
      return found;
    },
  };
}

function unlessUnreachable(error: unknown): undefined {
  if (error instanceof ConnectionError) return undefined;
  throw error;
}

export function isNoDomain(error: unknown): boolean {
  return error instanceof LibvirtError && error.code === NO_DOMAIN;
}

function describeAlive({ pid }: ProcessIdentity): QemuProcess {
  return { kind: 'alive', pid, isStopped: /^[Tt]$/.test(readProcStat(pid)?.state ?? '') };
}

function describeEnd(process: ProcessIdentity, here: PidScope): string {
  return process.bootId === here.bootId
    ? `QEMU, pid ${process.pid}, is gone`
    : `QEMU, pid ${process.pid}, went with the boot that it belonged to`;
}
