/** Why a bake could not be finished, for the person who asked for it. Thrown by the steps, caught by `bakeImage` alone. */
export interface BakeFailure extends Error {
  readonly name: 'BakeFailure';
  /** What to do now; empty where the message says it. */
  readonly next: string;
}

export function bakeFailure(message: string, next = ''): BakeFailure {
  return Object.assign(new Error(message), { name: 'BakeFailure' as const, next });
}

export function isBakeFailure(error: unknown): error is BakeFailure {
  return error instanceof Error && error.name === 'BakeFailure';
}
