import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../launcher/package-root.js';
import { type AgentCommand, parseCommandLine, usage } from './command-line.js';
import { agentVersion } from './version.js';

const cases: readonly { readonly args: readonly string[]; readonly command: AgentCommand }[] = [
  { args: ['--identity', '/a'], command: { kind: 'run', identityFile: '/a' } },
  { args: ['--check', '/a'], command: { kind: 'check', identityFile: '/a' } },
  { args: ['--prepare'], command: { kind: 'prepare' } },
  { args: ['--rehearse'], command: { kind: 'rehearse' } },
  { args: ['--version'], command: { kind: 'version' } },
  { args: ['-h'], command: { kind: 'help' } },
  { args: ['--help', '--identity', '/a'], command: { kind: 'help' } },
  { args: [], command: { kind: 'misused', message: '--identity FILE or --guest is required' } },
  {
    args: ['--identity', '/a', '--check', '/a'],
    command: { kind: 'misused', message: '--identity, --guest, --check, --prepare and --rehearse: only one of them' },
  },
  { args: ['--guest'], command: { kind: 'guest', deadlineMs: Number.POSITIVE_INFINITY } },
  { args: ['--guest', '--deadline', '90'], command: { kind: 'guest', deadlineMs: 90_000 } },
  {
    args: ['--guest', '--deadline', 'soon'],
    command: { kind: 'misused', message: '--deadline: not a number of seconds: soon' },
  },
  {
    args: ['--identity', '/a', '--deadline', '9'],
    command: { kind: 'misused', message: '--deadline needs --guest' },
  },
];

for (const { args, command } of cases) {
  test(`"cpe-agent ${args.join(' ')}" is understood`, () => {
    assert.deepEqual(parseCommandLine(args), command);
  });
}

for (const args of [['--identity'], ['--port', '1'], ['file']]) {
  test(`"cpe-agent ${args.join(' ')}" is refused`, () => {
    assert.equal(parseCommandLine(args).kind, 'misused');
  });
}

test('the usage names every option', () => {
  for (const option of [
    '--identity FILE',
    '--guest',
    '--deadline SECONDS',
    '--check FILE',
    '--prepare',
    '--rehearse',
    '--version',
    '--help',
  ])
    assert.ok(usage.includes(option));
});

test('the version of the agent is that of the package', () => {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  assert.equal(agentVersion, version);
});
