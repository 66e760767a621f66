import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PacemakerSection } from './deployable.js';
import { parseDeployable } from './parse-deployable.js';
import { renderProblem } from './problem.js';

const top = `deployable: d
hosts: [h]
assemblies:
  a: { resources: { r: { agent: "lsb:x" }, s: { agent: "lsb:x" }, t: { agent: "lsb:x" } } }
  w: { replicas: 2, resources: { x: { agent: "lsb:x" } } }
groups: { g: [a.r, a.s], v: [w.x] }
`;

/** The section begins in line 8, column 3. */
function parse(...lines: string[]) {
  return parseDeployable(`${top}pacemaker: |\n${lines.map((line) => `  ${line}`).join('\n')}\n`, 'yaml');
}

function sectionOf(...lines: string[]): PacemakerSection {
  const parsed = parse(...lines);
  if (parsed.kind === 'problems') assert.fail(parsed.problems.map(renderProblem).join('\n'));
  return parsed.deployable.pacemaker;
}

function problemsOf(...lines: string[]): string[] {
  const parsed = parse(...lines);
  const problems = parsed.kind === 'problems' ? parsed.problems : parsed.warnings;
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

test('whatever the schema allows is accepted', () => {
  const elements = [
    '<rsc_location id="l1" rsc="a.vm" node="h" score="-INFINITY" resource-discovery="never" role="Started"/>',
    '<rsc_location id="l2" rsc-pattern="a\\..*"><rule id="r1" score-attribute="x"><expression id="e1" attribute="y" operation="gt" value="5" type="number"/></rule></rsc_location>',
    '<rsc_location id="l3" rsc="g"><rule id="r2" boolean-op="or" score="5"><date_expression id="d1" operation="in_range" start="2027-01-01"><duration id="u1" months="2"/></date_expression><date_expression id="d2" operation="date_spec"><date_spec id="s1" weekdays="1-5"/></date_expression><rule id="r3"><expression id="e2" attribute="#uname" operation="defined"/></rule></rule></rsc_location>',
    '<rsc_location id="l4" rsc="a.t"><rule id-ref="r1"/></rsc_location>',
    '<rsc_location id="l5" node="h" score="1"><resource_set id="q0"><resource_ref id="a.t"/></resource_set></rsc_location>',
    '<rsc_colocation id="c1" rsc="a.r" with-rsc="a.s" score="5" influence="false" rsc-role="Started" node-attribute="z"/>',
    '<rsc_colocation id="c2" score="INFINITY"><resource_set id="q1" sequential="false"><resource_ref id="w-1.vm"/><resource_ref id="w-2.vm"/></resource_set></rsc_colocation>',
    '<rsc_order id="o1" first="a.r" then="a.t" first-action="start" then-action="stop" kind="Serialize" symmetrical="false" require-all="0"/>',
    '<rsc_order id="o2"><resource_set id-ref="q1"/><resource_set id="q2" action="start" require-all="false"><resource_ref id="a.t"/></resource_set></rsc_order>',
    '<rsc_location id="l6" rsc="v-2" node="w-2" score="5"><lifetime><rule id="r4"><expression id="e3" attribute="a" operation="eq" value="1"/></rule></lifetime></rsc_location>',
    '<rsc_order id="o3" first="both" then="a.t"/>',
  ];
  const tags = [
    '<tag id="both"><obj_ref id="a.vm"/><obj_ref id="l1"/></tag>',
    '<tag id="t2">\n    <obj_ref id="g"/></tag>',
  ];
  const section = sectionOf(...elements, ...tags);
  assert.equal(section.constraints, elements.join('\n'));
  assert.equal(section.tags, tags.join('\n').replace('\n    ', '\n  '));
});

test('tags are taken out of the constraints wherever they stand', () => {
  const { constraints, tags } = sectionOf(
    '<!-- one --><tag id="x"><obj_ref id="a.r"/></tag><rsc_order id="o" first="x" then="a.t"/><tag id="y"><obj_ref id="a.s"/></tag>',
    '<!-- two -->',
  );
  assert.equal(constraints, '<!-- one --><rsc_order id="o" first="x" then="a.t"/>\n<!-- two -->');
  assert.equal(tags, '<tag id="x"><obj_ref id="a.r"/></tag>\n<tag id="y"><obj_ref id="a.s"/></tag>');
});

test('what the schema would refuse is refused at its place', () => {
  const cases: [string, string[]][] = [
    ['<rsc_location id="l" rsc="a.r" node="h"/>', ['8:3 <rsc_location> has node but no score']],
    [
      '<rsc_location id="l" rsc="a.r" score="1"/>',
      ['8:3 <rsc_location> has no node, no <rule>', '8:3 <rsc_location> has score but no node'],
    ],
    [
      '<rsc_location id="l" rsc="a.r" rsc-pattern="x" node="h" score="1"/>',
      ['8:3 <rsc_location> has rsc and rsc-pattern'],
    ],
    ['<rsc_location id="l" rsc="a.r" node="h" score="lots"/>', ['8:43 score cannot be "lots"']],
    [
      '<rsc_location id="l" rsc="a.r" node="h" score="1" discovery="x"/>',
      ['8:53 <rsc_location> has no attribute discovery'],
    ],
    ['<rsc_location id="l" rsc="a.r"><rule id="r" score="1"/></rsc_location>', ['8:34 <rule> is empty']],
    ['<rsc_colocation id="c" rsc="a.r"/>', ['8:3 <rsc_colocation> has rsc but no with-rsc']],
    ['<rsc_colocation id="c"/>', ['8:3 <rsc_colocation> has no rsc, no <resource_set>']],
    [
      '<rsc_order id="o" first="a.r" then="a.t" kind="optional"/>',
      ['8:44 kind cannot be "optional", did you mean Optional?'],
    ],
    ['<rsc_order id="o" first="a.r" then="a.t" symmetrical="yes"/>', ['8:44 symmetrical cannot be "yes"']],
    ['<rsc_order id="o" first="a.r" then="a.t" first-action="begin"/>', ['8:44 first-action cannot be "begin"']],
    [
      '<rsc_order id="o"><resource_ref id="a.r"/></rsc_order>',
      [
        '8:3 <rsc_order> has no first, no <resource_set>',
        '8:21 <resource_ref> has no place in <rsc_order>, did you mean resource_set?',
      ],
    ],
    ['<rsc_order id="o"><resource_set id="s"/></rsc_order>', ['8:21 <resource_set> is empty']],
    [
      '<rsc_order id="o"><resource_set id-ref="s"/></rsc_order>',
      ['8:35 there is no element of this section with the id "s"'],
    ],
    ['<rsc_order id="5" first="a.r" then="a.t"/>', ['8:14 id cannot be "5"']],
    ['<rsc_order id="cpe.x" first="a.r" then="a.t"/>', ['8:14 the id "cpe.x" is reserved']],
    ['<rsc_order id="a.r.start" first="a.r" then="a.t"/>', ['8:14 the id "a.r.start" is reserved for a part of a.r']],
    ['<rsc_order id="a.vm" first="a.r" then="a.t"/>', ['8:14 the id "a.vm" is taken by a VM']],
    ['<rsc_order id="o" first="w.x" then="a.t"/>', ['8:21 there is no resource "w.x"']],
    ['<rsc_order id="o" first="v" then="a.t"/>', ['8:21 there is no resource "v"']],
    ['<tag id="t"/>', ['8:3 <tag> is empty']],
    ['<tag id="t"><obj_ref id="a.q"/></tag>', ['8:24 there is nothing with the id "a.q", did you mean a.r?']],
    ['<template id="t"/>', ['8:3 <template> is no constraint and no tag']],
    [
      '<rsc_location id="l" rsc="a.r"><rule id="r"><date_expression id="d" operation="lt" start="x"/></rule></rsc_location>',
      ['8:47 <date_expression> of lt has no end', '8:47 <date_expression> of lt has start'],
    ],
    [
      '<rsc_location id="l" rsc="a.r"><rule id="r"><expression id="e" attribute="x"/></rule></rsc_location>',
      ['8:47 <expression> has no operation'],
    ],
  ];
  for (const [element, expected] of cases) assert.deepEqual(problemsOf(element), expected, element);
});

test('nodes are checked where the document lists its hosts, and warned of where it does not', () => {
  const element = '<rsc_location id="l" rsc="a.vm" node="rack" score="1"/>';
  assert.deepEqual(problemsOf(element), ['8:35 there is no node "rack"']);
  const parsed = parseDeployable(`deployable: d\nassemblies: { a: {} }\npacemaker: ${element}\n`, 'yaml');
  assert.deepEqual(parsed.kind === 'deployable' && parsed.warnings.map(({ message }) => message), [
    'nobody can tell whether there is a launcher host "rack"',
  ]);
});
