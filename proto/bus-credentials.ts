import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Authenticator } from 'nats';
import { readAuthorities } from './bus-tls.js';

/** What a NATS .creds file of ours lets its holder show, and expect, at one connect. */
export interface BusCredentials {
  readonly authenticator: Authenticator;
  /** PEM certificates of the authorities by which the bus is known; empty: it is one without TLS. */
  readonly authorities: string;
}

/**
 * Reads the file again for every connect: credentials are renewed by replacing it. While it cannot be read, or holds no
 * credentials, the last good ones are used.
 *
 * The client library could answer the server's challenge, in JavaScript at 20 ms a signature; with Node's own Ed25519 it
 * is 0.1 ms, which counts when all agents of a machine reconnect at once.
 *
 * The function throws when there never were good ones.
 */
export function credentialsReader(file: string, onTrouble: (reason: string) => void): () => BusCredentials {
  let lastGood: BusCredentials | undefined;
  return () => {
    try {
      lastGood = readBusCredentials(readFileSync(file, 'utf8'));
    } catch (error) {
      const reason = `credentials ${file}: ${error instanceof Error ? error.message : String(error)}`;
      if (lastGood === undefined) throw new Error(reason, { cause: error });
      onTrouble(reason);
    }
    return lastGood;
  };
}

/** The same of a file's content. Throws when it holds no credentials. */
export function readBusCredentials(text: string): BusCredentials {
  const { jwt, seed } = parseCredentials(text);
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  return {
    authenticator: (nonce = '') => ({ jwt, nkey: '', sig: sign(null, Buffer.from(nonce), key).toString('base64url') }),
    authorities: readAuthorities(text),
  };
}

interface Credentials {
  readonly jwt: string;
  /** 32 bytes, RFC 8032's private key. */
  readonly seed: Uint8Array;
}

const JWT = /-----BEGIN NATS USER JWT-----\s+(\S+)\s/;
const SEED = /-----BEGIN USER NKEY SEED-----\s+(SU[A-Z2-7]{56})\s/;
/** RFC 8410: what stands before the 32 bytes of a private key in PKCS #8. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

function parseCredentials(text: string): Credentials {
  const jwt = JWT.exec(text)?.[1];
  const seed = SEED.exec(text)?.[1];
  if (jwt === undefined || seed === undefined) throw new Error('no JWT, or no seed of a user');
  // nkeys: two bytes of prefix, the key, two bytes of CRC-16; the server finds a key that does not fit.
  return { jwt, seed: decodeBase32(seed).subarray(2, 34) };
}

/** RFC 4648, without padding. */
function decodeBase32(text: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const character of text) {
    bits = ((bits << 5) | 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(character)) & 0xfff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
  }
  return Uint8Array.from(bytes);
}
