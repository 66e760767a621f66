/** What the demo shows did not happen; the message says which and is all that a reader needs. */
export function demoFailure(message: string): Error {
  const error = new Error(message);
  error.name = 'DemoFailure';
  return error;
}

/** Resolves with the promise, or rejects when it takes too long or the demo is interrupted. */
export async function within<T>(
  promise: Promise<T>,
  limit: { readonly deadlineMs: number; readonly what: string; readonly interruption: AbortSignal },
): Promise<T> {
  const { deadlineMs, what, interruption } = limit;
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => {};
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(demoFailure(`${what}: not within ${deadlineMs / 1000} s`)), deadlineMs);
    onAbort = () => reject(interruption.reason);
    interruption.addEventListener('abort', onAbort);
  });
  try {
    interruption.throwIfAborted();
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(timer);
    interruption.removeEventListener('abort', onAbort);
  }
}
