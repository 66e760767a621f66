import { type ConnectionOptions, connect, credsAuthenticator, type NatsConnection } from 'nats';

/**
 * A NATS client as anybody has one, with a credentials file of ours: it proves itself by it, and knows the server by the
 * certificate in it, under the address that it has dialled.
 */
export function plainConnect(
  servers: string,
  credentials: Uint8Array | string,
  more: ConnectionOptions = {},
): Promise<NatsConnection> {
  const bytes = Buffer.from(credentials);
  const [, ca] = /(-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----)/.exec(bytes.toString('utf8')) ?? [];
  const tls = ca === undefined ? {} : { tls: { ca } };
  return connect({ servers, authenticator: credsAuthenticator(bytes), ...tls, ...more });
}
