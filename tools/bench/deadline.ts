export interface Limit {
  readonly deadlineMs: number;
  /** What is waited for, for the message. */
  readonly what: string;
  readonly signal: AbortSignal;
}

/** Resolves with the promise; rejects when it takes too long or the bench is interrupted. */
export async function within<T>(promise: Promise<T>, { deadlineMs, what, signal }: Limit): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => {};
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${deadlineMs / 1000} s`)), deadlineMs);
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
