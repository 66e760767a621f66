// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how documents write references
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDeployable } from './parse-deployable.js';
import { renderProblem } from './problem.js';

/** Every problem of a document, warnings too, as `line:column message`. */
function problemsOf(text: string): string[] {
  const parsed = parseDeployable(text, 'yaml');
  const problems = parsed.kind === 'problems' ? parsed.problems : parsed.warnings;
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

/** A deployable with one resource `a.r` whose definition begins at 5:10. */
const withResource = (definition: string): string =>
  `deployable: d\nassemblies:\n  a:\n    resources:\n      r: ${definition}\n`;

test('what is missing is said where it should be', () => {
  assert.deepEqual(problemsOf('hosts: [x]\n'), ['1:1 deployable is missing', '1:1 assemblies is missing']);
  assert.deepEqual(problemsOf('deployable: d\nassemblies: {}\n'), ['2:13 there is no assembly']);
});

test('a problem tells what would be right, and what was probably meant', () => {
  const parsed = parseDeployable('deployable: d\nasemblies:\n  a: {}\n', 'yaml');
  assert.deepEqual(parsed.kind === 'problems' && parsed.problems.map(renderProblem), [
    '1:1: assemblies is missing (allowed: at least one assembly)',
    '2:1: asemblies: unknown key "asemblies", did you mean assemblies? ' +
      '(allowed: deployable, hosts, assemblies, groups, constraints, escalation, placement, maintenance, defaults, ' +
      'templates, pacemaker)',
  ]);
});

test('names that the CIB or the bus could not tell apart are refused', () => {
  const document = `deployable: "a b"
hosts: [local, LOCAL, 5x]
assemblies:
  Local: {}
  self: {}
  1a: {}
  db: {}
  DB: {}
  w:
    resources:
      vm: { agent: "lsb:x" }
      x-configure: { agent: "lsb:x" }
      __proto__: { agent: "lsb:x" }
`;
  assert.deepEqual(problemsOf(document), [
    '1:13 the deployable name "a b" is not allowed',
    '2:16 the launcher host "LOCAL" is given twice',
    '2:23 the launcher host name "5x" is not allowed',
    '4:3 "Local" and the launcher host "LOCAL" would be one node',
    '5:3 the assembly name "self" is reserved: ${self.ipaddress} means the own assembly',
    '6:3 the assembly name "1a" is not allowed',
    '8:3 "DB" and the assembly "db" would be one node',
    '11:7 the resource name "vm" is reserved for the VM of the assembly',
    '12:7 the resource name "x-configure" ends with -configure, which is reserved for configure steps',
    '13:7 the resource name "__proto__" is reserved',
  ]);
});

test('sizes and images', () => {
  const document = `deployable: d
assemblies:
  a: { size: { cpus: 1.5, memory: 512MB } }
  b: { size: { cpus: 0, memory: 0MiB }, image: "" }
  c: 5
`;
  assert.deepEqual(problemsOf(document), [
    '3:22 "1.5" is not a whole number',
    '3:35 "512MB" is not a size, did you mean 512MiB?',
    '4:22 "0" is out of range',
    '4:33 "0MiB" is out of range',
    '4:48 "" is not allowed here',
    '5:6 a map is expected, not "5"',
  ]);
});

test('what a VM is made of, and who watches it', () => {
  const document = `deployable: d
assemblies:
  a: { disks: { data: 1GiB } }
  b: { disks: [{ name: "data 1", size: 1GB }, { size: 1GiB }, { name: x }, 5] }
  c: { disks: [{ name: x, size: 1GiB }, { name: x, size: 2GiB, format: xfs }] }
  d: { networks: front }
  e: { networks: [front, " back", front] }
  f: { placement: [zone], monitoring: outside }
  g: { placement: { "availability zone": b, zone: [b], host: 1 } }
  h: { monitoring: passive, resources: { app: { agent: "lsb:app" } } }
`;
  assert.deepEqual(problemsOf(document), [
    '3:15 a list is expected, not a map',
    '4:24 "data 1" is not allowed here',
    '4:40 "1GB" is not a size, did you mean 1GiB?',
    '4:47 name is missing',
    '4:63 size is missing',
    '4:76 a map is expected, not "5"',
    '5:15 the disk "x" is given twice',
    '5:64 unknown key "format"',
    '6:18 a list is expected, not "front"',
    '7:18 the network "front" is given twice',
    '7:26 " back" is not allowed here',
    '8:19 a map is expected, not a list',
    '8:39 "outside" is unknown',
    '9:21 the word "availability zone" is not allowed',
    '9:51 a text is expected, not a list',
    '10:40 with passive monitoring there is no agent that could run resources',
  ]);
});

test('every value of a resource is checked at its place', () => {
  const cases: [string, string[]][] = [
    ['{}', ['5:10 what it runs is missing']],
    ['', ['5:10 what it runs is missing']],
    ['{ agent: "lsb:x", exec: { command: [x] } }', ['5:19 has agent and exec']],
    ['{ agent: nginx }', ['5:19 the class "nginx" is unknown']],
    ['{ agent: "systmd:x" }', ['5:19 the class "systmd" is unknown, did you mean systemd?']],
    ['{ agent: "ocf:nginx" }', ['5:19 an ocf agent has a provider']],
    ['{ agent: "ocf:heartbeat:" }', ['5:19 the agent has no type']],
    ['{ agent: "lsb:../x" }', ['5:19 the type "../x" is not allowed']],
    ['{ agent: "lsb:a:b" }', ['5:19 the type "a:b" is not allowed']],
    ['{ agent: "systemd:a+b" }', ['5:19 the type "a+b" is not allowed']],
    ['{ agent: "systemd:a b" }', ['5:19 the type "a b" is not allowed']],
    [`{ agent: "systemd:${'a'.repeat(248)}" }`, [`5:19 the type "${'a'.repeat(77)}..." is not allowed`]],
    ['{ agent: "systemd:a@" }', ['5:19 the unit "a@" is a template']],
    ['{ agent: "service:a@.service" }', ['5:19 the unit "a@.service" is a template']],
    ['{ agent: "ocf:..:x" }', ['5:19 the provider ".." is not allowed']],
    ['{ agent: "lsb:x", monitor: { interval: 10 } }', ['5:49 "10" has no unit, did you mean 10s?']],
    ['{ agent: "lsb:x", monitor: { timeout: 5 s } }', ['5:48 "5 s" is not a duration']],
    ['{ agent: "lsb:x", start: 40s }', ['5:35 a map is expected, not "40s"']],
    ['{ agent: "lsb:x", stop: { timeout: 0s } }', ['5:45 "0s" is out of range']],
    ['{ agent: "lsb:x", stop: { interval: 5s } }', ['5:36 unknown key "interval"']],
    [
      '{ agent: "lsb:x", escalation: { failures: 0, period: 1y } }',
      ['5:52 "0" is out of range', '5:63 "1y" is not a duration'],
    ],
    ['{ agent: "lsb:x", on-fail: restrat }', ['5:37 "restrat" is unknown, did you mean restart?']],
    ['{ agent: "lsb:x", migration-threshold: many }', ['5:49 "many" is not a whole number']],
    ['{ agent: "lsb:x", configure: { url: run.sh } }', ['5:46 "run.sh" is not allowed here']],
    ['{ agent: "lsb:x", configure: { timeout: 5s } }', ['5:39 url is missing']],
    [
      '{ agent: "ocf:p:t", parameters: { a: , b: [1], CRM_meta_x: 1, "c d": 2 } }',
      [
        '5:47 has no value',
        '5:52 a text is expected, not a list',
        '5:57 the name "CRM_meta_x" is not allowed',
        '5:72 the name "c d" is not allowed',
      ],
    ],
    ['{ exec: { command: redis-server } }', ['5:29 a list is expected, not "redis-server"']],
    ['{ exec: { command: [] } }', ['5:29 has no program']],
    ['{ exec: { command: ["", x] } }', ['5:30 the program has no name']],
    ['{ exec: {} }', ['5:18 command is missing']],
    [
      '{ exec: { command: [x], user: "a b", directory: tmp } }',
      ['5:40 "a b" is not allowed here', '5:58 "tmp" is not allowed here'],
    ],
    ['{ exec: { command: [x], environment: { "a-b": c } } }', ['5:49 the name "a-b" is not allowed']],
    [
      '{ exec: { command: [x], environment: { a: b } }, parameters: { a: c } }',
      ['5:71 the parameter "a" is in the environment already'],
    ],
  ];
  for (const [definition, expected] of cases) {
    assert.deepEqual(problemsOf(withResource(definition)), expected, definition);
  }
});

test('units, init scripts and resource agents are named as the machine names them', () => {
  const agents = [
    'systemd:nginx',
    'systemd:foo@bar.service',
    'systemd:postgresql@15-main',
    'systemd:srv-data.mount',
    'systemd:dev-disk-by\\x2dlabel-root.swap',
    'systemd:a:b_c.timer',
    `systemd:${'a'.repeat(247)}`,
    'service:foo@bar.service',
    'service:openipmi+',
    'lsb:k3s_x+1',
    'ocf:heartbeat:IPaddr2',
  ];
  for (const agent of agents) {
    assert.deepEqual(problemsOf(withResource(`{ agent: '${agent}' }`)), [], agent);
  }
});

test('every value of a health check is checked at its place', () => {
  const cases: [string, string[]][] = [
    ['{ tcp: 0 }', ['5:50 "0" is out of range']],
    ['{ tcp: http }', ['5:50 "http" is not a whole number']],
    ['{ http: "ftp://x" }', ['5:51 "ftp://x" is no URL']],
    ['{ http: "http://${self.ipaddress}:99999/" }', ['5:51 "http://${self.ipaddress}:99999/" is no URL']],
    ['{ http: "http://x", status: [] }', ['5:71 no status would ever be right']],
    ['{ http: "http://x", status: [ok, 99] }', ['5:72 "ok" is not a whole number', '5:76 "99" is out of range']],
    ['{}', ['5:43 what to check is missing']],
    ['{ tcp: 1, http: "http://x" }', ['5:43 has tcp and http']],
    ['{ command: [x], host: y }', ['5:65 host belongs to a tcp check']],
    ['{ tcp: 1, status: [200] }', ['5:61 status belongs to an http check']],
    [
      '{ tcp: 1, interval: 5ms, timeout: 1, failures: -1, initial-delay: 2d }',
      [
        '5:63 "5ms" is out of range',
        '5:77 "1" has no unit, did you mean 1s?',
        '5:90 "-1" is out of range',
        '5:109 "2d" is out of range',
      ],
    ],
    ['5', ['5:43 a map is expected, not "5"']],
    ['{ process: nginx, successes: 3 }', []],
    ['{ process: /usr/bin/x }', ['5:54 "/usr/bin/x" is not allowed here']],
    ['{ process: x, tcp: 1, successes: 0 }', ['5:43 has process and tcp', '5:76 "0" is out of range']],
  ];
  for (const [check, expected] of cases) {
    assert.deepEqual(problemsOf(withResource(`{ exec: { command: [x], health: [${check}] } }`)), expected, check);
  }
});

test('every limit of a command is checked at its place', () => {
  const cases: [string, string[]][] = [
    ['{ open-files: 1024, processes: 0, memory: 512MiB, core: 0, file-size: 1GiB, stack: 64KiB, cpu-time: 1h }', []],
    ['{ files: 1 }', ['5:44 unknown key "files"']],
    ['{ open-files: many }', ['5:56 "many" is not a whole number']],
    ['{ memory: 512 }', ['5:52 "512" is not a size']],
    ['{ memory: 5000000GiB }', ['5:52 "5000000GiB" is out of range']],
    ['{ cpu-time: 10 }', ['5:54 "10" has no unit, did you mean 10s?']],
    ['{ cpu-time: 10ms }', ['5:54 "10ms" is out of range']],
  ];
  for (const [limits, expected] of cases) {
    assert.deepEqual(problemsOf(withResource(`{ exec: { command: [x], limits: ${limits} } }`)), expected, limits);
  }
});

test('references name an assembly and what it has', () => {
  const document = withResource(
    '{ exec: { command: [x, "${b.ipaddress}", "${a.ip}", "${HOME}", "${a.hostname", "$${x}", "$x $$"] } }',
  );
  assert.deepEqual(problemsOf(document), [
    '5:34 there is no assembly "b"',
    '5:52 an assembly has no "ip"',
    '5:63 "${HOME}" is no reference',
    '5:74 "${a.hostname" is no reference',
  ]);
});

test('what is risky is a warning at its place', () => {
  const document = `deployable: d
escalation: { failures: 5 }
assemblies:
  a:
    escalation: { failures: 5 }
    resources:
      r: { agent: "lsb:x", escalation: { failures: 10, period: 1m }, monitor: { interval: 30s }, parameters: { x: 1 } }
      s: { exec: { command: [x] }, on-fail: fence, migration-threshold: 2 }
      t: { exec: { command: [x], health: [{ tcp: 5, interval: 1m }] }, escalation: { period: 3m } }
  b:
    resources:
      q: { agent: "lsb:x", monitor: { interval: 1s, timeout: 20s } }
constraints:
  - { colocation: { resource: a.r, with: b.q } }
  - { colocation: { resource: a.r, with: a.s, score: -INFINITY } }
`;
  assert.deepEqual(problemsOf(document), [
    '4:3 budgets multiply: 250 failures of a.r (10 x 5 x 5) before an operator hears of it',
    '7:40 never escalates: 10 failures that only the monitor sees take 270s or more, the period is 1m',
    '7:110 class lsb takes no parameters; only a configure step would see them',
    '8:45 fence recovers the whole VM at the first failure, and again for failures on record',
    '8:73 a resource has nowhere to migrate to: at the threshold it stops, with its dependents, and never escalates',
    '9:84 never escalates: 3 failures that only a health check sees take 4m or more, the period is 3m',
    '14:19 a.r can never run: it lives in another assembly than b.q',
    '15:19 a.r can never run beside a.s, which lives in the same assembly',
  ]);
});
