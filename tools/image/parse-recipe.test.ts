import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderProblem } from '../../coordinator/model/problem.js';
import { parseRecipe } from './parse-recipe.js';
import type { Recipe } from './recipe.js';

function read(text: string): Recipe {
  const parsed = parseRecipe(text, 'amd64');
  assert.ok(parsed.kind === 'recipe', parsed.kind === 'problems' ? parsed.problems.map(renderProblem).join('\n') : '');
  return parsed.recipe;
}

test('a name is enough', () => {
  assert.deepEqual(read('name: web\n'), {
    name: 'web',
    suite: 'bookworm',
    architecture: 'amd64',
    packages: [],
    sources: [],
    files: [],
    users: [],
    commands: [],
    services: { enable: [], disable: [], mask: [] },
    kernel: { package: 'linux-image-cloud-amd64', modules: [] },
    kernelArguments: ['quiet', 'net.ifnames=0'],
    diskMiB: 2048,
    hostname: undefined,
    agent: true,
    quickBoot: true,
  });
});

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBl6cBfTsRmNOTEwMZ6lpLPyFD1kyfF8yjxzdyRXkxcW ops@example';

test('everything that a recipe can say is read', () => {
  const recipe = read(`
name: web
suite: trixie
architecture: arm64
packages: [nginx-light, "redis-server=5:7.0.15-1"]
sources: ["deb http://mirror.example/debian trixie main", https://mirror.example/debian]
files:
  - { path: /etc/motd, content: "hello\\n" }
  - { path: /usr/local/bin/run, source: bin/run, mode: 0755, owner: "www-data:www-data" }
users:
  - { name: ops, groups: [sudo, adm], shell: /bin/sh, keys: ["${key}"] }
  - { name: root }
commands: ["adduser --system app", "true"]
services: { enable: [nginx], disable: [fstrim.timer], mask: ["getty@tty1.service"] }
kernel: { package: linux-image-arm64, modules: [xfs] }
kernel-arguments: [mitigations=off]
disk: 4GiB
hostname: web-1.example
agent: false
quick-boot: false
`);
  assert.deepEqual(recipe, {
    name: 'web',
    suite: 'trixie',
    architecture: 'arm64',
    packages: ['nginx-light', 'redis-server=5:7.0.15-1'],
    sources: ['deb http://mirror.example/debian trixie main', 'https://mirror.example/debian'],
    files: [
      { path: '/etc/motd', content: { kind: 'text', text: 'hello\n' }, mode: 0o644, owner: 'root' },
      {
        path: '/usr/local/bin/run',
        content: { kind: 'source', source: 'bin/run' },
        mode: 0o755,
        owner: 'www-data:www-data',
      },
    ],
    users: [
      { name: 'ops', groups: ['sudo', 'adm'], shell: '/bin/sh', keys: [key] },
      { name: 'root', groups: [], shell: '/bin/bash', keys: [] },
    ],
    commands: ['adduser --system app', 'true'],
    services: { enable: ['nginx'], disable: ['fstrim.timer'], mask: ['getty@tty1.service'] },
    kernel: { package: 'linux-image-arm64', modules: ['xfs'] },
    kernelArguments: ['mitigations=off'],
    diskMiB: 4096,
    hostname: 'web-1.example',
    agent: false,
    quickBoot: false,
  });
});

test('all modules are a choice', () => {
  assert.equal(read('name: web\nkernel: { modules: all }\n').kernel.modules, 'all');
});

/** A recipe after its name (line 1), and the problems of it in order. */
const wrong: readonly [string, string, ...RegExp[]][] = [
  [
    'a key that is unknown',
    'pakages: []',
    /^2:1: pakages: unknown key "pakages", did you mean packages\? \(allowed: name, /,
  ],
  ['a key that is given twice', 'disk: 2GiB\ndisk: 3GiB', /^3:1: disk: "disk" is given twice, first at 2:1/],
  [
    'a suite that is none',
    'suite: Debian 12',
    /^2:8: suite: "Debian 12" is not allowed here \(allowed: a release of Debian/,
  ],
  ['a package that is an option', 'packages: [--purge]', /^2:12: packages\[0\]: "--purge" is not allowed here/],
  [
    'two packages in one',
    'packages: ["a1,b1"]',
    /^2:12: packages\[0\]: "a1,b1" is not allowed here \(allowed: a name of a/,
  ],
  [
    'a package given twice',
    'packages: [nginx, redis, nginx]',
    /^2:26: packages\[2\]: "nginx" is given twice, first at 2:12/,
  ],
  [
    'packages that are no list',
    'packages: nginx',
    /^2:11: packages: a list is expected, not "nginx" \(allowed: a list; each/,
  ],
  [
    'a source with an option',
    'sources: ["--setup-hook=rm"]',
    /^2:11: sources\[0\]: .* \(allowed: a line of sources\.list/,
  ],
  ['a file without a path', 'files: [{ content: x }]', /^2:9: files\[0\]: path is missing \(allowed: an absolute path/],
  ['a file without content', 'files: [{ path: /etc/x }]', /^2:9: files\[0\]: content or source is missing/],
  [
    'a file with two contents',
    'files: [{ path: /etc/x, content: a, source: b }]',
    /^2:45: files\[0\]\.source: content and source are both given \(allowed: one of them\)/,
  ],
  [
    'a path that is relative',
    'files: [{ path: etc/x, content: a }]',
    /^2:17: files\[0\]\.path: "etc\/x" is not allowed/,
  ],
  ['a path that climbs', 'files: [{ path: /etc/../x, content: a }]', /^2:17: files\[0\]\.path: .* without \. and \.\./],
  ['a path that is a directory', 'files: [{ path: /etc/, content: a }]', /^2:17: files\[0\]\.path/],
  ['a mode in words', 'files: [{ path: /x, content: a, mode: rwx }]', /^2:39: files\[0\]\.mode: .*octal permissions/],
  [
    'an owner with a blank',
    'files: [{ path: /x, content: a, owner: "a b" }]',
    /files\[0\]\.owner: .*USER or USER:GROUP/,
  ],
  [
    'a file given twice',
    'files: [{ path: /x, content: a }, { path: /x, content: b }]',
    /^2:35: files\[1\]: "\/x" is given twice, first at 2:9/,
  ],
  ['a user without a name', 'users: [{ shell: /bin/sh }]', /^2:9: users\[0\]: name is missing/],
  [
    'a user with a password',
    'users: [{ name: a, password: b }]',
    /^2:20: users\[0\]\.password: unknown key "password"/,
  ],
  ['a user given twice', 'users: [{ name: a }, { name: a }]', /^2:22: users\[1\]: the user "a" is given twice/],
  [
    'a private key',
    'users: [{ name: a, keys: ["-----BEGIN OPENSSH PRIVATE KEY-----"] }]',
    /keys\[0\]: .*a public key as in/,
  ],
  ['a service that is an option', 'services: { enable: [--now] }', /^2:22: services\.enable\[0\]: .*a unit of systemd/],
  [
    'a service that is to be and not to be',
    'services: { enable: [nginx], mask: [nginx] }',
    /^2:11: services: "nginx" is under enable and under mask/,
  ],
  [
    'a module that is a path',
    'kernel: { modules: [../x] }',
    /^2:21: kernel\.modules\[0\]: .*a name of a kernel module/,
  ],
  [
    'an architecture without a usual kernel',
    'architecture: riscv64',
    /^2:15: architecture: kernel\.package has to be given for "riscv64"/,
  ],
  [
    "arguments that are the driver's",
    'kernel-arguments: [root=/dev/sda, quiet]',
    /^2:20: kernel-arguments\[0\]: "root=\/dev\/sda" is not an image's to say/,
  ],
  [
    'an argument with a blank',
    'kernel-arguments: ["a b"]',
    /^2:20: kernel-arguments\[0\]: .*one argument without blanks/,
  ],
  ['a disk without a unit', 'disk: 2', /^2:7: disk: "2" is not a size \(allowed: a number with its unit: 512MiB/],
  ['a disk that is too small', 'disk: 10MiB', /^2:7: disk: "10MiB" is out of range \(allowed: 256MiB to 1TiB\)/],
  ['a host name with capitals', 'hostname: Web', /^2:11: hostname: "Web" is not allowed here/],
  ['a boolean in other words', 'agent: yes', /^2:8: agent: "yes" is neither, did you mean true\?/],
  ['a command that is empty', 'commands: [" "]', /^2:12: commands\[0\]: " " is not allowed here/],
  ['several problems at once', 'suite: A\nagent: 1', /^2:8: suite/, /^3:8: agent/],
];

for (const [what, text, ...expected] of wrong) {
  test(`a recipe is refused, with the place: ${what}`, () => {
    const parsed = parseRecipe(`name: web\n${text}\n`, 'amd64');
    assert.ok(parsed.kind === 'problems');
    assert.equal(parsed.problems.length, expected.length, parsed.problems.map(renderProblem).join('\n'));
    for (const [index, pattern] of expected.entries()) {
      const problem = parsed.problems[index];
      assert.match(problem ? renderProblem(problem) : '', pattern);
    }
  });
}

const withoutName: readonly [string, string, RegExp][] = [
  ['nothing', '', /^the recipe is empty \(allowed: at least name: NAME\)/],
  ['comments', '# one\n\n# two\n', /^the recipe is empty/],
  ['no name', 'suite: bookworm\n', /^1:1: name is missing \(allowed: a small letter or digit/],
  ['a name with a slash', 'name: a/b\n', /^1:7: name: "a\/b" is not allowed here/],
  ['a name with a dot in front', 'name: .a\n', /^1:7: name: "\.a" is not allowed here/],
  ['a name like that of an image', 'name: web-0123456789ab\n', /ends like the name of an image/],
  ['a name that is too long', `name: ${'a'.repeat(49)}\n`, /is 49 characters long \(allowed: at most 48/],
  ['a list', '- name: web\n', /^1:1: a map is expected, not a list/],
  ['no YAML', 'name: [web\n', /^\d+:\d+: /],
  ['two documents', 'name: a\n---\nname: b\n', /a second document begins here/],
];

for (const [what, text, expected] of withoutName) {
  test(`a text that is no recipe is refused: ${what}`, () => {
    const parsed = parseRecipe(text, 'amd64');
    assert.ok(parsed.kind === 'problems');
    const [problem] = parsed.problems;
    assert.match(problem ? renderProblem(problem) : '', expected);
  });
}

test('a recipe without end is refused before it is read', () => {
  const parsed = parseRecipe(`name: web\n#${'x'.repeat(1024 * 1024)}\n`, 'amd64');
  assert.ok(parsed.kind === 'problems');
  assert.match(parsed.problems[0]?.message ?? '', /bytes long/);
});
