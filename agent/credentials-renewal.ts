/** The agent's credentials for the bus: those that its instance was started with, until it has been given newer ones. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bus } from '../proto/bus.js';
import { type CredentialsIdentity, parseCredentialsIdentity } from '../proto/credentials-identity.js';
import { renderInstanceId } from '../proto/instance-id.js';
import { agentRenew } from '../proto/subjects.js';
import type { AgentIdentity } from './identity.js';
import type { Log } from './log.js';
import { writeDurable } from './matahari/own/durable-file.js';

/**
 * The file to connect with: the agent's own in its state directory, which holds the newest credentials that it was ever
 * given. An instance that starts anew after a month has old ones from its launcher, and good ones here.
 */
export async function newestCredentials(given: string, stateDirectory: string): Promise<string> {
  const own = join(stateDirectory, 'bus.creds');
  const [handed, kept] = await Promise.all([readQuietly(given), readQuietly(own)]);
  if (handed === undefined) return kept === undefined ? given : own;
  if (kept !== undefined && issuedAt(kept) >= issuedAt(handed)) return own;
  await writeDurable(own, handed);
  return own;
}

export interface RenewalOptions {
  readonly identity: Pick<AgentIdentity, 'deployable' | 'instance'>;
  readonly bus: Bus;
  /** Where the bus reads them at each connect. */
  readonly file: string;
  readonly log: Log;
  /** Milliseconds after which a renewal that failed is tried again, and how often the clock is looked at. */
  readonly checkMs?: number;
}

const usualCheckMs = 60_000;
const requestDeadlineMs = 5_000;

/**
 * Asks for new credentials once half of the life of those at hand has passed. The connection goes on with the old ones until
 * they end, and the next one, milliseconds later, is made with the new ones.
 */
export class CredentialsRenewal {
  readonly #options: RenewalOptions;
  readonly #timer: NodeJS.Timeout;
  #isRenewing = false;

  constructor(options: RenewalOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#look(), options.checkMs ?? usualCheckMs);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { bus, file, log } = this.#options;
    if (this.#isRenewing || !bus.isConnected()) return;
    this.#isRenewing = true;
    try {
      const current = parseCredentialsIdentity((await readQuietly(file)) ?? '');
      if (current === undefined || !isHalfOver(current, Date.now())) return;
      const problem = await this.#renew(current);
      if (problem === undefined) log('info', 'the credentials for the bus are renewed', {});
      else log('warn', 'the credentials for the bus are not renewed', { reason: problem });
    } catch (error) {
      log('warn', 'the credentials for the bus are not renewed', { reason: String(error) });
    } finally {
      this.#isRenewing = false;
    }
  }

  /** What is wrong; undefined when they are renewed. */
  async #renew(current: CredentialsIdentity): Promise<string | undefined> {
    const { bus, file, identity } = this.#options;
    const draft = { deployable: identity.deployable, body: { kind: 'renewCredentials', value: {} } } as const;
    const outcome = await bus.request(agentRenew(identity.instance), draft, { deadlineMs: requestDeadlineMs });
    if (outcome.kind === 'error') return `${outcome.error.code}: ${outcome.error.message}`;
    const { body } = outcome.envelope;
    if (body.kind !== 'credentials') return `the answer is "${body.kind}"`;
    const fresh = parseCredentialsIdentity(body.value.credentials);
    if (fresh?.role !== 'agent' || fresh.id !== renderInstanceId(identity.instance))
      return 'they are not for this agent';
    const [before, after] = [current.expiresUnixMs, fresh.expiresUnixMs];
    if (before !== undefined && after !== undefined && after <= before) return 'they end no later than those at hand';
    await writeDurable(file, body.value.credentials);
    return undefined;
  }
}

function isHalfOver({ issuedUnixMs, expiresUnixMs }: CredentialsIdentity, now: number): boolean {
  return expiresUnixMs !== undefined && now >= issuedUnixMs + (expiresUnixMs - issuedUnixMs) / 2;
}

function issuedAt(credentials: string): number {
  return parseCredentialsIdentity(credentials)?.issuedUnixMs ?? 0;
}

function readQuietly(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
