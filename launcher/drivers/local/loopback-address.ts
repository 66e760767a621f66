import { createHash } from 'node:crypto';

/** Addresses 127.A.B.1 to 127.A.B.254. */
export interface LoopbackNetwork {
  readonly a: number;
  readonly b: number;
}

/** Networks of one launcher host: more than one only so that a host with hundreds of instances still has addresses. */
const NETWORKS_PER_LAUNCHER_HOST = 16;

/**
 * The loopback networks of a launcher host, in order of use. They follow from its home and name, so that launcher
 * hosts of one machine, also of different homes and users, keep apart without knowing of each other: two hosts meet
 * with a probability of 1 in 65,024. A is never 0, where systems keep addresses of their own (127.0.0.1, 127.0.0.53,
 * 127.0.1.1).
 */
export function loopbackNetworks(home: string, launcherHost: string): LoopbackNetwork[] {
  return Array.from({ length: NETWORKS_PER_LAUNCHER_HOST }, (_, index) => {
    const digest = createHash('sha256').update(`${home}\0${launcherHost}\0${index}`).digest();
    return { a: 1 + (digest.readUInt16BE(0) % 254), b: digest.readUInt8(2) };
  });
}

export interface AddressChoice {
  readonly networks: readonly LoopbackNetwork[];
  /** Deployable and assembly. */
  readonly owner: string;
  /** Owner to the address it had last. */
  readonly remembered: ReadonlyMap<string, string>;
  /** Addresses of instances that are not proven dead. */
  readonly taken: ReadonlySet<string>;
}

/**
 * Chooses the address of a new instance: the one its assembly had last, else one that no assembly remembers, else any
 * that is free. Returns undefined when every address is taken.
 */
export function chooseAddress(choice: AddressChoice): string | undefined {
  const last = choice.remembered.get(choice.owner);
  if (last !== undefined && !choice.taken.has(last)) return last;
  const reserved = new Set(choice.remembered.values());
  let free: string | undefined;
  for (const { a, b } of choice.networks) {
    for (let c = 1; c <= 254; c += 1) {
      const address = `127.${a}.${b}.${c}`;
      if (choice.taken.has(address)) continue;
      if (!reserved.has(address)) return address;
      free ??= address;
    }
  }
  return free;
}
