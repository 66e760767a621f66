import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkOcfParameters } from './check-ocf-parameters.js';
import { ocfMetadataReader } from './ocf-metadata.js';
import type { OcfParameter } from './parse-ocf-metadata.js';

function parameter(name: string, more: Partial<OcfParameter> = {}): OcfParameter {
  const common = { type: 'string', default: undefined, isRequired: false, isUnique: false, isReloadable: false };
  return { name, ...common, replacedWith: [], ...more };
}

const parameters = [
  parameter('ip', { isRequired: true }),
  parameter('interface', { isRequired: true, default: 'eth0' }),
  parameter('name', { isRequired: true }),
  parameter('port', { type: 'integer', default: '80' }),
  parameter('dampen', { type: 'integer', default: '5s' }),
  parameter('ssl', { type: 'boolean', default: 'false' }),
  parameter('force', { type: 'boolean', default: 'true' }),
  parameter('address', { replacedWith: ['ip'] }),
];
const description = {
  kind: 'described',
  metadata: { version: { major: 1, minor: 1 }, parameters, actions: [] },
  mentions: (word: string) => ['safe', 'OCF_RESKEY_hidden'].includes(word),
  supplies: (name: string) => name === 'name',
} as const;

const cases: readonly {
  readonly given: Readonly<Record<string, string>>;
  readonly rc?: number;
  readonly reason?: string;
  readonly notes?: readonly string[];
}[] = [
  { given: {}, rc: 6, reason: 'the required parameter ip has no value' },
  { given: { ip: '' }, rc: 6, reason: 'the required parameter ip has no value' },
  { given: { ip: '10.0.0.1' } },
  { given: { address: '10.0.0.1' } },
  { given: { ip: 'x', port: 'eighty' }, rc: 2, reason: 'the value "eighty" of port is no integer' },
  { given: { ip: 'x', port: '$(reboot)\n' }, rc: 2, reason: 'the value "$(reboot)\\n" of port is no integer' },
  {
    given: { ip: 'x', port: 'ü'.repeat(100_000) },
    rc: 2,
    reason: `the value "${'ü'.repeat(60)}..." of port is no integer`,
  },
  { given: { ip: 'x', port: '' } },
  { given: { ip: 'x', port: ' 8080 ' } },
  { given: { ip: 'x', port: '80,443' } },
  { given: { ip: 'x', port: '-INFINITY' } },
  { given: { ip: 'x', port: 'safe' } },
  { given: { ip: 'x', dampen: 'long' } },
  { given: { ip: 'x', ssl: 'ture' }, rc: 2, reason: 'the value "ture" of ssl is no boolean' },
  { given: { ip: 'x', ssl: 'TRUE', force: 'safe' } },
  {
    given: { ip: 'x', prot: '80', OCF_CHECK_LEVEL: '10', trace_ra: '1', hidden: 'x', 'a\nb': '', constructor: 'x' },
    notes: [
      'the agent does not know the parameter "prot"; did you mean port?',
      'the agent does not know the parameter "a\\nb"',
      'the agent does not know the parameter "constructor"',
    ],
  },
];

for (const { given, rc, reason, notes = [] } of cases) {
  test(`parameters ${JSON.stringify(given).slice(0, 80)}: ${rc === undefined ? 'may be tried' : `rc ${rc}`}`, () => {
    const finding = checkOcfParameters(description, given);
    assert.deepEqual(finding.refusal, rc === undefined ? undefined : { rc, reason });
    assert.deepEqual(finding.notes, notes);
  });
}

test('an agent without parameters in its meta-data is given anything without a word', () => {
  const metadata = { ...description.metadata, parameters: [] };
  const finding = checkOcfParameters({ ...description, metadata }, { anything: 'x' });
  assert.deepEqual(finding, { refusal: undefined, notes: [] });
});

test("no resource agent of this machine has defaults of its own refused, nor its options' usual values", async () => {
  const root = '/usr/lib/ocf/resource.d';
  const reader = ocfMetadataReader({ owner: 'i', timeoutMs: 30_000 });
  const environment = { PATH: '/usr/bin:/bin', OCF_ROOT: '/usr/lib/ocf' };
  let agents = 0;
  for (const provider of readdirSync(root)) {
    for (const type of readdirSync(join(root, provider))) {
      const path = join(root, provider, type);
      const { mode } = statSync(path);
      if (!statSync(path).isFile() || (mode & 0o111) === 0) continue;
      const found = await reader.describe(path, { ...environment, OCF_RESOURCE_TYPE: type });
      if (found.kind !== 'described') continue;
      agents += 1;
      const given: Record<string, string> = {};
      for (const { name, isRequired, default: usual = '', type: kind } of found.metadata.parameters) {
        if (usual !== '' || isRequired) given[name] = usual || (kind === 'integer' ? '1' : 'value');
      }
      assert.deepEqual(checkOcfParameters(found, given), { refusal: undefined, notes: [] }, path);
      const needed = found.metadata.parameters.find(({ isRequired }) => isRequired);
      if (needed !== undefined && (needed.default ?? '') === '' && !found.supplies(needed.name)) {
        const { [needed.name]: _left, ...rest } = given;
        assert.equal(checkOcfParameters(found, rest).refusal?.rc, 6, `${path} without ${needed.name}`);
      }
    }
  }
  assert.ok(agents > 100, `${agents} agents`);
});
