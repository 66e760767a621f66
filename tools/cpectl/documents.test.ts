/** What is written about cpectl names everything that it can do. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../coordinator/scheduler/scheduler-binary.js';
import { answers } from './coordinator.js';
import { runProgram } from './program.js';
import { recordingTerminal } from './recording-terminal.js';

const root = packageRoot();
const page = readFileSync(join(root, 'tools/cpectl/cpectl.8'), 'utf8');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

async function commandsOf(group: string): Promise<string[]> {
  const terminal = recordingTerminal();
  await runProgram({ terminal, version: '1', args: ['help', group] });
  const names = [...terminal.printed.out.matchAll(/^ {2}([a-z][a-z-]+)\b.* {2}/gm)].map(([, name = '']) => name);
  return names.filter((name) => name !== 'help');
}

for (const group of ['deployable', 'resource', 'assembly', 'host', 'image', 'transitions']) {
  test(`the manual page has an entry for every command of ${group}, and those of operators an example`, async () => {
    const commands = await commandsOf(group);
    assert.ok(commands.length >= 4);
    for (const command of commands) {
      const escaped = `${group} ${command}`.replaceAll('-', '(\\\\)?-');
      assert.match(page, new RegExp(`^\\.B[IR]? "?${escaped}\\b`, 'm'), command);
      if (group === 'deployable') continue;
      assert.match(page, new RegExp(`^\\.B cpectl ${escaped}\\b`, 'm'), command);
    }
  });

  test(`the README tells what the commands of ${group} are for`, async () => {
    for (const command of await commandsOf(group)) {
      if (['create', 'validate', 'delete', 'list', 'status', 'history'].includes(command)) continue;
      assert.match(readme, new RegExp(`cpectl ${group} .*\\b${command}\\b`), command);
    }
  });
}

test('the bus API names every question of cpectl with its answer', () => {
  const api = readFileSync(join(root, 'docs/bus-api.md'), 'utf8');
  for (const [question, answer] of Object.entries(answers)) {
    assert.match(api, new RegExp(`^\\|.*\\| \`${question}\` \\|.*\\| \`${answer}\`.* \\|$`, 'm'), question);
  }
});
