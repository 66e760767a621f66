export interface AddressChoice {
  /** All that the launcher host has for its instances, in order of use. */
  readonly addresses: readonly string[];
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
export function chooseAddress({ addresses, owner, remembered, taken }: AddressChoice): string | undefined {
  const last = remembered.get(owner);
  const free = addresses.filter((address) => !taken.has(address));
  if (last !== undefined && free.includes(last)) return last;
  const reserved = new Set(remembered.values());
  return free.find((address) => !reserved.has(address)) ?? free[0];
}
