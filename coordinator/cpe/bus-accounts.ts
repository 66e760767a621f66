/**
 * Makes the bus know whose credentials are void, and whose signatures are good: its account's token is replaced on the
 * running servers.
 */
import { connect } from 'nats';
import { readBusCredentials } from '../../proto/bus-credentials.js';
import { busTls } from '../../proto/bus-tls.js';
import type { Logger } from '../dpe/runtime-ports.js';
import { type Authority, mintSystemCredentials, serverTokens } from '../identity/authority.js';
import { listRevocations, type Revocation } from '../identity/revocation-record.js';
import type { Store } from '../store/store.js';

export interface BusAccountsOptions {
  readonly store: Store;
  readonly authority: () => Authority;
  readonly servers: readonly string[];
  /** Of several coordinator machines one does it. */
  readonly isLeading: () => boolean;
  readonly log: Logger;
}

export interface BusAccounts {
  /** Looks whether something was revoked, or a key changed, since then, and tells the bus. Never rejects. */
  look(): Promise<void>;
}

/** The token is one message, and it grows by 70 bytes with each. */
const maxRevocations = 8_000;
const updateSubject = '$SYS.REQ.CLAIMS.UPDATE';
const deadlineMs = 5_000;

export function openBusAccounts(options: BusAccountsOptions): BusAccounts {
  const { store, log } = options;
  /** What the bus knows by our doing. */
  let told: string | undefined;
  let trouble = '';
  let isLooking = false;

  async function look(): Promise<void> {
    if (isLooking || !options.isLeading()) return;
    isLooking = true;
    try {
      const authority = options.authority();
      const now = Date.now();
      // Some are to be void only later.
      const all = (await listRevocations(store, now)).filter(({ at }) => at <= now);
      const text = [...authority.signingKeys, ...all.map(({ publicKey, at }) => `${publicKey} ${at}`)].join('\n');
      if (text === told) return;
      await tellBus(options, authority, all);
      told = text;
      if (trouble !== '') log.info({}, 'the bus knows again whose credentials are good');
      trouble = '';
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== trouble) log.warn({ reason }, 'the bus does not know whose credentials are good');
      trouble = reason;
    } finally {
      isLooking = false;
    }
  }
  return { look };
}

/** Resolves when a server has taken it; the servers of a cluster tell each other. */
async function tellBus(
  { servers, log }: BusAccountsOptions,
  authority: Authority,
  all: readonly Revocation[],
): Promise<void> {
  const newest = [...all].sort((a, b) => b.at - a.at).slice(0, maxRevocations);
  if (newest.length < all.length) log.warn({ left: all.length - newest.length }, 'too many revocations for the bus');
  // By whole seconds: what was made in the same one is void as well.
  const revocations = Object.fromEntries(newest.map(({ publicKey, at }) => [publicKey, Math.ceil(at / 1000)]));
  const { accountJwt } = serverTokens(authority, { revocations, now: Date.now() });
  const credentials = readBusCredentials(mintSystemCredentials(authority, updateSubject, Date.now()));
  const tls = busTls(credentials.authorities);
  const system = await connect({
    servers: [...servers],
    authenticator: credentials.authenticator,
    ...(tls === undefined ? {} : { tls }),
    name: 'cped accounts',
    reconnect: false,
    timeout: deadlineMs,
  });
  try {
    const reply = await system.request(updateSubject, new TextEncoder().encode(accountJwt), { timeout: deadlineMs });
    const answer = JSON.parse(new TextDecoder().decode(reply.data)) as {
      readonly data?: { readonly code?: number };
      readonly error?: { readonly description?: string };
    };
    if (answer.data?.code !== 200) throw new Error(answer.error?.description ?? 'the server refuses the token');
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code !== '503') throw error;
    const advice = 'configure them with what cpectl auth export prints';
    throw new Error(`its servers take no new tokens of accounts (resolver "full"): ${advice}`, { cause: error });
  } finally {
    await system.close();
  }
}
