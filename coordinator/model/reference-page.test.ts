import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { assemblyOptionKeys } from './assembly-options.js';
import { apartKeys, togetherKeys } from './decode-colocation.js';
import { execKeys, healthKeys } from './decode-exec.js';
import { limitNames } from './decode-limits.js';
import { monitorKeys, operationKeys } from './decode-operations.js';
import { orderKeys } from './decode-order.js';
import type { DocumentFormat } from './deployable.js';
import { parseDeployable } from './parse-deployable.js';
import { renderProblem } from './problem.js';
import { resourceOptionKeys } from './resource-options.js';

const page = readPage();
const examples = [...page.matchAll(/^```(yaml|xml)\n([\s\S]*?)^```$/gm)].map(([, format, text]) => ({
  format: format as DocumentFormat,
  text: text ?? '',
  line: page.slice(0, page.indexOf(text ?? '')).split('\n').length,
}));

test('the reference page has examples', () => assert.ok(examples.length > 20));

for (const { format, text, line } of examples) {
  test(`the example in line ${line} of the reference page parses`, () => {
    const parsed = parseDeployable(text, format);
    assert.equal(
      parsed.kind,
      'deployable',
      parsed.kind === 'problems' ? parsed.problems.map(renderProblem).join('\n') : '',
    );
  });
}

test('every key of a definition is in an example of the reference page', () => {
  const keys = new Set([
    ...assemblyOptionKeys,
    ...resourceOptionKeys,
    ...operationKeys,
    ...monitorKeys,
    ...orderKeys,
    ...togetherKeys,
    ...apartKeys,
    ...execKeys,
    ...healthKeys,
    ...limitNames,
    ...[
      'group',
      'location',
      'colocation',
      'with-role',
      'replica',
      'host',
      'rule',
      'expressions',
      'in-range',
      'before',
      'after',
    ],
    ...[
      'replicas',
      'clone',
      'promotable',
      'prefer',
      'promoted-max',
      'interleave',
      'template',
      'templates',
      'defaults',
      'groups',
    ],
  ]);
  const missing = [...keys].filter((key) => !examples.some(({ text }) => new RegExp(`(?<![\\w-])${key}:`).test(text)));
  assert.deepEqual(missing, []);
});

function readPage(): string {
  return readFileSync(join(root(), 'docs/documents.md'), 'utf8');
}

function root(): string {
  let directory = import.meta.dirname;
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return directory;
}
