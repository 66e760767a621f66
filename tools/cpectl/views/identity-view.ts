import type { AuthIdentity } from '../../../proto/messages.js';
import type { Colors } from '../terminal.js';
import { printable } from './printable.js';
import { type Column, renderTable } from './table.js';
import { isoTime, localDateTime } from './times.js';

export function identityJson(identity: AuthIdentity): Record<string, unknown> {
  const { name, role, deployables, publicKey, createdBy, createdUnixMs, expiresUnixMs, revokedUnixMs } = identity;
  const time = (unixMs: number) => (unixMs === 0 ? null : isoTime(unixMs));
  return {
    ...{ name, role, deployables, publicKey, createdBy },
    created: time(createdUnixMs),
    expires: time(expiresUnixMs),
    revoked: time(revokedUnixMs),
  };
}

const columns: readonly Column[] = [
  { title: 'NAME' },
  { title: 'ROLE' },
  { title: 'DEPLOYABLES' },
  { title: 'STANDING' },
  { title: 'MADE' },
  { title: 'BY' },
];

export function renderIdentities(identities: readonly AuthIdentity[], now: number, colors: Colors): string {
  const rows = identities.map((identity) => {
    const { name, role, deployables, createdUnixMs, createdBy } = identity;
    const standing = standingOf(identity, now);
    return [
      printable(name),
      role,
      printable(deployables.join(', ')) || 'all',
      { text: standing, paint: standing.startsWith('good') ? colors.green : colors.yellow },
      createdUnixMs === 0 ? '' : localDateTime(createdUnixMs),
      printable(createdBy),
    ];
  });
  return renderTable(columns, rows, colors);
}

function standingOf({ expiresUnixMs, revokedUnixMs }: AuthIdentity, now: number): string {
  if (revokedUnixMs !== 0) return `revoked ${localDateTime(revokedUnixMs)}`;
  if (expiresUnixMs === 0) return 'good';
  return expiresUnixMs <= now ? `ended ${localDateTime(expiresUnixMs)}` : `good until ${localDateTime(expiresUnixMs)}`;
}
