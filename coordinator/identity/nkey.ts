import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What a key is for; the letter that its public form begins with (O, A, U). */
export type KeyKind = 'operator' | 'account' | 'user';

/** A key of NATS' nkeys format: Ed25519, written in base32 with a prefix that says its kind and a checksum. */
export interface Nkey {
  readonly kind: KeyKind;
  /** `OABC...`, `AABC...`, `UABC...`: 56 characters. */
  readonly publicKey: string;
  /** `SO...`, `SA...`, `SU...`: 58 characters, a secret. */
  readonly seed: string;
  sign(data: Uint8Array): Uint8Array;
}

/** A new one. With `raw` (32 bytes) always the same one. */
export function createNkey(kind: KeyKind, raw: Uint8Array = randomBytes(SEED_BYTES)): Nkey {
  if (raw.length !== SEED_BYTES) throw new RangeError(`a key is made of ${SEED_BYTES} bytes, not ${raw.length}`);
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, raw]), format: 'der', type: 'pkcs8' });
  return {
    kind,
    publicKey: encode([PREFIXES[kind]], rawPublicKey(privateKey)),
    // The kind's five bits follow the seed's five: both are read from the first two characters.
    seed: encode([SEED_PREFIX | (PREFIXES[kind] >> 5), (PREFIXES[kind] & 31) << 3], raw),
    sign: (data) => sign(null, data, privateKey),
  };
}

/** @throws Error when the text is no seed of this kind, or was damaged (CRC-16). */
export function parseNkeySeed(kind: KeyKind, text: string): Nkey {
  const bytes = decodeBase32(text.trim());
  const content = bytes.subarray(0, -2);
  if (content.length !== SEED_BYTES + 2 || crc16(content) !== (bytes.at(-2) ?? 0) + (bytes.at(-1) ?? 0) * 256) {
    throw new Error('no seed of an nkey');
  }
  const key = createNkey(kind, content.subarray(2));
  if (key.seed !== text.trim()) throw new Error(`a seed, but of no ${kind}`);
  return key;
}

const SEED_BYTES = 32;
/** nkeys' prefix bytes: the letter's number in base32, in the upper five bits. */
const PREFIXES = { operator: 14 << 3, account: 0, user: 20 << 3 } as const satisfies Record<KeyKind, number>;
const SEED_PREFIX = 18 << 3;
/** RFC 8410: what stands before the 32 bytes of a private key in PKCS #8. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function rawPublicKey(privateKey: KeyObject): Uint8Array {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
}

function encode(prefix: readonly number[], raw: Uint8Array): string {
  const content = Uint8Array.from([...prefix, ...raw]);
  const checksum = crc16(content);
  return encodeBase32(Uint8Array.from([...content, checksum & 0xff, checksum >> 8]));
}

/** CRC-16/XMODEM, as nkeys has it. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc;
}

/** RFC 4648, without padding. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let count = 0;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff;
    for (count += 8; count >= 5; ) {
      count -= 5;
      text += ALPHABET[(bits >> count) & 31];
    }
  }
  return count === 0 ? text : text + ALPHABET[(bits << (5 - count)) & 31];
}

function decodeBase32(text: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) throw new Error('no base32');
    bits = ((bits << 5) | value) & 0xfff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
  }
  return Uint8Array.from(bytes);
}
