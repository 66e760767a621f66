import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import protobuf from 'protobufjs';
import { packageRoot } from '../../launcher/package-root.js';
import { inboxesOf } from '../../proto/subjects.js';
import { plainConnect } from '../contract/plain-client.js';
import { type Site, startSite } from './site.js';

/** The columns of the table, and how an identity of that kind is made. */
const columns = {
  operator: ['--role', 'operator'],
  'operator of shop': ['--role', 'operator', '--deployable', 'shop'],
  viewer: ['--role', 'viewer'],
  'viewer of shop': ['--role', 'viewer', '--deployable', 'shop'],
} as const;
type Column = keyof typeof columns;

let site: Site;
before(async () => {
  site = await startSite();
});
after(() => site.end());

/** Of SECURITY.md's table that begins with `| asked of cped |`: method to what is documented in each column. */
function documented(): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const lines = readFileSync(join(packageRoot(), 'SECURITY.md'), 'utf8').split('\n');
  const cellsOf = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const start = lines.findIndex((line) => line.startsWith('| asked of cped |'));
  const [, ...names] = cellsOf(lines[start] ?? '');
  assert.deepEqual(names, Object.keys(columns));
  const methods = new Map<string, Readonly<Record<string, string>>>();
  for (const line of lines.slice(start + 2)) {
    if (!line.startsWith('|')) break;
    const [of = '', ...cells] = cellsOf(line);
    const row = Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']));
    for (const [, method = ''] of of.matchAll(/`(\w+)`/g)) methods.set(method, row);
  }
  return methods;
}

/** A request about the deployable `shop`, where it is about one. */
function aboutShop(type: protobuf.Type | protobuf.Enum | null | undefined): Record<string, string> {
  if (!(type instanceof protobuf.Type) || type.name.startsWith('Auth')) return {};
  const field = ['deployable', 'name'].find((each) => type.fields[each]?.type === 'string');
  return field === undefined ? {} : { [field]: 'shop' };
}

test('cped answers every role what SECURITY.md says, method by method, and nothing else', async () => {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => join(packageRoot(), 'proto', target);
  await root.load('cpe/v1/envelope.proto');
  const Envelope = root.lookupType('cpe.v1.Envelope');
  const methods = Envelope.oneofs.body?.fieldsArray.map(({ name }) => name) ?? [];
  const table = documented();
  assert.deepEqual(
    [...table.keys()].filter((method) => !methods.includes(method)),
    [],
    'methods that are documented and not there',
  );
  const { busUrl } = JSON.parse(await site.must('--json', 'info')) as { busUrl: string };
  const wrong: string[] = [];
  for (const [at, column] of (Object.keys(columns) as Column[]).entries()) {
    const id = `who${at}`;
    const [role = ''] = column.split(' ');
    const file = join(site.home, '..', `${id}.creds`);
    await site.must('auth', 'create', id, ...columns[column], '--out', file);
    const inboxPrefix = inboxesOf(role as 'operator', id).slice(0, -2);
    const connection = await plainConnect(busUrl, readFileSync(file), { inboxPrefix });
    for (const method of methods) {
      const messageId = `${id}-${method}`;
      const sender = { role: role === 'viewer' ? 6 : 5, id, incarnation: '1' };
      const body = aboutShop(Envelope.fields[method]?.resolvedType);
      const message = Envelope.fromObject({ messageId, protocolMajor: 1, sender, [method]: body });
      const subject = `cpe.v1.cpe.main.request.${role}.${id}`;
      const reply = await connection.request(subject, Envelope.encode(message).finish(), { timeout: 60_000 });
      const { error } = Envelope.toObject(Envelope.decode(reply.data)) as { error?: { code: string; message: string } };
      const isUnknown = /does not answer/.test(error?.message ?? '');
      const said = isUnknown ? 'no method' : error?.code === 'forbidden' ? '' : 'yes';
      const expected = table.get(method)?.[column] ?? 'no method';
      if (said !== expected)
        wrong.push(`${column}: ${method}: documented "${expected}", is "${said}" ${error?.message}`);
    }
    await connection.close();
  }
  assert.deepEqual(wrong, []);
});
