import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseDeployable } from '../../coordinator/model/parse-deployable.js';
import { changeAssembly, inWorld, settle } from './cib-world.js';

function projectFile(path: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    folder = dirname(folder);
  }
  return join(folder, path);
}

test('the document that has everything is read by Pacemaker’s tools without a word, and comes to rest', () => {
  const parsed = parseDeployable(readFileSync(projectFile('test/documents/everything.yaml'), 'utf8'), 'yaml');
  assert.equal(parsed.kind, 'deployable');
  if (parsed.kind !== 'deployable') {
    return;
  }
  const { deployable } = parsed;
  inWorld(deployable, ['rack1', 'rack2', 'rack3'], (world) => {
    settle(world);
    const [first] = deployable.assemblies;
    changeAssembly(world, first?.name ?? '', { wish: 'standby' });
    settle(world);
    world.stopAll = true;
    settle(world);
  });
});
