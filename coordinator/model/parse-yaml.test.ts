// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how documents write references
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDeployable } from './parse-deployable.js';

/** Every error of a document, as `line:column path: message`. */
function errorsOf(text: string): string[] {
  const parsed = parseDeployable(text, 'yaml');
  const errors = parsed.kind === 'problems' ? parsed.problems.filter(({ severity }) => severity === 'error') : [];
  return errors.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
}

const broken: Record<string, [document: string, errors: string[]]> = {
  'an empty document': ['', ['0:0 : the document is empty']],
  'a document of comments': ['# nothing\n\n', ['0:0 : the document is empty']],
  'a text instead of a map': ['hello\n', ['1:1 : a map is expected, not "hello"']],
  'a list instead of a map': ['- a\n', ['1:1 : a map is expected, not a list']],
  'a list that is not closed': [
    'deployable: d\nassemblies:\n  a: [1, 2\n  b: 3\n',
    ['4:3 : YAML: Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ],
  'a tab as indentation': ['deployable:\n\tx: y\n', ['2:1 : YAML: Tabs are not allowed as indentation']],
  'a value that begins with a reserved character': [
    'deployable: @d\nassemblies: `x\n',
    [
      '1:13 : YAML: Plain value cannot start with reserved character @',
      '2:13 : YAML: Plain value cannot start with reserved character `',
    ],
  ],
  'a map in a map on one line': [
    'deployable: a: b\n',
    ['1:13 : YAML: Nested mappings are not allowed in compact mappings'],
  ],
  'a quote that is not closed': ['deployable: "d\n', ['2:1 : YAML: Missing closing "quote']],
  'a second document': ['deployable: d\n---\nassemblies: {}\n', ['2:1 : a second document begins here']],
  'an unknown directive': ['%FOO\n---\ndeployable: d\nassemblies: { a: }\n', ['1:1 : YAML: Unknown directive %FOO']],
};

const refused: Record<string, [document: string, errors: string[]]> = {
  'tags of any kind': [
    'deployable: !!str d\nassemblies: !foo { a: }\n',
    ['1:19 deployable: has the tag !!str', '2:18 assemblies: has the tag !foo'],
  ],
  'keys that are no texts': [
    'deployable: d\nassemblies:\n  [x]: {}\n  &a b: {}\n  *a : {}\n',
    ['3:3 assemblies: a key is a plain text', '5:3 assemblies: a key is a plain text'],
  ],
  'an alias without an anchor': [
    'deployable: d\nassemblies:\n  a: *none\n  b: &none {}\n',
    ['3:6 assemblies.a: the alias *none has no anchor &none before it'],
  ],
  'an alias inside of what it stands for': [
    'deployable: d\nassemblies:\n  a: &a\n    resources: *a\n',
    ['4:16 assemblies.a.resources: the alias *a lies inside what it stands for'],
  ],
  'a merge key': [
    'deployable: d\nassemblies:\n  a: &a { image: x }\n  b: { <<: *a }\n',
    ['4:8 assemblies.b.<<: unknown key "<<"'],
  ],
  'a key given twice, and what is wrong in either': [
    'deployable: d\nassemblies:\n  a: { image: "" }\n  a: { size: 5 }\n',
    [
      '3:15 assemblies.a.image: "" is not allowed here',
      '4:3 assemblies.a: "a" is given twice, first at 3:3',
      '4:14 assemblies.a.size: a map is expected, not "5"',
    ],
  ],
  'a field given twice': [
    'deployable: d\ndeployable: e\nassemblies: { a: }\n',
    ['2:1 deployable: "deployable" is given twice, first at 1:1'],
  ],
  'characters that a CIB cannot hold': [
    'deployable: d\nassemblies: { a: { image: "x\\0y" }, b: { image: "\\uD800" } }\n',
    [
      '2:29 assemblies.a.image: contains the character U+0000',
      '2:50 assemblies.b.image: contains the character U+D800',
    ],
  ],
  'values that only look like one': [
    'deployable: ~\nassemblies: null\n',
    ['1:1 : deployable is missing', '1:1 : assemblies is missing'],
  ],
};

for (const [name, [document, expected]] of Object.entries({ ...broken, ...refused })) {
  test(`YAML with ${name} is refused at its place`, () => assert.deepEqual(errorsOf(document), expected));
}

test('a value of an alias has its own place and the path of the alias', () => {
  const document = 'deployable: d\nassemblies:\n  a: &one\n    size: { cpus: 0 }\n  b: *one\n';
  assert.deepEqual(errorsOf(document), [
    '4:19 assemblies.a.size.cpus: "0" is out of range',
    '4:19 assemblies.b.size.cpus: "0" is out of range',
  ]);
});

test('aliases stand for what their anchor holds', () => {
  const document = 'deployable: d\nassemblies:\n  a: &one { size: &s { cpus: 3 } }\n  b: *one\n  c: { size: *s }\n';
  const parsed = parseDeployable(document, 'yaml');
  assert.equal(parsed.kind, 'deployable');
  const cpus = parsed.kind === 'deployable' ? parsed.deployable.assemblies.map((assembly) => assembly.cpus) : [];
  assert.deepEqual(cpus, [3, 3, 3]);
});

test('places in texts of every style', () => {
  const resources = (command: string) =>
    `deployable: d\nassemblies:\n  a:\n    resources:\n      r:\n        exec:\n          command:\n            - x\n            - ${command}\n`;
  const cases: [string, string][] = [
    ['ab ${x.ipaddress}', '9:18'],
    ['"ab ${x.ipaddress}"', '9:19'],
    ["'ab ${x.ipaddress}'", '9:19'],
    ['|\n              ab\n                cd ${x.ipaddress}', '11:20'],
    ['>\n              ab\n              cd ${x.ipaddress}', '9:15'],
  ];
  for (const [command, place] of cases) {
    const path = 'assemblies.a.resources.r.exec.command[1]';
    assert.deepEqual(errorsOf(resources(command)), [`${place} ${path}: there is no assembly "x"`], command);
  }
});

test('lines that end with CR LF have the same places', () => {
  const document = 'deployable: d\r\nassemblies:\r\n  a:\r\n    size: { cpus: 0 }\r\n';
  assert.deepEqual(errorsOf(document), ['4:19 assemblies.a.size.cpus: "0" is out of range']);
});
