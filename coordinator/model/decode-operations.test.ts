import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource } from './deployable.js';
import { parseDeployable } from './parse-deployable.js';
import { renderProblem } from './problem.js';

/** A deployable whose resource `a.r` is defined in line 6 from column 10 on. */
function document(definition: string, top = 'templates: {}'): string {
  return `deployable: d\n${top}\nassemblies:\n  a:\n    resources:\n      r: ${definition}\n`;
}

/** The same where the assembly has three replicas, and the definition stands in line 7. */
function replicated(definition: string): string {
  return document(definition).replace('  a:\n', '  a:\n    replicas: 3\n');
}

function problemsOf(text: string): string[] {
  const parsed = parseDeployable(text, 'yaml');
  const problems = parsed.kind === 'problems' ? parsed.problems : parsed.warnings;
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

function resourceOf(text: string): Resource {
  const parsed = parseDeployable(text, 'yaml');
  const resource = parsed.kind === 'deployable' ? parsed.deployable.assemblies[0]?.resources[0] : undefined;
  if (parsed.kind === 'problems') assert.fail(parsed.problems.map(renderProblem).join('\n'));
  return resource ?? assert.fail('no resource');
}

const lsb = (rest: string) => document(`{ agent: "lsb:x", ${rest} }`);
const promotable = (rest: string) => replicated(`{ agent: "ocf:p:t", clone: { promotable: true }, ${rest} }`);

test('what may follow the failure of an operation is what Pacemaker allows', () => {
  const cases: [string, string[]][] = [
    [lsb('stop: { on-fail: stop }'), ['6:45 "stop" is unknown']],
    [lsb('stop: { on-fail: standby }'), ['6:45 "standby" is unknown']],
    [lsb('start: { on-fail: demote }'), ['6:46 "demote" is unknown']],
    [lsb('on-fail: demote'), ['6:37 only a promotable clone can be demoted']],
    [lsb('monitor: { on-fail: demote }'), ['6:37 only a promotable clone can be demoted']],
    [lsb('on-fail: stop, monitor: { on-fail: block }'), ['6:63 on-fail says stop at 6:37']],
    [promotable('demote: { on-fail: demote }'), ['7:78 "demote" is unknown']],
    [
      promotable('monitors: [{ interval: 1m, on-fail: demote }]'),
      ['7:95 only a monitor of the promoted role can demote'],
    ],
    [promotable('on-fail: demote, promote: { on-fail: demote }'), []],
  ];
  for (const [text, expected] of cases) assert.deepEqual(problemsOf(text), expected, text);
});

test('operations belong to those who have them', () => {
  const cases: [string, string[]][] = [
    [lsb('promote: {}'), ['6:37 promote belongs to a promotable clone']],
    [lsb('notify: {}'), ['6:36 notify belongs to a clone with notify: true']],
    [lsb('reload: {}'), ['6:36 reload belongs to an ocf agent']],
    [lsb('target-role: promoted'), ['6:41 only a promotable clone is ever promoted']],
    [lsb('monitors: [{ interval: 1m, role: unpromoted }]'), ['6:61 only a promotable clone is ever unpromoted']],
    [lsb('monitors: [{ interval: 1m, depth: 10 }]'), ['6:62 only an ocf agent has checks of several depths']],
    [lsb('clone: true'), ['6:35 only an assembly with replicas has clones']],
    [replicated('{ agent: "lsb:x", clone: { promotable: true } }'), ['7:35 class lsb has no promote and demote']],
    [
      replicated('{ agent: "lsb:x", clone: true, exclusive: true }'),
      [
        '7:52 its agent stops it when it has not reached the DPE for the length of its lease, also when only the bus is down',
        '7:52 a clone is active in several replicas',
      ],
    ],
    [replicated('{ agent: "lsb:x", clone: { notify: true } }'), ['7:35 class lsb has no notify']],
    [replicated('{ agent: "lsb:x", clone: true, configure: { url: /c } }'), []],
    [
      replicated('{ agent: "lsb:x", clone: { max: 4, promotable: { promoted-max: 4, prefer: [a-4, a-1, a-1] } } }'),
      [
        '7:35 class lsb has no promote and demote',
        '7:42 "4" is out of range',
        '7:73 4 promoted of 3',
        '7:85 there is no replica "a-4", did you mean a-1?',
        '7:95 a-1 is in this list twice',
      ],
    ],
  ];
  for (const [text, expected] of cases) assert.deepEqual(problemsOf(text), expected, text);
});

test('monitors of one resource have intervals of their own', () => {
  assert.deepEqual(problemsOf(lsb('monitors: [{ interval: 10s }, { interval: 1m }, { interval: 60s }, {}]')), [
    '6:39 a second monitor every 10s',
    '6:76 a second monitor every 1m',
    '6:95 interval is missing',
  ]);
});

test('a promotable clone is watched while promoted also if it says nothing', () => {
  const { operations } = resourceOf(promotable('monitors: [{ interval: 11s }], on-fail: demote'));
  assert.deepEqual(
    operations.map(({ name, intervalMs, role, timeoutMs, onFail }) => [name, intervalMs, role, timeoutMs, onFail]),
    [
      ['promote', 0, undefined, 60_000, undefined],
      ['demote', 0, undefined, 60_000, undefined],
      ['monitor', 11_000, undefined, 20_000, undefined],
      ['monitor', 12_000, 'promoted', 20_000, 'demote'],
    ],
  );
});

test('what a failed monitor means is said once for all monitors', () => {
  const extra = 'monitors: [{ interval: 1m }, { interval: 2m, on-fail: ignore }]';
  const shown = (text: string) => {
    const { onFail, operations } = resourceOf(text);
    return [onFail, ...operations.map((operation) => operation.onFail)];
  };
  assert.deepEqual(shown(lsb(`on-fail: block, ${extra}`)), ['block', 'block', 'ignore']);
  assert.deepEqual(shown(lsb(`monitor: { on-fail: stop }, ${extra}`)), ['stop', 'stop', 'ignore']);
  assert.deepEqual(shown(lsb(extra)), ['restart', undefined, 'ignore']);
  const defaults = 'defaults: { operation: { monitor: { on-fail: block } }, resource: { on-fail: stop } }';
  assert.deepEqual(shown(document('{ agent: "lsb:x" }', defaults)), ['block']);
  assert.deepEqual(shown(document('{ agent: "lsb:x", on-fail: restart }', defaults)), ['restart']);
});

test('defaults reach what says nothing else', () => {
  const defaults =
    'defaults: { resource: { priority: 5, managed: true, escalation: { failures: 9 } }, operation: { timeout: 7s, stop: { timeout: 8s, on-fail: ignore }, monitor: { interval: 3s } }, assembly: { image: i, size: { cpus: 3 }, target-role: stopped } }';
  const parsed = parseDeployable(
    document('{ agent: "lsb:x", escalation: { period: 1h }, stop: { timeout: 9s } }', defaults),
    'yaml',
  );
  const assembly = parsed.kind === 'deployable' ? parsed.deployable.assemblies[0] : undefined;
  const resource = assembly?.resources[0];
  assert.deepEqual([resource?.priority, resource?.escalation], [5, { failures: 9, periodMs: 3_600_000 }]);
  assert.deepEqual(resource?.start, { timeoutMs: 7000 });
  assert.deepEqual(resource?.stop, { timeoutMs: 9000, onFail: 'ignore' });
  assert.deepEqual(resource?.monitor, { intervalMs: 3000, timeoutMs: 7000 });
  assert.deepEqual([assembly?.image, assembly?.cpus, assembly?.targetRole], ['i', 3, 'stopped']);
  assert.deepEqual(assembly?.utilization, { cpus: 3 });
});

test('a resource takes from its template what it leaves out, and a problem there is one problem', () => {
  const template =
    'templates: { t: { agent: "ocf:p:t", parameters: { a: 1, b: 2 }, start: { timeout: 5s }, monitor: { interval: 3s } } }';
  const own = resourceOf(
    document('{ template: t, parameters: { b: 3, c: 4 }, start: { on-fail: stop }, monitor: }', template),
  );
  assert.deepEqual(Object.keys(own.parameters), ['b', 'c', 'a']);
  assert.deepEqual(own.parameters.b, [{ kind: 'text', text: '3' }]);
  assert.deepEqual([own.start, own.monitor.intervalMs], [{ timeoutMs: 5000, onFail: 'stop' }, 3000]);
  const other = document('{ template: t, exec: { command: [x] }, parameters: }', template);
  assert.equal(resourceOf(other).agent.class, 'exec');

  const broken = document(
    '{ template: t }\n      s: { template: t }\n      u: { template: v }',
    'templates: { t: { agent: "lsb:x", start: { timeout: 5 } }, w: { promote: {}, exec: { user: a }, stopp: 1, template: t } }',
  );
  assert.deepEqual(problemsOf(broken), [
    '2:53 "5" has no unit, did you mean 5s?',
    '2:60 no resource has the template "w"',
    '2:97 unknown key "stopp", did you mean stop?',
    '2:117 a template has no template',
    '8:22 there is no template "v"',
  ]);
});

test('options that would hurt are warned of where they are written', () => {
  const cases: [string, RegExp][] = [
    [lsb('on-fail: fence'), /^6:37 fence recovers the whole VM/],
    [lsb('start: { on-fail: standby }'), /^6:46 standby stops every resource of the assembly/],
    [lsb('stop: { on-fail: ignore }'), /^6:45 a stop that failed counts as done/],
    [lsb('stop: { on-fail: block }'), /^6:45 a resource that cannot be stopped stays/],
    [lsb('managed: false'), /^6:37 what is not managed is not protected from its VM/],
    [lsb('exclusive: true'), /^6:39 its agent stops it when it has not reached the DPE/],
    [lsb('migration-threshold: 3'), /^6:49 a resource has nowhere to migrate to/],
    [
      document('{ agent: "lsb:x" }', 'defaults: { assembly: { stickiness: 0 } }'),
      /^2:37 without stickiness one failed/,
    ],
    ['deployable: d\nassemblies: { a: { managed: false } }', /^2:29 nothing is done about a VM that is not managed/],
    [
      'deployable: d\nhosts: [h]\nassemblies: { a: { migration-threshold: 1 } }',
      /^3:41 with one launcher host a VM has nowhere/,
    ],
    [
      'deployable: d\nassemblies: { a: { resources: { r: { agent: "lsb:x", failure-timeout: 1m }, s: { agent: "lsb:x" } } } }\nconstraints: [{ order: [a.r, a.s] }]',
      /^2:71 others depend on a\.r: each time its failures are forgotten/,
    ],
    [
      'deployable: d\nassemblies: { a: { resources: { r: { agent: "lsb:x", failure-timeout: 1m }, s: { agent: "lsb:x" } } } }\ngroups: { g: [a.r, a.s] }',
      /^2:71 others depend on a\.r/,
    ],
    [
      'deployable: d\nassemblies: { a: { utilization: { cpus: 1 } } }',
      /^2:33 nobody looks at utilization while placement is/,
    ],
    [
      'deployable: d\nplacement: minimal\nhosts: { h: { utilization: { memory: 1GiB } } }\nassemblies: { a: { size: { memory: 2GiB } } }',
      /^4:26 no launcher host has room for it: it takes memory: 2GiB/,
    ],
    [
      'deployable: d\nhosts: [h]\nassemblies: { a: { replicas: 3 } }\nconstraints: [{ apart: a }]',
      /^4:24 2 of 3 VMs can never run: there are 1 launcher hosts/,
    ],
    [
      'deployable: d\nassemblies: { a: {} }\nconstraints: [{ location: { assembly: a, host: h, score: 1 } }]',
      /^3:48 nobody can tell whether/,
    ],
  ];
  for (const [text, expected] of cases) {
    const [problem = '', ...others] = problemsOf(text);
    assert.match(problem, expected);
    assert.deepEqual(others, [], text);
    assert.equal(parseDeployable(text, 'yaml').kind, 'deployable', text);
  }
});

test('hosts are a list of names or a map of what is said of them', () => {
  const cases: [string, string[]][] = [
    ['[a1, b1]', []],
    ['{ a1: , b1: { utilization: { cpus: 2, disk: 10GiB }, attributes: { zone: x } } }', []],
    ['local', ['2:8 a list is expected, not "local"']],
    ['{ h: {}, H: {} }', ['2:17 the launcher host "H" is given twice']],
    ['{ h: {}, h: {} }', ['2:17 "h" is given twice, first at 2:10']],
    ['{ 5x: {} }', ['2:10 the launcher host name "5x" is not allowed']],
    ['{ h: { size: 1 } }', ['2:15 unknown key "size"']],
    [
      '{ h: { utilization: { memory: 5, cpus: -1, "a b": 1 } } }',
      ['2:38 "5" is not a size', '2:47 "-1" is out of range', '2:51 the name "a b" is not allowed'],
    ],
    [
      '{ h: { attributes: { "#x": 1, standby: on, y: [] } } }',
      [
        '2:29 the name "#x" is not allowed',
        '2:38 the attribute "standby" is Pacemaker\'s own',
        '2:54 a text is expected, not a list',
      ],
    ],
  ];
  for (const [hosts, expected] of cases) {
    assert.deepEqual(problemsOf(`deployable: d\nhosts: ${hosts}\nassemblies: { a: {} }`), expected, hosts);
  }
});

test('what a template risks is told of the resource that has it', () => {
  const uses = (own: string) =>
    document(`{ template: t${own} }`, 'templates: { t: { agent: "lsb:x", escalation: { failures: 9, period: 30s } } }');
  assert.equal(problemsOf(uses('')).length, 1);
  assert.match(problemsOf(uses(''))[0] ?? '', /^2:47 never escalates: 9 failures/);
  assert.deepEqual(problemsOf(uses(', monitor: { interval: 1s, timeout: 1s }')), []);
});
