import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Deployable, subjectId } from './deployable.js';
import { parseDeployable } from './parse-deployable.js';
import { renderProblem } from './problem.js';

const top = `deployable: d
hosts: [h1, h2, h3, h4]
assemblies:
  a: { resources: { r: { agent: "lsb:x" }, s: { agent: "lsb:x" } } }
  b: { resources: { r: { agent: "lsb:x" } } }
  w: { replicas: 2, resources: { x: { agent: "lsb:x" }, y: { agent: "lsb:x" } } }
  p: { replicas: 2, resources: { p: { agent: "ocf:p:t", clone: { promotable: true }, configure: { url: /c } } } }
`;

/** Constraints begin in line 9, column 3. */
function parse(...constraints: string[]) {
  return parseDeployable(`${top}constraints:\n${constraints.map((each) => `- ${each}`).join('\n')}\n`, 'yaml');
}

function problemsOf(...constraints: string[]): string[] {
  const parsed = parse(...constraints);
  const problems = parsed.kind === 'problems' ? parsed.problems : parsed.warnings;
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

function modelOf(...constraints: string[]): Deployable {
  const parsed = parse(...constraints);
  if (parsed.kind === 'problems') assert.fail(parsed.problems.map(renderProblem).join('\n'));
  return parsed.deployable;
}

test('a location is one for each replica', () => {
  const { constraints } = modelOf(
    '{ location: { assembly: w, host: h1, score: 5 }, id: l }',
    '{ location: { resource: p.p, replica: p-2, score: -INFINITY } }',
  );
  const shown = constraints.map((constraint) =>
    constraint.kind === 'location' && constraint.preference.kind === 'node'
      ? [constraint.id, subjectId(constraint.subject), constraint.preference.node, constraint.preference.score]
      : [],
  );
  assert.deepEqual(shown, [
    ['l.1', 'w-1.vm', 'h1', 5],
    ['l.2', 'w-2.vm', 'h1', 5],
    ['location-1', 'p.p-clone', 'p-2', '-INFINITY'],
  ]);
});

test('a location that says nothing sound is refused at its place', () => {
  const cases: [string, string[]][] = [
    ['{}', ['9:15 what it is about is missing', '9:15 where is missing']],
    ['{ assembly: a }', ['9:15 where is missing']],
    ['{ assembly: a, host: h1 }', ['9:15 score is missing']],
    ['{ assembly: a, host: h11, score: 1 }', ['9:36 there is no launcher host "h11", did you mean h1?']],
    ['{ assembly: c, host: h1, score: 1 }', ['9:27 there is no assembly "c"']],
    ['{ assembly: a.r, host: h1, score: 1 }', ['9:27 a.r is a resource, did you mean a?']],
    ['{ resource: a, rule: { score: 1, expressions: [{ hours: 1 }] } }', ['9:27 a is an assembly']],
    ['{ resource: a.r, host: h1, score: 1 }', ['9:38 a.r runs inside of its assembly, not on a launcher host']],
    ['{ resource: a.r, replica: w-1, score: 1 }', ['9:41 a.r is no clone: it has no choice of replicas']],
    ['{ resource: p.p, replica: p-3, score: 1 }', ['9:41 there is no replica "p-3", did you mean p-1?']],
    [
      '{ resource: a.r, role: promoted, rule: { score: 1, expressions: [{ hours: 1 }] } }',
      ['9:38 a.r is no promotable clone: it is never promoted'],
    ],
    ['{ assembly: a, resource: a.r, host: h1, score: 1 }', ['9:15 has assembly and resource']],
    ['{ assembly: a, host: h1, rule: { score: 1, expressions: [{ hours: 1 }] } }', ['9:15 has host and rule']],
    ['{ assembly: a, score: 1, rule: { score: 1, expressions: [{ hours: 1 }] } }', ['9:37 a rule has its own score']],
  ];
  for (const [location, expected] of cases) {
    assert.deepEqual(problemsOf(`{ location: ${location} }`), expected, location);
  }
});

test('a rule that says nothing sound is refused at its place', () => {
  const cases: [string, string[]][] = [
    ['{ score: 1, expressions: [] }', ['10:27 a rule has one expression or more']],
    ['{ score: 1 }', ['10:2 expressions is missing']],
    ['{ expressions: [{ hours: "9-16" }] }', ['10:2 score is missing']],
    ['{ score: 1, combine: xor, expressions: [{ hours: "9-16" }] }', ['10:23 "xor" is unknown, did you mean or?']],
    ['{ score: 1, expressions: [{}] }', ['10:28 what it looks at is missing']],
    ['{ score: 1, expressions: [{ attribute: zone }] }', ['10:28 is is missing']],
    ['{ score: 1, expressions: [{ is: eq, value: x }] }', ['10:28 attribute is missing']],
    ['{ score: 1, expressions: [{ attribute: zone, is: eq }] }', ['10:28 value is missing']],
    ['{ score: 1, expressions: [{ attribute: zone, is: not_defined }] }', []],
    ['{ score: 1, expressions: [{ attribute: zone, is: not-defined, value: 1 }] }', ['10:71 not-defined has no value']],
    [
      '{ score: 1, expressions: [{ attribute: "a b", is: like, value: 1 }] }',
      ['10:41 "a b" is not allowed here', '10:52 "like" is unknown'],
    ],
    ['{ score: 1, expressions: [{ date: {} }] }', ['10:36 when is missing']],
    [
      '{ score: 1, expressions: [{ date: { before: 2027-01-01, after: 2026-01-01 } }] }',
      ['10:36 has before and after'],
    ],
    ['{ score: 1, expressions: [{ date: { before: tomorrow } }] }', ['10:46 "tomorrow" is not allowed here']],
    ['{ score: 1, expressions: [{ date: { before: 2027-02-29 } }] }', ['10:46 "2027-02-29" is no date']],
    [
      '{ score: 1, expressions: [{ date: { after: 2027-01-01T10:00:00 } }] }',
      ['10:45 "2027-01-01T10:00:00" is not allowed here'],
    ],
    ['{ score: 1, expressions: [{ date: { in-range: [2027-01-02] } }] }', ['10:48 a range has a start and an end']],
    [
      '{ score: 1, expressions: [{ date: { in-range: [2027-01-02, 2027-01-01] } }] }',
      ['10:48 the range ends before it begins'],
    ],
    [
      '{ score: 1, expressions: [{ hours: 24, weekdays: "5-1", months: x }] }',
      ['10:37 "24" is out of range', '10:51 "5-1" is out of range', '10:66 "x" is not allowed here'],
    ],
    ['{ score: 1, expressions: [{ hours: 1, attribute: a, is: defined }] }', ['10:28 is several expressions in one']],
  ];
  for (const [rule, expected] of cases) {
    assert.deepEqual(problemsOf(`{ location: { resource: a.r, rule:\n ${rule} } }`), expected, rule);
  }
});

test('colocations are within replicas, or of each with each', () => {
  const { constraints } = modelOf(
    '{ colocation: { resource: w.x, with: w.y } }',
    '{ colocation: { resource: w, with: a, score: 5 } }',
    '{ colocation: { set: [a.r, a.s] } }',
    '{ together: [a, w], score: 10, node-attribute: zone }',
    '{ apart: w }',
  );
  const shown = constraints.map((constraint) => {
    if (constraint.kind === 'colocation')
      return [constraint.id, subjectId(constraint.resource), subjectId(constraint.with)];
    return constraint.kind === 'colocated-set'
      ? [constraint.id, ...constraint.members.map(subjectId), constraint.score]
      : [];
  });
  assert.deepEqual(shown, [
    ['colocation-1.1', 'w-1.x', 'w-1.y'],
    ['colocation-1.2', 'w-2.x', 'w-2.y'],
    ['colocation-2.1', 'w-1.vm', 'a.vm'],
    ['colocation-2.2', 'w-2.vm', 'a.vm'],
    ['colocation-3', 'a.r', 'a.s', 'INFINITY'],
    ['colocation-4', 'a.vm', 'w-1.vm', 'w-2.vm', 10],
    ['colocation-5', 'w-1.vm', 'w-2.vm', '-INFINITY'],
  ]);
});

test('a colocation that says nothing sound is refused at its place', () => {
  const cases: [string, string[]][] = [
    ['{ colocation: { set: [a.r], with: a.s } }', ['9:17 has set and with', '9:24 a set has two members or more']],
    ['{ colocation: { set: [a.r, a.r] } }', ['9:30 a.r is in this set twice']],
    ['{ colocation: { resource: w, with: w-1 } }', ['9:17 w is colocated with itself']],
    [
      '{ colocation: { resource: a, with: a.r } }',
      ['9:17 a is a VM on a launcher host, a.r runs inside of one: they never share a node'],
    ],
    ['{ colocation: { resource: a, with: a.r, node-attribute: zone } }', []],
    ['{ colocation: { resource: a.r, with: p.p, with-role: promoted, score: 5 } }', []],
    [
      '{ colocation: { resource: a.r, with: p.p } }',
      ['9:17 a.r can never run: it lives in another assembly than p.p-clone'],
    ],
    ['{ colocation: { set: [a.r, b.r] } }', ['9:24 b.r can never run: it lives in another assembly than a.r']],
    [
      '{ colocation: { resource: a.r, with: a.s, role: unpromoted } }',
      ['9:51 a.r is no promotable clone: it is never unpromoted'],
    ],
    ['{ apart: [a, a.r] }', ['9:16 a.r is a resource, did you mean a?']],
    ['{ apart: a }', ['9:12 apart is about two VMs or more']],
    ['{ apart: [a, b], score: 5 }', ['9:27 with this score they are not apart']],
    ['{ together: [a, b], score: 0 }', ['9:30 with this score they are not together']],
    ['{ apart: [a, b], together: [a, b] }', ['9:3 has together and apart']],
    ['{ apart: [a, w, w-1] }', ['9:19 w-1 is in this set twice']],
  ];
  for (const [constraint, expected] of cases) assert.deepEqual(problemsOf(constraint), expected, constraint);
});

test('a group that says nothing sound is refused at its place', () => {
  const cases: [string, string[]][] = [
    ['{ group: [a.r, b.r] }', ['9:18 b.r is not in a']],
    ['{ group: [a.r, a.r] }', ['9:18 a.r is in this group twice']],
    ['{ group: [] }', ['9:12 a group has one resource or more']],
    ['{ group: [p.p] }', ['9:13 p.p is a clone, which no group can have']],
    ['{ group: [a] }', ['9:13 a is an assembly']],
    ['{ group: [a.r], id: b }', ['9:23 the id "b" is taken by an assembly']],
    ['{ group: [a.r], id: w }', ['9:23 the id "w" is taken by an assembly']],
    ['{ group: [a.r], id: H1 }', ['9:23 the group "H1" has the name of a node']],
    ['{ group: [a.r], id: a.b }', ['9:23 the group name "a.b" is not allowed']],
    ['{ group: [w.x, w-1.y] }', ['9:18 w-1.y is not in w']],
    ['{ group: [a.r], score: 1 }', ['9:19 unknown key "score"']],
  ];
  for (const [constraint, expected] of cases) assert.deepEqual(problemsOf(constraint), expected, constraint);
  assert.deepEqual(problemsOf('{ group: [a.r], id: g }', '{ group: [a.s, a.r], id: k }'), [
    '10:18 a.r is in the group "g" already',
  ]);
});

test('groups without a name get one that is free', () => {
  const { groups } = modelOf('{ group: [a.r] }', '{ group: [a.s], id: group-1 }', '{ group: [w.x, w.y] }');
  assert.deepEqual(
    groups.map(({ name, assembly, members }) => `${name} ${assembly} ${members.join()}`),
    ['group-1 a s', 'group-2 a r', 'group-3-1 w-1 x,y', 'group-3-2 w-2 x,y'],
  );
});

test('clones are named by the resource of the assembly, and their ids are theirs', () => {
  const document = `${top}pacemaker: |
  <rsc_location id="p.p-clone" rsc="p.p-clone" node="p-1" score="1"/>
  <rsc_location id="p.p" rsc="p.p" node="p-1" score="1"/>
  <rsc_location id="x" rsc="p-1.p" node="p" score="1"/>
  <rsc_order id="p.p-configure-clone" first="p.p-configure-clone" then="p.p-clone"/>
`;
  const parsed = parseDeployable(document, 'yaml');
  const problems = parsed.kind === 'problems' ? parsed.problems : [];
  assert.deepEqual(
    problems.map(({ line, message }) => `${line} ${message}`),
    [
      '9 the id "p.p-clone" is taken by a clone',
      '10 the id "p.p" is taken by a resource',
      '11 p-1.p is an instance of a clone',
      '11 there is no node "p"',
      '12 the id "p.p-configure-clone" is taken by a clone',
    ],
  );
  const clash =
    'deployable: d\nassemblies: { a: { replicas: 1, resources: { r: { agent: "lsb:x", clone: true }, r-clone: { agent: "lsb:x", clone: true } } } }';
  const result = parseDeployable(clash, 'yaml');
  assert.match(
    result.kind === 'problems' ? (result.problems[0]?.message ?? '') : '',
    /the id "a\.r-clone" is taken by a clone/,
  );
});

test('an attribute that nothing has is warned of where the document says what there is', () => {
  const hosts = 'hosts: { h1: { attributes: { zone: x } }, h2: }';
  const rule = (name: string) => `rule: { score: 1, expressions: [{ attribute: ${name}, is: eq, value: x }] }`;
  const cases: [string, string[]][] = [
    [
      `${hosts}|{ location: { assembly: a, ${rule('zoen')} } }`,
      ['no launcher host has the attribute "zoen", did you mean zone?'],
    ],
    [`${hosts}|{ location: { assembly: a, ${rule('zone')} } }`, []],
    [`${hosts}|{ location: { assembly: a, ${rule('"#uname"')} } }`, []],
    [`${hosts}|{ apart: [a, b], node-attribute: rack }`, ['no launcher host has the attribute "rack"']],
    [
      `${hosts}|{ location: { resource: a.r, ${rule('zone')} } }`,
      ['no assembly has the attribute "zone", did you mean zones?'],
    ],
    [`placement: default|{ location: { assembly: a, ${rule('zone')} } }`, []],
  ];
  for (const [document, expected] of cases) {
    const [head = '', constraint = ''] = document.split('|');
    const text = `deployable: d\n${head}\nassemblies: { a: { attributes: { zones: 1 }, resources: { r: { agent: "lsb:x" } } }, b: {} }\nconstraints: [${constraint}]\n`;
    const parsed = parseDeployable(text, 'yaml');
    const problems = parsed.kind === 'problems' ? parsed.problems : parsed.warnings;
    assert.deepEqual(
      problems.map(({ message }) => message),
      expected,
      document,
    );
  }
});
