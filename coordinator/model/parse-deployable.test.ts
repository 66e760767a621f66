import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { documentLimits } from './defaults.js';
import type { Deployable, DocumentFormat, ParsedDeployable, Resource } from './deployable.js';
import { detectFormat, parseDeployable } from './parse-deployable.js';
import { plainAssembly, plainDeployable, plainResource } from './plain.js';
import { renderProblem } from './problem.js';

test('the sample documents parse without an error', () => {
  for (const name of ['shop.yaml', 'shop.xml', 'everything.yaml']) {
    const text = readDocument(name);
    const parsed = parseDeployable(text, detectFormat(text, name));
    assert.equal(parsed.kind, 'deployable', `${name}: ${renderAll(parsed).join('\n')}`);
  }
});

test('XML and YAML of the same deployable give the same model, ids of constraints apart', () => {
  const xml = modelOf(readDocument('shop.xml'), 'xml');
  const yaml = modelOf(readDocument('shop.yaml'), 'yaml');
  assert.deepEqual(withoutIds(xml), withoutIds(yaml));
  assert.deepEqual(
    [xml, yaml].map(({ constraints }) => constraints.map(({ id }) => id)),
    [
      ['depend_1', 'depend_2'],
      ['order-1', 'order-2'],
    ],
  );
});

test('JSON is a document too', () => {
  const json = JSON.stringify({ deployable: 'd', assemblies: { a: { size: { cpus: 2 } } } });
  assert.equal(modelOf(json, detectFormat(json, 'd.json')).assemblies[0]?.cpus, 2);
});

test('a document that says little gets the defaults', () => {
  const { assemblies, ...deployable } = modelOf(
    'deployable: d\nassemblies:\n  a: { resources: { r: { agent: "ocf:heartbeat:Dummy" } } }\n',
    'yaml',
  );
  const resource: Resource = {
    ...plainResource,
    name: 'r',
    agent: { class: 'ocf', provider: 'heartbeat', type: 'Dummy' },
    parameters: {},
    start: { timeoutMs: 40_000 },
    stop: { timeoutMs: 60_000 },
    monitor: { intervalMs: 10_000, timeoutMs: 20_000 },
    escalation: { failures: 3, periodMs: 300_000 },
    onFail: 'restart',
    migrationThreshold: undefined,
    configure: undefined,
  };
  assert.deepEqual(assemblies, [
    {
      ...plainAssembly,
      name: 'a',
      escalation: { failures: 3, periodMs: 600_000 },
      resources: [resource],
    },
  ]);
  const escalation = { failures: 2, periodMs: 3_600_000 };
  assert.deepEqual(deployable, { ...plainDeployable, name: 'd', escalation });
});

test('every key of a document reaches the model', () => {
  const { hosts, assemblies, pacemaker } = modelOf(readDocument('everything.yaml'), 'yaml');
  assert.deepEqual(hosts, ['rack1', 'rack2', 'rack3']);
  const [db, web] = assemblies;
  assert.deepEqual([db?.image, db?.cpus, db?.memoryMiB], ['debian-12', 2, 1536]);
  const [redis, backup] = db?.resources ?? [];
  const own = { kind: 'reference', assembly: 'db', attribute: 'ipaddress' };
  const exec = redis?.agent.class === 'exec' ? redis.agent.exec : undefined;
  assert.deepEqual(exec?.command.at(2), [own]);
  assert.deepEqual(exec?.command.at(-1), []);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what the document wrote with $${ is meant so
  assert.deepEqual(exec?.environment, { LANG: literal('C'), PRICE: literal('5 ${dollars}') });
  assert.deepEqual([exec?.directory, exec?.user], ['/srv/redis', 'redis']);
  assert.deepEqual(
    exec?.health.map(({ kind, intervalMs, timeoutMs, failures, initialDelayMs }) =>
      [kind, intervalMs, timeoutMs, failures, initialDelayMs].join(' '),
    ),
    [
      'tcp 2000 500 2 1000',
      'tcp 2000 1000 2 0',
      'http 2000 1000 2 0',
      'command 2000 1000 2 0',
      'process 5000 1000 2 0',
    ],
  );
  const process = exec?.health.at(-1);
  assert.deepEqual(process?.kind === 'process' && [process.process, process.successes], ['redis-server', 3]);
  assert.deepEqual(exec?.limits, {
    'open-files': 1024,
    processes: 200,
    memory: 2 ** 29,
    stack: 2 ** 23,
    core: 0,
    'file-size': 2 ** 30,
    'cpu-time': 5400,
  });
  const [tcp, otherTcp, http] = exec?.health ?? [];
  assert.deepEqual(tcp?.kind === 'tcp' && [tcp.port, tcp.host], [6379, [own]]);
  assert.deepEqual(otherTcp?.kind === 'tcp' && otherTcp.host, [{ ...own, attribute: 'hostname' }]);
  assert.deepEqual(http?.kind === 'http' && http.status, [200, 204]);
  assert.deepEqual([redis?.start.timeoutMs, redis?.stop.timeoutMs], [30_000, 60_000]);
  assert.deepEqual(redis?.monitor, { intervalMs: 15_000, timeoutMs: 5000 });
  assert.deepEqual(redis?.escalation, { failures: 4, periodMs: 90_000 });
  assert.deepEqual([backup?.agent, backup?.onFail], [{ class: 'systemd', type: 'backup@daily.timer' }, 'ignore']);
  const [nginx, cron, ssh] = web?.resources ?? [];
  assert.deepEqual(nginx?.parameters, {
    debug: literal('yes'),
    configfile: literal('/etc/nginx/nginx.conf'),
    version: literal('1.10'),
  });
  assert.deepEqual(nginx?.configure, { url: '/usr/local/bin/configure-nginx', timeoutMs: 120_000 });
  assert.deepEqual([nginx?.migrationThreshold, nginx?.onFail], [5, 'fence']);
  assert.deepEqual([cron?.agent.class, ssh?.agent.class], ['lsb', 'service']);
  assert.match(pacemaker.constraints, /^<!--(?:.|\n)*"web\.ssh"\/>$/);
});

test('the format of a document shows in the name of its file, or else in its first character', () => {
  const cases: [string, string | undefined, DocumentFormat][] = [
    ['', undefined, 'yaml'],
    ['deployable: d', undefined, 'yaml'],
    ['<deployable/>', undefined, 'xml'],
    ['\uFEFF \n<deployable/>', undefined, 'xml'],
    ['{"deployable": "d"}', undefined, 'yaml'],
    ['<deployable/>', '-', 'xml'],
    ['<deployable/>', 'shop.yml', 'yaml'],
    ['deployable: d', 'SHOP.XML', 'xml'],
    ['<deployable/>', 'xml.txt', 'xml'],
  ];
  for (const [text, fileName, expected] of cases) assert.equal(detectFormat(text, fileName), expected, text);
});

test('a byte order mark moves nothing', () => {
  assert.equal(modelOf('\uFEFF{deployable: d, assemblies: {a: }}', 'yaml').name, 'd');
  assert.deepEqual(renderAll(parseDeployable('\uFEFF<cib/>', 'xml')), renderAll(parseDeployable('<cib/>', 'xml')));
});

test('each limit of a document has a problem of its own', () => {
  const many = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => line(i)).join('\n');
  const { bytes, depth, hosts, assemblies, resources, constraints, textLength, yamlParts } = documentLimits;
  const pair = 'deployable: d\nassemblies: { a: { resources: { r: { agent: "lsb:x" }, s: { agent: "lsb:x" } } } }\n';
  const cases: [string, DocumentFormat, RegExp][] = [
    ['#'.repeat(bytes + 1), 'yaml', /^the document is 1048577 bytes long \(allowed: at most 1048576\)$/],
    ['é'.repeat(bytes / 2 + 1), 'xml', /^the document is 1048578 bytes long/],
    ['['.repeat(depth * 2), 'yaml', /^1:\d+: is nested too deeply \(allowed: at most 32 levels\)$/],
    ['<a>'.repeat(depth + 1), 'xml', /^1:97: is nested too deeply \(allowed: at most 32 levels\)$/],
    ['#\n'.repeat(yamlParts / 2 + 1), 'yaml', /too many parts \(allowed: at most \d+\)$/],
    [
      `deployable: d\nhosts:\n${many(hosts + 1, (i) => `- h${i}`)}\nassemblies: { a: }`,
      'yaml',
      /: has 501 launcher hosts \(allowed: at most 500\)$/,
    ],
    [
      `deployable: d\nassemblies:\n${many(assemblies + 1, (i) => `  a${i}:`)}`,
      'yaml',
      /: has 1001 assemblies \(allowed: at most 1000\)$/,
    ],
    [
      `deployable: d\nassemblies: { a: { resources: {\n${many(resources + 1, (i) => ` r${i}: { agent: "lsb:x" },`)} } } }`,
      'yaml',
      /: has 5001 resources \(allowed: at most 5000\)$/,
    ],
    [
      `${pair}constraints:\n${many(constraints + 1, () => '- { order: [a.r, a.s] }')}`,
      'yaml',
      /: has 5001 constraints \(allowed: at most 5000\)$/,
    ],
    [
      `deployable: ${'d'.repeat(textLength + 1)}\nassemblies: { a: }`,
      'yaml',
      /is 65537 characters long \(allowed: at most 65536\)$/,
    ],
  ];
  for (const [text, format, expected] of cases) {
    const problems = renderAll(parseDeployable(text, format));
    assert.match(problems.at(-1) ?? '', expected);
    assert.equal(problems.length, 1, problems.join('\n'));
  }
});

test('what aliases stand for is bounded', () => {
  const list = (item: string) => `[${`${item},`.repeat(500)}]`;
  const bomb = `deployable: d\nassemblies: { a: { image: &a ${list('x')} }, b: { image: &b ${list('*a')} }, c: ${list('*b')} }`;
  const problems = renderAll(parseDeployable(bomb, 'yaml'));
  assert.ok(problems.some((problem) => problem.includes('aliases stand for too many values (allowed: at most 20000)')));
});

test('of very many problems the first are listed and the rest are counted', () => {
  const text = `deployable: d\nassemblies: { a: }\n${Array.from({ length: 1000 }, (_, i) => `x${i}: 1`).join('\n')}`;
  const problems = renderAll(parseDeployable(text, 'yaml'));
  assert.equal(problems.length, 251);
  assert.equal(problems.at(-1), '750 more problems are not listed');
});

test('any text at all gives a model or problems, and a problem lies inside of the text', () => {
  const alphabet = fc.constantFrom(
    ...'<>&;"\'/=!?[]-{}:,*|#%@$ \n\taxd\0\r\uFEFF\uD800\u{1F600}',
    '<!DOCTYPE ',
    '<![CDATA[',
    ']]>',
  );
  const noise = fc.string({ unit: alphabet, maxLength: 60 });
  fc.assert(
    fc.property(fc.oneof(noise, fc.string({ unit: 'binary' })), fc.constantFrom('xml', 'yaml'), (text, format) =>
      checkPlaces(text, parseDeployable(text, format)),
    ),
    { numRuns: 2000 },
  );
});

test('a document that was changed somewhere gives a model or problems, and never throws', () => {
  const documents = (['shop.xml', 'shop.yaml', 'everything.yaml'] as const).map((name) => readDocument(name));
  const piece = fc.oneof(
    fc.constant(''),
    fc.string({ maxLength: 3 }),
    fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '&x;',
      '/>',
      '\n',
      ': ',
      '- ',
      '*a',
      '&a ',
      '!t ',
      '${',
      '}',
      '#',
      '\t',
      '-1',
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom(...documents), fc.nat(), fc.nat(12), piece, (text, position, removed, inserted) => {
      const at = position % text.length;
      const changed = text.slice(0, at) + inserted + text.slice(at + removed);
      checkPlaces(changed, parseDeployable(changed, detectFormat(text)));
    }),
    { numRuns: 400 },
  );
});

test('nothing of a document reaches a terminal through its problems but printable text on one line', () => {
  const documents: [string, DocumentFormat][] = [
    ['"\\e[2J": 1\n"a\\nb": 2\n', 'yaml'],
    [`${'k'.repeat(900)}: 1\nassemblies: { "\\x9b": { x: 1 } }\n`, 'yaml'],
    [`<deployable ${'k'.repeat(900)}="" name="\u009b"/>`, 'xml'],
    ['a: b\n c\n - "\n d: \u0007\u2028', 'yaml'],
  ];
  for (const [text, format] of documents) {
    const problems = renderAll(parseDeployable(text, format));
    assert.ok(problems.length > 0);
    for (const problem of problems) {
      assert.match(problem, /^[^\p{Cc}\p{Cs}\u2028\u2029]{1,1000}$/u);
    }
  }
});

test('two of the same parse give the same', () => {
  const text = readDocument('everything.yaml');
  assert.deepEqual(parseDeployable(text, 'yaml'), parseDeployable(text, 'yaml'));
});

function checkPlaces(text: string, parsed: ParsedDeployable): void {
  const lines = text.split('\n').length;
  if (parsed.kind === 'problems') assert.ok(parsed.problems.some(({ severity }) => severity === 'error'));
  for (const problem of parsed.kind === 'problems' ? parsed.problems : parsed.warnings) {
    assert.ok(problem.line >= 0 && problem.line <= lines + 1, renderProblem(problem));
    assert.ok(problem.line === 0 ? problem.column === 0 : problem.column >= 1, renderProblem(problem));
    assert.ok(problem.message !== '' && problem.message.length < 500, renderProblem(problem));
  }
}

function modelOf(text: string, format: DocumentFormat): Deployable {
  const parsed = parseDeployable(text, format);
  if (parsed.kind === 'problems') assert.fail(renderAll(parsed).join('\n'));
  return parsed.deployable;
}

function withoutIds(deployable: Deployable): Deployable {
  return { ...deployable, constraints: deployable.constraints.map((constraint) => ({ ...constraint, id: '' })) };
}

function renderAll(parsed: ParsedDeployable): string[] {
  return (parsed.kind === 'problems' ? parsed.problems : parsed.warnings).map(renderProblem);
}

function literal(text: string) {
  return [{ kind: 'text', text }];
}

/** A sample document of the package, from whatever directory the compiled test runs in. */
function readDocument(name: string): string {
  let root = import.meta.dirname;
  while (!existsSync(join(root, 'package.json'))) root = dirname(root);
  return readFileSync(join(root, 'test/documents', name), 'utf8');
}
