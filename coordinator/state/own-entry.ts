/** Entry of a table keyed by names that users choose: `constructor` and `__proto__` are names like any other. */
export function ownEntry<T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
