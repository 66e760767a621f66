/**
 * The calls of libvirt's remote program that we make, with their numbers and types (libvirt, src/remote/
 * remote_protocol.x). Numbers and types never change there: an old client must be able to talk to any later libvirtd.
 */
import type { XdrReader, XdrWriter } from './xdr.js';

export interface Call<A, R> {
  readonly name: string;
  readonly number: number;
  encode(writer: XdrWriter, args: A): void;
  decode(reader: XdrReader): R;
}

/** remote_nonnull_domain. libvirtd goes by the UUID alone. */
export interface DomainRef {
  readonly name: string;
  /** With dashes, in small letters. */
  readonly uuid: string;
  /** Negative for one that does not run. */
  readonly id: number;
}

export interface LifecycleEvent {
  readonly domain: DomainRef;
  /** virDomainEventType, and what details it, by the type. */
  readonly event: number;
  readonly detail: number;
}

/** virErrorNumber: there is no such domain. */
export const NO_DOMAIN = 42;
/** VIR_DOMAIN_EVENT_ID_LIFECYCLE */
const LIFECYCLE = 0;
/** VIR_DOMAIN_START_PAUSED */
const START_PAUSED = 1;
/** More domains than libvirt itself would list (REMOTE_DOMAIN_LIST_MAX). */
const DOMAIN_LIMIT = 16_384;
const AUTH_LIMIT = 20;
const UUID_BYTES = 16;
const MODEL_BYTES = 32;

const nothing = { encode: () => {}, decode: () => undefined };

/** The kinds of authentication that are asked for (virNetServerServiceAuthMethods): 0 none, 1 SASL, 2 polkit. */
export const authList: Call<undefined, readonly number[]> = {
  ...nothing,
  name: 'auth list',
  number: 66,
  decode: (reader) => reader.array(AUTH_LIMIT, reader.uint32),
};

export const authPolkit: Call<undefined, undefined> = { ...nothing, name: 'auth polkit', number: 70 };

/** For the whole of the connection: which driver, `qemu:///system`. */
export const connectOpen: Call<{ readonly uri: string }, undefined> = {
  ...nothing,
  name: 'open',
  number: 1,
  encode: (writer, { uri }) => {
    writer.optional(uri, writer.string);
    writer.uint32(0);
  },
};

/** Cheap, needs no privileges, takes no locks: whether libvirtd answers at all. */
export const getLibraryVersion: Call<undefined, bigint> = {
  ...nothing,
  name: 'library version',
  number: 157,
  decode: (reader) => reader.uint64(),
};

export const getCapabilities: Call<undefined, string> = {
  ...nothing,
  name: 'capabilities',
  number: 7,
  decode: (reader) => reader.string(),
};

export const getNodeInfo: Call<undefined, { readonly memoryKiB: bigint; readonly cpus: number }> = {
  ...nothing,
  name: 'node info',
  number: 6,
  decode: (reader) => {
    // `char model[32]` is an array of numbers on the wire.
    for (let skipped = 0; skipped < MODEL_BYTES; skipped += 1) reader.int32();
    return { memoryKiB: reader.uint64(), cpus: reader.int32() };
  },
};

/** Starts a transient domain, whose processors wait for `resumeDomain`. */
export const createDomain: Call<{ readonly xml: string }, DomainRef> = {
  name: 'create domain',
  number: 10,
  encode: (writer, { xml }) => {
    writer.string(xml);
    writer.uint32(START_PAUSED);
  },
  decode: readDomain,
};

export const lookUpDomain: Call<{ readonly uuid: string }, DomainRef> = {
  name: 'look up domain',
  number: 24,
  encode: (writer, { uuid }) => writer.bytes(bytesOfUuid(uuid)),
  decode: readDomain,
};

export const getDomainXml: Call<DomainRef, string> = {
  name: 'describe domain',
  number: 14,
  encode: writeDomainAndFlags,
  decode: (reader) => reader.string(),
};

/** virDomainState, and what details it, by the state. Waits for no other call on the domain. */
export const getDomainState: Call<DomainRef, { readonly state: number; readonly reason: number }> = {
  name: 'domain state',
  number: 212,
  encode: writeDomainAndFlags,
  decode: (reader) => ({ state: reader.int32(), reason: reader.int32() }),
};

export const resumeDomain: Call<DomainRef, undefined> = {
  ...nothing,
  name: 'resume domain',
  number: 28,
  encode: writeDomain,
};

/** Presses its power button, by whatever means it has. */
export const shutDownDomain: Call<DomainRef, undefined> = {
  ...nothing,
  name: 'shut down domain',
  number: 258,
  encode: writeDomainAndFlags,
};

/** SIGTERM to its QEMU, and SIGKILL where that does not help. */
export const destroyDomain: Call<DomainRef, undefined> = {
  ...nothing,
  name: 'destroy domain',
  number: 234,
  encode: writeDomainAndFlags,
};

export const resetDomain: Call<DomainRef, undefined> = {
  ...nothing,
  name: 'reset domain',
  number: 245,
  encode: writeDomainAndFlags,
};

/** Running or not. */
export const listDomains: Call<undefined, readonly DomainRef[]> = {
  name: 'list domains',
  number: 273,
  encode: (writer) => {
    writer.int32(1);
    writer.uint32(0);
  },
  decode: (reader) => reader.array(DOMAIN_LIMIT, () => readDomain(reader)),
};

/** From then on libvirtd sends `lifecycleEvent` for every domain. */
export const subscribeToLifecycle: Call<undefined, number> = {
  name: 'subscribe to events',
  number: 316,
  encode: (writer) => {
    writer.int32(LIFECYCLE);
    writer.optional(undefined, () => {});
  },
  decode: (reader) => reader.int32(),
};

/** What comes without a call. */
export const lifecycleEvent = {
  number: 318,
  decode: (reader: XdrReader): LifecycleEvent => {
    reader.int32();
    return { domain: readDomain(reader), event: reader.int32(), detail: reader.int32() };
  },
} as const;

/** For calls about a domain of which nothing but the UUID is known. */
export function domainRef(uuid: string): DomainRef {
  return { name: '', uuid, id: -1 };
}

function writeDomain(writer: XdrWriter, { name, uuid, id }: DomainRef): void {
  writer.string(name);
  writer.bytes(bytesOfUuid(uuid));
  writer.int32(id);
}

function writeDomainAndFlags(writer: XdrWriter, domain: DomainRef): void {
  writeDomain(writer, domain);
  writer.uint32(0);
}

function readDomain(reader: XdrReader): DomainRef {
  const name = reader.string();
  const hex = reader.bytes(UUID_BYTES).toString('hex');
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  return { name, uuid, id: reader.int32() };
}

function bytesOfUuid(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}
