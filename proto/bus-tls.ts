import { createHash } from 'node:crypto';
import type { TlsOptions } from 'nats';

/** What the certificate of a bus server says, wherever the server is: behind a launcher host's relay as well. */
export const busServerName = 'bus.cpe.internal';

/** How to connect to a bus that is known by these PEM certificates; undefined where there are none, without TLS then. */
export function busTls(authorities: string): TlsOptions | undefined {
  if (authorities === '') return undefined;
  // The client library hands on what it does not know to node:tls, and has a host name of its own for a default.
  return { ca: authorities, servername: busServerName, minVersion: 'TLSv1.2' } as TlsOptions;
}

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/g;

/** PEM certificates in a credentials file: of the authorities by which its holder knows the bus. */
export function readAuthorities(credentials: string): string {
  return (credentials.match(CERTIFICATES) ?? []).join('');
}

/** What has gone wrong between TLS ends, and what to do; undefined when it was something else. */
export function explainTlsError(error: unknown, authorities: string): string | undefined {
  const { code = '', message = '' } = error as { readonly code?: string; readonly message?: string };
  if (authorities === '') {
    return /CERT|ISSUER|LEAF|ALTNAME/.test(code) ? 'it asks for TLS, and the credentials name no authority' : undefined;
  }
  const known = fingerprint(authorities);
  switch (code) {
    case 'SERVER_OPT_NA':
      return `it offers no TLS, and the credentials ask for it (authority ${known})`;
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'CERT_SIGNATURE_FAILURE':
      return `its certificate is not of the authority that the credentials name (${known}): it is the bus of another site`;
    case 'CERT_HAS_EXPIRED':
      return `its certificate is over, or the clock of this machine is wrong (${new Date().toISOString()})`;
    case 'CERT_NOT_YET_VALID':
      return `its certificate is not good yet: the clock of this machine is wrong (${new Date().toISOString()})`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `its certificate is not one of a bus server (${busServerName})`;
    default:
      return /^ERR_(SSL|TLS|OSSL)/.test(code) ? `TLS: ${message}` : undefined;
  }
}

function fingerprint(authorities: string): string {
  const [, body = ''] = /-----BEGIN CERTIFICATE-----([^-]+)/.exec(authorities) ?? [];
  return createHash('sha256').update(Buffer.from(body, 'base64')).digest('hex').slice(0, 16);
}
