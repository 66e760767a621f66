// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how documents write references
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deployable } from './deployable.js';
import { parseDeployable } from './parse-deployable.js';
import { renderProblem } from './problem.js';

function problemsOf(text: string): string[] {
  const parsed = parseDeployable(text, 'yaml');
  return (parsed.kind === 'problems' ? parsed.problems : parsed.warnings).map(renderProblem);
}

function modelOf(text: string): Deployable {
  const parsed = parseDeployable(text, 'yaml');
  if (parsed.kind === 'problems') assert.fail(parsed.problems.map(renderProblem).join('\n'));
  return parsed.deployable;
}

const replicated = (count: number | string, rest = ''): string => `deployable: d
assemblies:
  web:
    replicas: ${count}
    resources:
      app:
        exec:
          command: [run, "\${self.hostname}"]
          environment: { ME: "\${self.ipaddress}", OTHER: "\${db.ipaddress}" }
          health: [{ tcp: 80 }, { http: "http://\${self.ipaddress}/" }, { command: [check, "\${self.ipaddress}"] }]
      plain: { agent: "lsb:x", configure: { url: /c } }
  db: {}
${rest}`;

test('replicas are assemblies of their own, and self is each of them', () => {
  const { assemblies } = modelOf(replicated(2));
  assert.deepEqual(
    assemblies.map(({ name, replica }) => [name, replica?.of, replica?.index, replica?.count]),
    [
      ['web-1', 'web', 1, 2],
      ['web-2', 'web', 2, 2],
      ['db', undefined, undefined, undefined],
    ],
  );
  const [app, plain] = assemblies[1]?.resources ?? [];
  const exec = app?.agent.class === 'exec' ? app.agent.exec : undefined;
  const ipaddress = [{ kind: 'reference', assembly: 'web-2', attribute: 'ipaddress' }];
  assert.deepEqual(exec?.command.at(-1), [{ kind: 'reference', assembly: 'web-2', attribute: 'hostname' }]);
  assert.deepEqual(exec?.environment.ME, ipaddress);
  assert.deepEqual(exec?.environment.OTHER, [{ kind: 'reference', assembly: 'db', attribute: 'ipaddress' }]);
  const [tcp, http, command] = exec?.health ?? [];
  assert.deepEqual(tcp?.kind === 'tcp' && tcp.host, ipaddress);
  assert.deepEqual(http?.kind === 'http' && http.url.at(1), ipaddress[0]);
  assert.deepEqual(command?.kind === 'command' && command.command.at(1), ipaddress);
  assert.equal(plain, assemblies[0]?.resources[1], 'what has no reference to itself is not copied');
});

test('one replica has a number too', () => {
  assert.equal(modelOf(replicated(1)).assemblies[0]?.name, 'web-1');
});

test('a value of a replicated assembly is asked of one of its replicas', () => {
  const document = replicated(2).replace(
    'db: {}',
    'db: { resources: { r: { exec: { command: ["${web.ipaddress}"] } } } }',
  );
  assert.deepEqual(problemsOf(document), [
    '12:46: assemblies.db.resources.r.exec.command[0]: "web" is 2 assemblies, of which each has ipaddress for itself ' +
      '(allowed: web-1, web-2)',
  ]);
  assert.deepEqual(problemsOf(document.replace('{web.ipaddress', '{web-2.ipaddress')), []);
  assert.match(problemsOf(document.replace('{web.ipaddress', '{web-3.ipaddress'))[0] ?? '', /no assembly "web-3"/);
});

test('names of replicas are names of nodes', () => {
  const cases: [string, RegExp][] = [
    [
      'deployable: d\nassemblies: { web: { replicas: 2 }, web-2: {} }',
      /^2:37: .*"web-2" and a replica of "web" would be one node/,
    ],
    [
      'deployable: d\nassemblies: { WEB-2: {}, web: { replicas: 2 } }',
      /^2:26: .*"web-2" and the assembly "WEB-2" would be/,
    ],
    [
      'deployable: d\nhosts: [web-1]\nassemblies: { web: { replicas: 2 } }',
      /^3:15: .* the launcher host "web-1" would be/,
    ],
    [
      `deployable: d\nassemblies: { ${'w'.repeat(61)}: { replicas: 10 } }`,
      /the name of the replica "w+-10" is too long/,
    ],
  ];
  for (const [document, expected] of cases) {
    const [problem, ...others] = problemsOf(document);
    assert.match(problem ?? '', expected);
    assert.deepEqual(others, []);
  }
  assert.equal(modelOf(`deployable: d\nassemblies: { ${'w'.repeat(61)}: { replicas: 9 } }`).assemblies.length, 9);
});

test('limits hold after replicas are expanded, before memory is spent on them', () => {
  const resources = Array.from({ length: 6 }, (_, i) => `r${i}: { agent: "lsb:x" }`).join(', ');
  const parameters = Array.from({ length: 500 }, (_, i) => `p${i}: x`).join(', ');
  const pairs = `assemblies: { web: { replicas: 400, resources: { r: { agent: "lsb:x" } } }, api: { replicas: 400, resources: { r: { agent: "lsb:x" } } } }`;
  const cases: [string, RegExp][] = [
    [
      'assemblies: { a: {}, web: { replicas: 1000 } }',
      /^2:\d+: .*1000 replicas make 1001 assemblies in all \(allowed: at most 1000\)$/,
    ],
    ['assemblies: { web: { replicas: 1001 } }', /"1001" is out of range \(allowed: a whole number from 1 to 1000\)$/],
    ['assemblies: { web: { replicas: 0 } }', /"0" is out of range/],
    [
      `assemblies: { web: { replicas: 1000, resources: { ${resources} } } }`,
      /has 6000 resources \(allowed: at most 5000\)$/,
    ],
    [
      `assemblies: { web: { replicas: 1000, resources: { r: { agent: "ocf:p:t", parameters: { ${parameters} } } } } }`,
      /1000 replicas with 500 values each \(allowed: at most 200000 values in all\)$/,
    ],
    [
      `${pairs}\nconstraints: [{ order: [web.r, api.r] }]`,
      /the constraints are 160000 pairs, .* \(allowed: at most 50000\)$/,
    ],
    [`${pairs}\nconstraints: [{ apart: web }]`, /the constraints are 79800 pairs/],
    [
      `${pairs}\nconstraints: [${'{ location: { assembly: web, host: h, score: 1 } },'.repeat(200)}]`,
      /the constraints are 50400 pairs/,
    ],
    [`${pairs}\nconstraints: [{ colocation: { resource: web, with: api } }]`, /the constraints are 160000 pairs/],
  ];
  for (const [rest, expected] of cases) {
    const problems = problemsOf(`deployable: d\n${rest}\n`).filter((problem) => !problem.includes('nobody can tell'));
    assert.match(problems[0] ?? '', expected);
    assert.equal(problems.length, 1, problems.join('\n'));
  }
  assert.equal(modelOf('deployable: d\nassemblies: { web: { replicas: 1000 } }').assemblies.length, 1000);
});

test('templates are bounded by what their uses add', () => {
  const parameters = Array.from({ length: 1000 }, (_, i) => `p${i}: x`).join(', ');
  const uses = Array.from({ length: 300 }, (_, i) => `r${i}: { template: t }`).join(', ');
  const document = `deployable: d\ntemplates: { t: { agent: "ocf:p:t", parameters: { ${parameters} } } }\nassemblies: { a: { resources: { ${uses} } } }`;
  const problems = problemsOf(document);
  assert.match(problems[0] ?? '', /templates stand for too many values \(allowed: at most 200000\)$/);
  assert.equal(problems.length, 1);
});
