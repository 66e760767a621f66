import { readFileSync } from 'node:fs';
import { type Authenticator, credsAuthenticator } from 'nats';

/**
 * Answers the server's challenge with a NATS .creds file that is read again at every connect: credentials are renewed
 * by replacing the file. While it cannot be read, or holds no credentials, the last good ones are used.
 *
 * @throws Error in the authenticator when there never were good ones: the connection attempt then fails.
 */
export function credentialsAuthenticator(file: string, onTrouble: (reason: string) => void): Authenticator {
  let lastGood: Uint8Array | undefined;
  return (nonce) => {
    try {
      const bytes = readFileSync(file);
      const auth = credsAuthenticator(bytes)(nonce);
      lastGood = bytes;
      return auth;
    } catch (error) {
      onTrouble(`credentials ${file}: ${error instanceof Error ? error.message : String(error)}`);
      if (lastGood === undefined) throw error;
      return credsAuthenticator(lastGood)(nonce);
    }
  };
}
