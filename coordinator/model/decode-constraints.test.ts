import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deployable } from './deployable.js';
import { parseDeployable } from './parse-deployable.js';
import { plainOrder } from './plain.js';

const assemblies = `deployable: d
hosts: [h]
assemblies:
  a: { resources: { r: { agent: "lsb:x" }, s: { agent: "lsb:x" }, t: { agent: "lsb:x", configure: { url: /c } } } }
  a_b: { resources: { c: { agent: "lsb:x" } } }
  b: { resources: { c_d: { agent: "lsb:x" } } }
  b_c: { resources: { d: { agent: "lsb:x" } } }
`;

/** Every problem of a document whose constraints begin in line 9, as `line:column message`. */
function problemsOf(...lines: string[]): string[] {
  const parsed = parseDeployable(`${assemblies}constraints:\n${lines.join('\n')}\n`, 'yaml');
  const problems = parsed.kind === 'problems' ? parsed.problems : parsed.warnings;
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

function modelOf(text: string): Deployable {
  const parsed = parseDeployable(`${assemblies}${text}`, 'yaml');
  if (parsed.kind === 'problems') assert.fail(JSON.stringify(parsed.problems));
  return parsed.deployable;
}

test('constraints that mean nothing are refused at their place', () => {
  const cases: [string[], string[]][] = [
    [['- { order: [a.r, a.s, a.r] }'], ['9:23 a.r is in this order twice']],
    [['- { order: [a.r] }'], ['9:12 an order has two steps or more']],
    [['- { order: a.r }'], ['9:12 a list is expected, not "a.r"']],
    [['- { order: [a.r, a.q] }'], ['9:18 there is no resource "a.q", did you mean a.r?']],
    [['- { order: [a.r, a.vm] }'], ['9:18 there is no resource "a.vm"']],
    [['- {}'], ['9:3 what it constrains is missing']],
    [['- a.r'], ['9:3 a map is expected, not "a.r"']],
    [['- { order: [a.r, a.s], colocation: {} }'], ['9:3 has order and colocation']],
    [['- { order: [a.r, a.s], score: 1 }'], ['9:24 unknown key "score"']],
    [['- { colocation: { resource: a.r, with: a.r } }'], ['9:17 a.r is colocated with itself']],
    [['- { colocation: { resource: a.r } }'], ['9:17 with is missing']],
    [['- { colocation: { resource: a.r, with: a.s, score: much } }'], ['9:52 "much" is not allowed here']],
    [['- { order: [a.r, a.s], id: 1x }'], ['9:28 "1x" is not allowed here']],
    [['- { order: [a.r, a.s], id: a }'], ['9:28 the id "a" is taken by an assembly']],
    [['- { order: [a.r, a.s], id: a.r }'], ['9:28 the id "a.r" is taken by a resource']],
    [['- { order: [a.r, a.s], id: h }'], ['9:28 the id "h" is taken by a launcher host']],
    [
      ['- { order: [a.r, a.s], id: x }', '- { order: [a.s, a.t], id: x }'],
      ['10:28 the id "x" is taken by another constraint'],
    ],
  ];
  for (const [lines, expected] of cases) assert.deepEqual(problemsOf(...lines), expected, lines.join('\n'));
});

test('orders that run in a circle are refused, with the circle', () => {
  assert.deepEqual(problemsOf('- { order: [a.t, a.r] }', '- { order: [a.r, a.s, a.t] }'), [
    '10:3 the order is a circle: a.t, a.r, a.s, a.t',
  ]);
  assert.deepEqual(
    problemsOf(
      '- { order: [a.r, a.s] }',
      '- { order: [a.s, a.r] }',
      '- { order: [b.c_d, b_c.d] }',
      '- { order: [b_c.d, b.c_d] }',
    ),
    ['10:3 the order is a circle: a.r, a.s, a.r', '12:3 the order is a circle: b.c_d, b_c.d, b.c_d'],
  );
});

test("the original's names are understood where they mean one resource", () => {
  const { constraints } = modelOf('constraints: [{ order: [rsc_a_r, rsc_a_b_c, a.s] }]\n');
  const sequence = [
    { assembly: 'a', resource: 'r' },
    { assembly: 'a_b', resource: 'c' },
    { assembly: 'a', resource: 's' },
  ];
  assert.deepEqual(constraints, [plainOrder('order-1', sequence)]);
  assert.deepEqual(problemsOf('- { order: [rsc_b_c_d, a.r] }', '- { order: [rsc_a_q, a.r] }'), [
    '9:13 "rsc_b_c_d" may mean 2 resources',
    '10:13 there is no resource "rsc_a_q", did you mean rsc_a_r?',
  ]);
});

test('scores are numbers up to a million, which is infinite', () => {
  const score = (text: string) => {
    const [constraint] = modelOf(
      `constraints: [{ colocation: { resource: a.r, with: a.s, score: ${text} } }]\n`,
    ).constraints;
    return constraint?.kind === 'colocation' ? constraint.score : undefined;
  };
  const cases: [string, number | string][] = [
    ['5', 5],
    ['-5', -5],
    ['+5', 5],
    ['999999', 999_999],
    ['1000000', 'INFINITY'],
    ['INFINITY', 'INFINITY'],
    ['+INFINITY', 'INFINITY'],
    ['-INFINITY', '-INFINITY'],
    ['-2000000', '-INFINITY'],
    ['', 'INFINITY'],
  ];
  for (const [text, expected] of cases) assert.equal(score(text), expected, text);
});

test('constraints without an id get one that nothing else has', () => {
  const { constraints } = modelOf(`constraints:
  - { order: [a.r, a.s] }
  - { order: [a.s, a.t], id: order-1 }
  - { order: [a.r, a.t] }
pacemaker: <rsc_order id="order-2" first="a.r" then="b.c_d"/>
`);
  assert.deepEqual(
    constraints.map(({ id }) => id),
    ['order-3', 'order-1', 'order-4'],
  );
});

test('the raw section names resources, their VMs and configure steps, and nodes', () => {
  const raw = `
    <rsc_location id="l" rsc="a.vm" node="h" score="100"/> <!-- & < -->
    <rsc_location id="m" rsc="a.r"><rule id="mr" score="1"><expression id="me" attribute="#uname" operation="eq" value="x"/></rule></rsc_location>
    <rsc_order id="o"><resource_set id="s"><resource_ref id="a.t-configure"/><resource_ref id="a.s"/></resource_set></rsc_order>
    <rsc_colocation id="c" rsc="a.r" with-rsc="a.s" node-attribute="#site"/>
    <rsc_ticket id="t" rsc="b.c_d" ticket="x"/>`;
  assert.equal(modelOf(`pacemaker: |${raw}\n`).pacemaker.constraints, raw.trim().replaceAll('\n    ', '\n'));
});

test('what is wrong in the raw section is refused at its place', () => {
  const parsed = parseDeployable(
    `${assemblies}constraints: [{ order: [a.r, a.s], id: taken }]
pacemaker: |
  <rsc_location id="l" rsc="a.q" node="zz" score="1"/>
  text
  <rsc_order id="l" first="a.s" then="a.r"/>
  <primitive id="x"/>
  <rsc_colocation rsc="a.r-configure" with-rsc="a"><foo/></rsc_colocation>
  <rsc_ticket id="a.r" rsc="&foo;" ticket="t">x</rsc_ticket>
  <rsc_order id="k" first="a.s" then="a.r" kind="Optional"/>
  <rsc_order id="taken" first="a.t" then="a.r" first-action="stop"/>
`,
    'yaml',
  );
  const problems = parsed.kind === 'problems' ? parsed.problems : [];
  assert.deepEqual(
    problems.map(({ line, column, message }) => `${line}:${column} ${message}`),
    [
      '8:40 the id "taken" is taken by another constraint',
      '10:24 there is no resource "a.q", did you mean a.r?',
      '10:34 there is no node "zz"',
      '11:3 a text outside of any element',
      '12:3 the order is a circle: a.r, a.s, a.r',
      '12:14 the id "l" is taken by another constraint',
      '13:3 <primitive> is no constraint and no tag',
      '14:3 <rsc_colocation> has no id',
      '14:19 there is no resource "a.r-configure", did you mean a.t-configure?',
      '14:39 there is no resource "a"',
      '14:52 <foo> has no place in <rsc_colocation>',
      '15:3 nobody grants tickets here: what needs one never runs',
      '15:15 the id "a.r" is taken by a resource',
      '15:29 the entity &foo; is refused',
      '15:47 a text inside of <rsc_ticket>',
    ],
  );
});

test('a raw section that is no XML is refused at its place', () => {
  const places = (section: string) => {
    const parsed = parseDeployable(`${assemblies}pacemaker: ${section}\n`, 'yaml');
    return (parsed.kind === 'problems' ? parsed.problems : []).map(
      ({ line, column, message }) => `${line}:${column} ${message}`,
    );
  };
  assert.deepEqual(places('|\n  <rsc_order id="o">\n'), ['9:3 <rsc_order> is never closed']);
  assert.deepEqual(places(`"<?x?><!DOCTYPE y><rsc_order id='o'>"`), [
    '8:13 the processing instruction <?x?> is refused',
    '8:18 a DOCTYPE is refused: it could define entities',
    '8:30 <rsc_order> is never closed',
  ]);
  assert.deepEqual(places('[1]'), ['8:12 a text is expected, not a list']);
});
