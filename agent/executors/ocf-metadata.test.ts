import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory, until, writeScript } from './executor-fixture.js';
import { ocfMetadataReader } from './ocf-metadata.js';
import { reloadRules } from './ocf-reload.js';
import { parseOcfMetadata } from './parse-ocf-metadata.js';
import { isAlive, readProcess } from './process-table.js';

const environment = { PATH: '/usr/bin:/bin', OCF_ROOT: '/usr/lib/ocf' };
const document = `<?xml version="1.0"?>
<!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">
<resource-agent name="web" version="3">
  <version> 1.1 </version>
  <longdesc lang="en">About <b>parameters</b>: <parameter name="none"/> &lt;action&gt;</longdesc>
  <parameters>
    <parameter name="port" required="1" unique="0" reloadable="1">
      <longdesc lang="en"/><content type="integer" default="80"/>
    </parameter>
    <parameter name="port"><content type="string"/></parameter>
    <parameter name="root" required="true" unique-group="one"><content type="string"/></parameter>
    <parameter name="old"><deprecated><replaced-with name="root"/></deprecated><content type="boolean"/></parameter>
    <parameter/>
  </parameters>
  <actions>
    <action name="start" timeout="20s"/>
    <action name="monitor" timeout="20" interval="10000ms" depth="10" role="Promoted"/>
    <action name="reload-agent" timeout="a while"/>
  </actions>
  <unknown to="us"/>
</resource-agent>`;

test('meta-data are read with what stands before and after them passed over', () => {
  const reading = parseOcfMetadata(`grumble\n${document}\ngrumble</done>`);
  assert.equal(reading.kind, 'meta-data');
  if (reading.kind !== 'meta-data') return;
  const { version, parameters, actions } = reading.metadata;
  assert.deepEqual(version, { major: 1, minor: 1 });
  assert.deepEqual(
    parameters.map(({ name, type, isRequired, isReloadable }) => [name, type, isRequired, isReloadable]),
    [
      ['port', 'integer', true, true],
      ['root', 'string', true, false],
      ['old', 'boolean', false, false],
    ],
  );
  assert.deepEqual(parameters[0]?.default, '80');
  assert.deepEqual(parameters[2]?.replacedWith, ['root']);
  assert.deepEqual(actions, [
    { name: 'start', timeoutMs: 20_000, intervalMs: undefined, depth: undefined, role: undefined },
    { name: 'monitor', timeoutMs: 20_000, intervalMs: 10_000, depth: 10, role: 'Promoted' },
    { name: 'reload-agent', timeoutMs: undefined, intervalMs: undefined, depth: undefined, role: undefined },
  ]);
});

const garbage = [
  { name: 'nothing', text: ' \n', reason: /^it wrote nothing$/ },
  { name: 'words', text: 'usage: agent {start|stop}', reason: /^what it wrote is no meta-data$/ },
  { name: 'broken XML', text: document.replace('</parameters>', ''), reason: /^it is no XML \(/ },
  { name: 'an end that is missing', text: document.slice(0, 600), reason: /^it is no XML \(/ },
  {
    name: 'another document',
    text: '<?xml version="1.0"?><html/>',
    reason: /^it is a document of another kind \(html\)$/,
  },
  { name: 'an entity', text: document.replace('80', '&xxe;'), reason: /^it is no XML \(/ },
  {
    name: 'very deep XML',
    text: `<resource-agent>${'<a>'.repeat(300_000)}</resource-agent>`,
    reason: /^it is no XML \(/,
  },
  {
    name: 'bytes',
    text: '<?xml version="1.0"?><resource-agent>\0\x01\uFFFF</resource-agent>',
    reason: /^it is no XML/,
  },
] as const;

for (const { name, text, reason } of garbage) {
  test(`meta-data that are ${name} are a problem with its name`, () => {
    const reading = parseOcfMetadata(text);
    assert.equal(reading.kind, 'problem');
    if (reading.kind === 'problem') assert.match(reading.reason, reason);
  });
}

test('every parameter, and no other, of every resource agent of this machine is read', async () => {
  const reader = ocfMetadataReader({ owner: 'i', timeoutMs: 30_000 });
  const agents = execFileSync('find', [
    ...['-L', '/usr/lib/ocf/resource.d', '-mindepth', '2', '-maxdepth', '2'],
    ...['-type', 'f', '-executable', '-not', '-name', '.*'],
  ]);
  const paths = agents.toString().trim().split('\n');
  assert.ok(paths.length > 100, `${paths.length} agents`);
  for (const path of paths) {
    const found = await reader.describe(path, environment);
    assert.equal(found.kind, 'described', `${path}: ${found.kind === 'problem' ? found.reason : ''}`);
    if (found.kind !== 'described') continue;
    const { actions } = found.metadata;
    for (const name of ['start', 'stop', 'monitor', 'meta-data']) {
      assert.ok(
        actions.some((action) => action.name === name),
        `${path}: ${name}`,
      );
    }
  }
});

test('a program is asked once, and again when it has changed', async () => {
  const directory = temporaryDirectory();
  const count = join(directory, 'count');
  writeFileSync(join(directory, 'document'), document);
  const path = writeScript(join(directory, 'agent'), `echo x >> ${count}; cat ${directory}/document`);
  const reader = ocfMetadataReader({ owner: 'i' });
  const both = await Promise.all([reader.describe(path, environment), reader.describe(path, environment)]);
  assert.deepEqual(
    both.map(({ kind }) => kind),
    ['described', 'described'],
  );
  await reader.describe(path, environment);
  assert.equal(readFileSync(count, 'utf8'), 'x\n');
  utimesSync(path, 1, 1);
  await reader.describe(path, environment);
  assert.equal(readFileSync(count, 'utf8'), 'x\nx\n');
});

const unruly = [
  {
    name: 'hangs, and ignores SIGTERM',
    script: "trap '' TERM; sleep 61$$ & echo $! > PID; wait; sleep 600",
    reason: /^it did not end within 0.5 s$/,
  },
  {
    name: 'starts processes without end',
    script: 'echo $$ > PID; while :; do setsid sleep 606 & sleep 0.01; done',
    reason: /^it did not end within 0.5 s$/,
  },
  { name: 'writes without end', script: 'yes', reason: /^it did not end within 0.5 s$/ },
  { name: 'writes too much', script: 'head -c 200000 /dev/zero', reason: /^it wrote more than 100000 bytes$/ },
  { name: 'fails', script: 'echo why >&2; exit 3', reason: /^exit code 3: why$/ },
  { name: 'kills itself', script: 'kill -9 $$', reason: /^it was ended by SIGKILL$/ },
  { name: 'is no program', script: undefined, reason: /EACCES|ENOEXEC/ },
] as const;

for (const { name, script, reason } of unruly) {
  test(`a program whose meta-data ${name} is a problem, and leaves nothing running`, async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'agent');
    const pidFile = join(directory, 'pid');
    if (script === undefined) writeFileSync(path, '\x7fELF', { mode: 0o644 });
    else writeScript(path, script.replace('PID', pidFile));
    const found = await ocfMetadataReader({ owner: 'i', timeoutMs: 500, limitBytes: 100_000 }).describe(
      path,
      environment,
    );
    assert.equal(found.kind, 'problem');
    if (found.kind === 'problem') assert.match(found.reason, reason);
    if (!existsSync(pidFile)) return;
    const pid = Number(readFileSync(pidFile, 'utf8'));
    await until('its end', () => !isAlive(readProcess(pid)));
  });
}

test('a program that is not there is a problem', async () => {
  const found = await ocfMetadataReader({ owner: 'i' }).describe('/nowhere/agent', environment);
  assert.deepEqual(found, { kind: 'problem', reason: 'there is no such file' });
});

test('what a program mentions, and what it supplies, is told from its text', async () => {
  const directory = join(temporaryDirectory(), 'ocf');
  mkdirSync(directory);
  writeFileSync(join(directory, 'document'), document);
  const path = writeScript(
    join(directory, 'agent'),
    `OCF_RESKEY_config_default=""
     : \${OCF_RESKEY_config=\${OCF_RESKEY_config_default}}
     : \${OCF_RESKEY_name:=\${OCF_RESOURCE_INSTANCE}}
     : \${OCF_RESKEY_list:=""}
     OCF_RESKEY_ip="$OCF_RESKEY_address"
     [ "$OCF_RESKEY_mode" = safe ]
     cat ${directory}/document`,
  );
  const found = await ocfMetadataReader({ owner: 'i' }).describe(path, environment);
  assert.equal(found.kind, 'described');
  if (found.kind !== 'described') return;
  const supplied = ['config', 'name', 'list', 'ip', 'address', 'mode', 'root', '.*'].filter(found.supplies);
  assert.deepEqual(supplied, ['name', 'ip']);
  const mentioned = ['safe', 'saf', 'OCF_RESKEY_mode', 'OCF_RESKEY', 'ü'].filter(found.mentions);
  assert.deepEqual(mentioned, ['safe', 'OCF_RESKEY_mode']);
});

const reloads = [
  { name: 'OCF 1.1 with reload-agent', version: '1.1', action: 'reload-agent', restart: ['b', 'c'] },
  { name: 'OCF 1.1 with the service reload of that version', version: '1.1', action: 'reload', restart: undefined },
  { name: 'OCF 1.0 with reload', version: '1.0', action: 'reload', restart: ['c'] },
  { name: 'OCF 1.0 with reload-agent', version: '1.0', action: 'reload-agent', restart: undefined },
  { name: 'no version with reload', version: '', action: 'reload', restart: ['c'] },
  { name: 'neither', version: '1.1', action: 'start', restart: undefined },
] as const;

for (const { name, version, action, restart } of reloads) {
  test(`what can be reloaded: ${name}`, () => {
    const parameters = `<parameter name="a" reloadable="1"/><parameter name="b"/><parameter name="c" unique="1"/>`;
    const reading = parseOcfMetadata(
      `<resource-agent><version>${version}</version><parameters>${parameters}</parameters>
       <actions><action name="${action}"/></actions></resource-agent>`,
    );
    assert.equal(reading.kind, 'meta-data');
    if (reading.kind !== 'meta-data') return;
    const rules = reloadRules(reading.metadata);
    assert.deepEqual(rules?.restartParameters, restart === undefined ? undefined : [...restart]);
  });
}
