import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { AgentParts } from './agent-parts.js';
import { changeRecipe } from './change-recipe.js';
import { findRecipe, shippedRecipes } from './find-recipe.js';
import { imageName, inputsDigest } from './image-name.js';
import { type LoadedRecipe, loadRecipe } from './load-recipe.js';
import { parseRecipe } from './parse-recipe.js';
import { renderRecipe } from './render-recipe.js';

const directory = mkdtempSync(join(tmpdir(), 'load-recipe-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const file = join(directory, 'recipe.yaml');

function recipeOf(text: string) {
  const parsed = parseRecipe(text, 'amd64');
  assert.ok(parsed.kind === 'recipe', JSON.stringify(parsed));
  return parsed.recipe;
}

async function load(text: string, from = file): Promise<LoadedRecipe> {
  const outcome = await loadRecipe(recipeOf(text), from);
  assert.ok(outcome.kind === 'loaded', JSON.stringify(outcome));
  return outcome.loaded;
}

test('sources are read relative to the recipe', async () => {
  writeFileSync(join(directory, 'motd'), 'hello');
  const { files } = await load('name: a\nfiles: [{ path: /etc/motd, source: motd }]');
  assert.deepEqual(files, [{ path: '/etc/motd', content: Buffer.from('hello'), mode: 0o644, owner: 'root' }]);
});

test('a source that cannot be read is named, with the file that it was to become', async () => {
  const outcome = await loadRecipe(recipeOf('name: a\nfiles: [{ path: /etc/motd, source: none }]'), file);
  assert.ok(outcome.kind === 'problem');
  assert.match(outcome.problem, /recipe\.yaml: the source of \/etc\/motd cannot be read: ENOENT/);
});

const agent = { digest: 'abc', node: { version: '20.1.0', program: '/usr/bin/node' } } as unknown as AgentParts;
const plain = 'name: a\npackages: [nginx]\nfiles: [{ path: /etc/motd, content: x }]\n';

const differences: readonly [string, string, boolean][] = [
  ['its name', plain.replace('name: a', 'name: b'), true],
  [
    'the order of keys, comments and quotes',
    'files:\n- content: "x" # y\n  path: /etc/motd\npackages: [ "nginx" ]\nname: a',
    true,
  ],
  ['a default that is said', `${plain}suite: bookworm\nagent: true\n`, true],
  ['a package', plain.replace('nginx', 'redis'), false],
  ['the content of a file', plain.replace('content: x', 'content: y'), false],
  ['the mode of a file', plain.replace('content: x', 'content: x, mode: 0600'), false],
  ['the suite', `${plain}suite: trixie\n`, false],
  ['a command', `${plain}commands: ["true"]\n`, false],
  ['the size of the disk', `${plain}disk: 3GiB\n`, false],
  ['the agent', `${plain}agent: false\n`, false],
];

for (const [what, text, isSame] of differences) {
  test(`${what} ${isSame ? 'makes no other image' : 'makes another image'}`, async () => {
    const [one, other] = [inputsDigest(await load(plain), agent), inputsDigest(await load(text), agent)];
    assert.equal(one === other, isSame);
  });
}

test('the content of a source counts, not where it was', async () => {
  writeFileSync(join(directory, 'one'), 'same');
  writeFileSync(join(directory, 'two'), 'same');
  const digests = await Promise.all(
    ['one', 'two'].map(async (source) => (await load(`name: a\nfiles: [{ path: /x, source: ${source} }]`)).digest),
  );
  assert.equal(digests[0], digests[1]);
  assert.equal(digests[0], (await load('name: a\nfiles: [{ path: /x, content: same }]')).digest);
});

test('another agent, another Node and another version of a package make another image', async () => {
  const loaded = await load(plain);
  const inputs = inputsDigest(loaded, agent);
  const others = [
    inputsDigest(loaded, { ...agent, digest: 'def' }),
    inputsDigest(loaded, { ...agent, node: { ...agent.node, version: '22.0.0' } }),
    inputsDigest(loaded, undefined),
  ];
  assert.equal(new Set([inputs, ...others]).size, 4);
  const names = [['nginx=1'], ['nginx=2'], ['nginx=1']].map((packages) => imageName('a', inputs, packages));
  assert.match(names[0] ?? '', /^a-[0-9a-f]{12}$/);
  assert.notEqual(names[0], names[1]);
  assert.equal(names[0], names[2]);
});

test('the recipe that is kept in an image makes the same image, wherever it is', async () => {
  writeFileSync(join(directory, 'bin'), Buffer.from([0, 255, 10, 0]));
  const text = `${plain.replace('files: [', 'files: [{ path: /bin/x, source: bin, mode: 4755, owner: root:adm }, ')}
users: [{ name: ops, groups: [adm] }]
services: { mask: [nginx] }
kernel: { modules: all }
commands: ["echo 'a: b' # c"]
hostname: h
`;
  const loaded = await load(text);
  const { yaml, files } = renderRecipe(loaded);
  const elsewhere = join(directory, 'kept', 'recipe.yaml');
  mkdirSync(join(directory, 'kept', 'files'), { recursive: true });
  for (const [path, content] of files) writeFileSync(join(dirname(elsewhere), path), content);
  const again = await load(yaml, elsewhere);
  assert.equal(again.digest, loaded.digest);
  assert.equal(again.recipe.name, 'a');
});

test('a clone has what the original has, and what is added comes last', () => {
  const original = recipeOf(`${plain}commands: ["one"]\nhostname: h\n`);
  const files = [{ path: '/etc/motd', content: { kind: 'text', text: 'z' }, mode: 0o600, owner: 'adm' } as const];
  const changes = {
    name: 'b',
    packages: ['redis', 'nginx'],
    files,
    commands: ['two'],
    hostname: undefined,
    diskMiB: 4096,
  };
  const changed = changeRecipe(original, changes);
  assert.deepEqual(changed, {
    ...original,
    name: 'b',
    packages: ['nginx', 'redis'],
    files,
    commands: ['one', 'two'],
    hostname: 'h',
    diskMiB: 4096,
  });
});

test('every recipe that is shipped can be baked, and is called as its file', async () => {
  assert.ok(shippedRecipes().includes('debian-12'));
  for (const name of shippedRecipes()) {
    const found = findRecipe(name);
    assert.ok(found.kind === 'file');
    assert.equal((await load(readFileSync(found.file, 'utf8'), found.file)).recipe.name, name);
  }
});

test('a recipe that is not shipped is named, with what was meant', () => {
  const found = findRecipe('debian-13');
  assert.ok(found.kind === 'problem');
  assert.match(
    found.problem,
    /no recipe "debian-13", did you mean debian-12\? \(shipped: .*; or a file: \.\/debian-13\.yaml\)/,
  );
  assert.deepEqual(findRecipe('/a/b.yaml'), { kind: 'file', file: '/a/b.yaml' });
});
