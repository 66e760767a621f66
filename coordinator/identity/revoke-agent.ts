import type { Store } from '../store/store.js';
import { type Authority, agentCredentialsMs } from './authority.js';
import { revoke } from './revocation-record.js';

/** Nothing is written once they have ended by themselves. */
export async function revokeAgent(
  store: Store,
  authority: Authority,
  ended: { readonly instance: string; readonly at: number; readonly now: number; readonly reason?: string },
): Promise<void> {
  const { instance, at, now, reason = 'its instance has ended' } = ended;
  const until = at + 2 * agentCredentialsMs;
  if (until < now) return;
  const { publicKey } = authority.keyOf({ role: 'agent', id: instance });
  await revoke(store, { publicKey, who: `agent ${instance}`, reason, at: now, until });
}
