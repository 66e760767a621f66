/** The site's own certificate authority, by which everybody knows the bus servers, and what they show. */
import { createPrivateKey, type webcrypto, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { busServerName } from '../../proto/bus-tls.js';
import { readIfThere, readOrCreatePrivateFile, replacePrivateFile } from './private-file.js';

const dayMs = 24 * 3_600_000;
const authorityMs = 20 * 365 * dayMs;
const serverMs = 365 * dayMs;
/** So that a machine whose clock stands in the past (no battery, no network yet) reaches the bus. */
const beginning = new Date('2000-01-01T00:00:00Z');
/** Each of them is in every handshake. */
const maxEarlier = 7;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Key and certificate of the authority, in one file: of two who make it at once, one wins for both. */
export function authorityFile(home: string): string {
  return join(home, 'keys', 'bus-ca.pem');
}

/** Certificates that authorities before have signed for their successors, the newest first. */
export function crossFile(home: string): string {
  return join(home, 'keys', 'bus-ca-cross.pem');
}

/** PEM certificate of the site's authority, made where there is none. Rejects when its file holds something else. */
export async function openSiteCa(home: string): Promise<string> {
  const { certificate } = readAuthority(home, await readOrCreatePrivateFile(authorityFile(home), makeAuthority));
  return certificate;
}

/**
 * A new authority. Who trusts the one before trusts the bus as well: its servers show the successor's certificate, signed
 * by its predecessor, with their own.
 */
export async function replaceSiteCa(home: string): Promise<void> {
  const before = readAuthority(home, await readOrCreatePrivateFile(authorityFile(home), makeAuthority));
  const text = await makeAuthority();
  const successor = new X509Certificate(text);
  const x509 = await library();
  const old = new x509.X509Certificate(before.certificate);
  const cross = await x509.X509CertificateGenerator.create({
    subject: new x509.X509Certificate(successor.raw).subject,
    issuer: old.subject,
    notBefore: beginning,
    notAfter: old.notAfter,
    publicKey: await importPublic(successor),
    signingKey: await importPrivate(before.key),
    signingAlgorithm: algorithm,
    extensions: authorityExtensions(x509),
  });
  // The cross certificate first: without it the new authority would lock out whoever knows the old one alone.
  const earlier = ((await readIfThere(crossFile(home))) ?? '').match(CERTIFICATE) ?? [];
  const all = [cross.toString('pem'), ...earlier.slice(0, maxEarlier)];
  await replacePrivateFile(crossFile(home), `${all.join('\n')}\n`);
  await replacePrivateFile(authorityFile(home), text);
}

/**
 * Makes sure that a file holds what a bus server shows: certificate and key, of the site's authority, with two thirds of
 * its life ahead at the most behind it. True when it was made anew: a server that runs has to read it again.
 *
 * @param addresses IP addresses and names by which programs other than ours know the server; ours ask for `busServerName`
 */
export async function ensureServerCertificate(
  home: string,
  file: string,
  { now, addresses }: { readonly now: number; readonly addresses: readonly string[] },
): Promise<boolean> {
  const authority = readAuthority(home, await readOrCreatePrivateFile(authorityFile(home), makeAuthority));
  const cross = (await readIfThere(crossFile(home))) ?? '';
  const names = [...new Set([busServerName, 'localhost', '127.0.0.1', '::1', ...addresses])];
  const existing = await readIfThere(file);
  if (existing !== undefined && isGood(existing, { authority, cross, names, now })) return false;
  const x509 = await library();
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${busServerName}`,
    issuer: new x509.X509Certificate(authority.certificate).subject,
    notBefore: beginning,
    notAfter: new Date(now + serverMs),
    publicKey: pair.publicKey,
    signingKey: await importPrivate(authority.key),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const),
      ),
    ],
  });
  await replacePrivateFile(file, `${certificate.toString('pem')}\n${cross}${await keyPem(pair.privateKey)}`);
  return true;
}

interface CertificateAuthority {
  readonly certificate: string;
  readonly key: string;
}

function readAuthority(home: string, text: string): CertificateAuthority {
  try {
    const certificate = new X509Certificate(text);
    const key = createPrivateKey(text);
    if (!certificate.ca || !certificate.checkPrivateKey(key)) throw new Error('key and certificate do not fit');
    const pem = key.export({ format: 'pem', type: 'pkcs8' }).toString();
    return { certificate: certificate.toString(), key: pem };
  } catch (error) {
    throw new Error(`${authorityFile(home)} holds no certificate authority`, { cause: error });
  }
}

interface Wanted {
  readonly authority: CertificateAuthority;
  readonly cross: string;
  readonly names: readonly string[];
  readonly now: number;
}

function isGood(text: string, { authority, cross, names, now }: Wanted): boolean {
  try {
    const certificate = new X509Certificate(text);
    const left = Date.parse(certificate.validTo) - now;
    const ours = new X509Certificate(authority.certificate);
    return (
      left > serverMs / 3 &&
      certificate.checkIssued(ours) &&
      certificate.verify(ours.publicKey) &&
      certificate.checkPrivateKey(createPrivateKey(text)) &&
      text.includes(cross) &&
      names.every((name) => (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined)
    );
  } catch {
    return false;
  }
}

async function makeAuthority(): Promise<string> {
  const x509 = await library();
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const serial = Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString('hex');
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    // Names differ, so that whoever knows two of them picks the right one.
    name: `CN=cpe bus authority ${serial}`,
    notBefore: beginning,
    notAfter: new Date(Date.now() + authorityMs),
    keys: pair,
    signingAlgorithm: algorithm,
    extensions: authorityExtensions(x509),
  });
  return `${certificate.toString('pem')}\n${await keyPem(pair.privateKey)}`;
}

type Library = typeof import('@peculiar/x509');
type CryptoKey = webcrypto.CryptoKey;

function authorityExtensions(x509: Library) {
  return [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ];
}

/** Loaded where a certificate is made, which is seldom. */
async function library(): Promise<Library> {
  // Its own parts find each other by decorators.
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

async function keyPem(key: CryptoKey): Promise<string> {
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
}

async function importPrivate(pem: string): Promise<CryptoKey> {
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  return crypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}

async function importPublic(certificate: X509Certificate): Promise<CryptoKey> {
  const der = certificate.publicKey.export({ format: 'der', type: 'spki' });
  return crypto.subtle.importKey('spki', der, algorithm, true, ['verify']);
}
