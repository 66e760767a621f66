/** docs/images.md: its recipes are recipes, and say everything that one can. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { renderProblem } from '../../coordinator/model/problem.js';
import { packageRoot } from '../../launcher/package-root.js';
import { fileKeys } from './decode-files.js';
import { kernelKeys, recipeKeys, serviceKeys } from './decode-recipe.js';
import { userKeys } from './decode-users.js';
import { parseRecipe } from './parse-recipe.js';
import { recipeDefaults } from './recipe.js';

const page = readFileSync(join(packageRoot(), 'docs', 'images.md'), 'utf8');
const recipes = [...page.matchAll(/^```yaml\n(name:[\s\S]*?)^```$/gm)].map(([, text = '']) => text);

test('the page has recipes', () => assert.ok(recipes.length >= 2));

for (const [index, text] of recipes.entries()) {
  test(`recipe ${index + 1} of the page can be baked`, () => {
    const parsed = parseRecipe(text, 'amd64');
    assert.equal(
      parsed.kind,
      'recipe',
      parsed.kind === 'problems' ? parsed.problems.map(renderProblem).join('\n') : '',
    );
  });
}

test('every key of a recipe is in one of the page', () => {
  const keys = new Set([...recipeKeys, ...fileKeys, ...userKeys, ...serviceKeys, ...kernelKeys]);
  const missing = [...keys].filter((key) => !recipes.some((text) => new RegExp(`(?<![\\w-])${key}:`).test(text)));
  assert.deepEqual(missing, []);
});

test('what the page calls a default is one', () => {
  assert.match(page, new RegExp(`suite: ${recipeDefaults.suite} +# default`));
  assert.match(page, new RegExp(`kernel-arguments: \\[${recipeDefaults.kernelArguments.join(', ')}\\] +# default`));
  assert.match(page, /disk: 4GiB +# default 2GiB/);
  assert.equal(recipeDefaults.diskMiB, 2048);
});
