/** Name, action and interval identify an operation of Resources. */
export function operationKey(name: string, action: string, intervalMs: number): string {
  return JSON.stringify([name, action, intervalMs]);
}
