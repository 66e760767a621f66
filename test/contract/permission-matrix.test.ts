import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Events, type NatsConnection } from 'nats';
import { mintCredentials, openAuthority } from '../../coordinator/identity/authority.js';
import type { Identity } from '../../coordinator/identity/permissions.js';
import { packageRoot } from '../../launcher/package-root.js';
import { inboxesOf } from '../../proto/subjects.js';
import { startBusFixture } from './bus-server-fixture.js';
import { plainConnect } from './plain-client.js';

/** The columns of SECURITY.md's table, and whose credentials each is tried with. */
const columns: Readonly<Record<string, Identity>> = {
  cpe: { role: 'cpe', id: 'main' },
  dpe: { role: 'dpe', id: 'dped-shop' },
  launcher: { role: 'launcher', id: 'left' },
  agent: { role: 'agent', id: 'shop.web.left.1-1' },
  operator: { role: 'operator', id: 'ann' },
  'operator of shop': { role: 'operator', id: 'bob', deployables: ['shop'] },
  viewer: { role: 'viewer', id: 'vic' },
  'viewer of shop': { role: 'viewer', id: 'vera', deployables: ['shop'] },
};

interface Row {
  readonly subject: string;
  readonly cells: Readonly<Record<string, string>>;
}

/** The table that begins with `| subject |`. */
function documentedRows(): readonly Row[] {
  const lines = readFileSync(join(packageRoot(), 'SECURITY.md'), 'utf8').split('\n');
  const cellsOf = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const start = lines.findIndex((line) => /^\| subject +\|/.test(line));
  const [, ...names] = cellsOf(lines[start] ?? '');
  assert.deepEqual(names, Object.keys(columns), 'the columns of the table in SECURITY.md');
  const rows = lines.slice(
    start + 2,
    lines.findIndex((line, index) => index > start && !line.startsWith('|')),
  );
  return rows.map((line) => {
    const [subject = '', ...cells] = cellsOf(line);
    return {
      subject: subject.replaceAll('`', ''),
      cells: Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''])),
    };
  });
}

/** `OWN` is what belongs to the identity, or what somebody of its role would have. */
function concrete(subject: string, { role, id }: Identity): string {
  const own = { host: role === 'launcher' ? id : 'left', instance: role === 'agent' ? id : 'shop.web.left.1-1' };
  return subject
    .replace('INBOX.OWN', () => `INBOX.${inboxesOf(role, id).split('.').slice(1, 3).join('.')}.1`)
    .replace('request.operator.OWN', `request.operator.${role === 'operator' ? id : 'ann'}`)
    .replace('request.viewer.OWN', `request.viewer.${role === 'viewer' ? id : 'vic'}`)
    .replace('launcher.OWN', `launcher.${own.host}`)
    .replace('launcher.OTHER', 'launcher.right')
    .replace('agent.OWN', `agent.${own.instance}`)
    .replace('INBOX.OTHER', `INBOX.${inboxesOf('cpe', 'somebody').split('.').slice(1, 3).join('.')}.1`);
}

/** Nobody may say anything here: its refusal comes after all that were asked for before. */
const last = 'matrix.last';

/** What the server refuses, up to `last`, as `publish SUBJECT` and `subscription SUBJECT`. */
async function refusals(connection: NatsConnection): Promise<ReadonlySet<string>> {
  const refused = new Set<string>();
  for await (const { type, permissionContext } of connection.status()) {
    if (type !== Events.Error || permissionContext === undefined) continue;
    const { operation, subject } = permissionContext;
    if (subject === last) break;
    refused.add(`${operation} ${subject}`);
  }
  return refused;
}

test('the bus allows every role what SECURITY.md says, subject by subject, and nothing else', {
  timeout: 300_000,
}, async (context) => {
  const fixture = await startBusFixture(context);
  await fixture.connect('operator', 'first');
  const authority = await openAuthority(fixture.home);
  const rows = documentedRows();
  assert.ok(rows.length > 40, `${rows.length} rows`);
  const wrong: string[] = [];
  for (const [column, identity] of Object.entries(columns)) {
    const connection = await plainConnect(
      fixture.server.url,
      mintCredentials(authority, identity, { issuedUnixMs: Date.now() }),
      { inboxPrefix: inboxesOf(identity.role, identity.id).slice(0, -2), noAsyncTraces: true },
    );
    context.after(() => connection.close());
    const collected = refusals(connection);
    for (const { subject } of rows) {
      const name = concrete(subject, identity);
      // A wildcard is heard, and cannot be said.
      if (!/[*>]/.test(name)) connection.publish(name, new Uint8Array());
      connection.subscribe(name, { callback: () => {} });
    }
    connection.publish(last);
    const refused = await collected;
    for (const { subject, cells } of rows) {
      const name = concrete(subject, identity);
      const may = [
        ...(/[*>]/.test(name) || refused.has(`publish ${name}`) ? [] : ['says']),
        ...(refused.has(`subscription ${name}`) ? [] : ['hears']),
      ].join(', ');
      if (may !== cells[column]) wrong.push(`${column}: ${subject}: documented "${cells[column]}", allowed "${may}"`);
    }
  }
  assert.deepEqual(wrong, []);
});
