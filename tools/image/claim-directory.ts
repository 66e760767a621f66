import { realpath } from 'node:fs/promises';
import { claimHost, type HostClaim } from '../../launcher/host-claim.js';

export interface DirectoryClaimOptions {
  /** Told once, when another process has it. */
  readonly onWait: () => void;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/** The right to change something in a directory, of which one process of this machine has it at a time. */
export async function claimDirectory(
  directory: string,
  what: string,
  { onWait, signal }: DirectoryClaimOptions,
): Promise<HostClaim> {
  signal?.throwIfAborted();
  const claim = claimHost(await realpath(directory), what, onWait);
  if (signal === undefined) return claim;
  let stopListening = () => {};
  const aborted = new Promise<never>((_, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    stopListening = () => signal.removeEventListener('abort', abort);
  });
  try {
    return await Promise.race([claim, aborted]);
  } catch (error) {
    // It may still come.
    claim.then(
      (late) => late.release(),
      () => {},
    );
    throw error;
  } finally {
    stopListening();
  }
}
