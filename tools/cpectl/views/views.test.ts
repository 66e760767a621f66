import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure, Info, ProcessInfo, TransitionSummary } from '../../../proto/messages.js';
import { sampleAssembly, sampleResource, sampleStatus } from '../sample-status.js';
import { sampleEvent } from '../scripted-coordinator.js';
import { noColors } from '../terminal.js';
import { deployableListJson, renderDeployableList } from './deployable-list-view.js';
import { eventJson, renderEvent, renderProgressEvent, subjectOf } from './event-view.js';
import { failuresJson, renderFailures } from './failure-view.js';
import { hostJson, renderHost, renderHosts } from './host-view.js';
import { infoJson, renderInfo } from './info-view.js';
import { printable } from './printable.js';
import { renderStatus, statusJson } from './status-view.js';
import { renderTable } from './table.js';
import { isoTime, renderElapsed } from './times.js';
import { renderTransitions, transitionsJson } from './transition-view.js';

const elapsedCases: readonly [number, string][] = [
  [-5, '0ms'],
  [0, '0ms'],
  [999, '999ms'],
  [1_000, '1.0s'],
  [3_449, '3.4s'],
  [59_999, '1m00s'],
  [125_000, '2m05s'],
  [3_600_000, '1h00m'],
  [11_400_000, '3h10m'],
  [187_200_000, '2d4h'],
];

test('spans of time read as people say them', () => {
  for (const [ms, expected] of elapsedCases) assert.equal(renderElapsed(ms), expected);
});

test('"never" is null, not 1970', () => {
  assert.equal(isoTime(0), null);
  assert.equal(isoTime(1), '1970-01-01T00:00:00.001Z');
});

test('text from elsewhere cannot steer a terminal or break a line', () => {
  assert.equal(printable('a\x1b[2Jb'), 'a\\u{1b}[2Jb');
  assert.equal(printable('one\n  two\r\nthree'), 'one | two | three');
  assert.equal(printable('tab\tstop \u202e'), 'tab stop \\u{202e}');
  assert.equal(printable('Grüße, 世界'), 'Grüße, 世界');
});

test('a table aligns its columns, leaves empty ones out and ends lines without blanks', () => {
  const columns = [
    { title: 'NAME' },
    { title: 'COUNT', align: 'right' },
    { title: 'EMPTY' },
    { title: 'WHY' },
  ] as const;
  const rows = [
    ['a', '5', '', 'because'],
    ['longer', '1234567', '', ''],
  ];
  assert.equal(
    renderTable(columns, rows, noColors),
    'NAME      COUNT  WHY\na             5  because\nlonger  1234567\n',
  );
});

test('paint does not disturb the alignment', () => {
  const paint = (text: string) => `<${text}>`;
  const rows = [
    [{ text: 'a', paint }, 'x'],
    ['bbb', 'y'],
  ];
  assert.equal(renderTable([{ title: 'N' }, { title: 'V' }], rows, noColors), 'N    V\n<a>    x\nbbb  y\n');
});

test('an event for programs has every field, and its evidence as data', () => {
  const event = sampleEvent(7, { resource: '', evidenceJson: '{"rc":7}' });
  assert.deepEqual(eventJson(event), {
    seq: 7,
    time: '1970-01-01T00:00:07.000Z',
    timeUnixMs: 7_000,
    deployable: 'shop',
    assembly: 'db',
    resource: '',
    instance: 'shop.db.local.1-1',
    kind: 'resource-started',
    reason: 'started',
    evidence: { rc: 7 },
  });
  assert.equal(eventJson(sampleEvent(1)).evidence, null);
  assert.equal(eventJson(sampleEvent(1, { evidenceJson: 'no JSON' })).evidence, 'no JSON');
});

test('an event for people is one line with time, subject, kind and reason', () => {
  const event = sampleEvent(7, { reason: 'line one\nline two' });
  const rest = 'shop/db.redis         resource-started      line one | line two';
  assert.match(renderEvent(event, noColors), /^ {5}7 {2}\d{4}-\d\d-\d\d \d\d:\d\d:07\.000 {2}/);
  assert.ok(renderEvent(event, noColors).endsWith(rest));
  assert.match(renderProgressEvent(event, noColors), /^\d\d:\d\d:07\.000 {2}shop\/db\.redis /);
});

test('a subject is as narrow as the event says', () => {
  assert.equal(subjectOf({ deployable: 'shop', assembly: 'db', resource: 'redis' }), 'shop/db.redis');
  assert.equal(subjectOf({ deployable: 'shop', assembly: 'db', resource: '' }), 'shop/db');
  assert.equal(subjectOf({ deployable: 'shop', assembly: '', resource: '' }), 'shop');
  assert.equal(subjectOf({ deployable: '', assembly: '', resource: '' }), 'coordinator');
});

test('a status for people says where it stands and lists what is in it', () => {
  const status = sampleStatus({
    condition: 'recovering',
    reason: 'db failed',
    actionsDone: 4,
    actionsTotal: 11,
    assemblies: [
      sampleAssembly({
        state: 'back-off',
        launcherHost: '',
        address: '',
        failures: 2,
        failureLimit: 3,
        reason: 'boots again',
        resources: [sampleResource({ delegated: false, state: 'stopped' })],
      }),
    ],
  });
  assert.equal(
    renderStatus(status, 62_000, noColors),
    [
      'shop is recovering (desired: running, revision 2): 4 of 11 actions done',
      'db failed',
      '',
      'NAME     STATE     SINCE  FAILURES  RUNS  RECOVERED BY  REASON',
      'db       back-off  1m01s    2 of 3                      boots again',
      '  redis  stopped   1m00s    1 of 3  exec  coordinator',
      '',
    ].join('\n'),
  );
});

test('a VM that is paused catches the eye beside the state of its assembly, and is in the JSON', () => {
  const reason = 'its VM is paused (by QMP stop)';
  const condition = { condition: 'paused', conditionEvidence: 'by QMP stop' };
  const status = sampleStatus({ assemblies: [sampleAssembly({ state: 'suspect', reason, ...condition })] });
  assert.match(
    renderStatus(status, 62_000, noColors),
    /\ndb +suspect \(paused\) .* its VM is paused \(by QMP stop\)\n/,
  );
  const [json] = statusJson(status).assemblies as Record<string, unknown>[];
  assert.deepEqual([json?.condition, json?.conditionEvidence], ['paused', 'by QMP stop']);
});

test('a status says what an operator wants besides the document', () => {
  const status = sampleStatus({
    maintenance: true,
    assemblies: [
      sampleAssembly({
        wish: 'standby',
        resources: [sampleResource({ unmanaged: true, wish: 'stopped', role: 'promoted' })],
      }),
    ],
    locations: [
      { resource: 'web.vm', node: 'right', kind: 'move', role: '', untilUnixMs: 0 },
      { resource: 'db.pg', node: 'db-2', kind: 'ban', role: 'promoted', untilUnixMs: 1_000 },
    ],
  });
  const text = renderStatus(status, 62_000, noColors);
  assert.match(text, /\nin maintenance: nothing is started, stopped or monitored\n/);
  assert.match(text, /\ndb +running .* standby\n/);
  assert.match(text, /\n {2}redis +running \(promoted\) .* nobody +stopped, unmanaged\n/);
  assert.match(text, /\nweb\.vm prefers right\ndb\.pg \(promoted\) is kept away from db-2 until \d{4}-.*\n$/);
});

test('a status for programs has times twice and loses nothing', () => {
  const json = statusJson(sampleStatus()) as { assemblies: { since: string; resources: { sinceUnixMs: number }[] }[] };
  assert.equal(json.assemblies[0]?.since, '1970-01-01T00:00:01.000Z');
  assert.equal(json.assemblies[0]?.resources[0]?.sinceUnixMs, 2_000);
  assert.deepEqual(Object.keys(sampleStatus()).sort(), Object.keys(json).sort());
});

test('the list of deployables has a row for each', () => {
  const summary = {
    name: 'shop',
    desired: 'running',
    condition: 'starting',
    assemblies: 2,
    resources: 3,
    revision: 1,
    createdUnixMs: 1_000,
    reason: '',
  };
  assert.equal(
    renderDeployableList([summary], 4_400, noColors),
    [
      'NAME  DESIRED  CONDITION  ASSEMBLIES  RESOURCES  REVISION   AGE',
      'shop  running  starting            2          3         1  3.4s',
      '',
    ].join('\n'),
  );
  assert.deepEqual(deployableListJson([summary]), [{ ...summary, created: '1970-01-01T00:00:01.000Z' }]);
});

test('a failure tells what was done about it and how long that took', () => {
  const failure: Failure = {
    seq: 4,
    timeUnixMs: 1_000,
    deployable: 'shop',
    assembly: 'db',
    resource: 'redis',
    instance: '',
    what: 'resource-failed',
    reason: 'killed',
    recovery: 'restarted by its agent',
    recoveredUnixMs: 1_240,
    evidenceJson: '',
  };
  assert.match(
    renderFailures([failure], noColors),
    /shop\/db\.redis {2}resource-failed {2}240ms {2}restarted by its agent {2}killed/,
  );
  const open = { ...failure, recovery: '', recoveredUnixMs: 0 };
  assert.match(renderFailures([open], noColors), /not recovered/);
  const [json] = failuresJson([open]) as [{ recovered: unknown; recoveredUnixMs: unknown; evidence: unknown }];
  assert.deepEqual([json.recovered, json.recoveredUnixMs, json.evidence], [null, null, null]);
});

test('transitions tell what became of them, and where they are kept', () => {
  const transition: TransitionSummary = {
    number: 3,
    timeUnixMs: 1_000,
    trigger: 'definition revision 2',
    actions: 6,
    executed: 5,
    failed: 1,
    outcome: 'aborted',
    reason: 'redis failed',
    decideMs: 12,
    durationMs: 1_500,
    directory: '/srv/transitions/shop/3',
  };
  const text = renderTransitions([transition], noColors);
  assert.match(text, /5 of 6 +1 +aborted +12ms +1\.5s +definition revision 2 \(redis failed\)/);
  assert.match(text, /kept in \/srv\/transitions\/shop\n$/);
  assert.deepEqual(transitionsJson([transition]), [{ ...transition, time: '1970-01-01T00:00:01.000Z' }]);
});

const sampleProcess: ProcessInfo = {
  role: 'cped',
  name: 'cped',
  pid: 10,
  stateDirectory: '/srv/store',
  status: 'online',
  restarts: 1,
  startedUnixMs: 1_000,
  memoryBytes: 2 ** 20,
  deployable: '',
  assembly: '',
  launcherHost: '',
  address: '',
};

const instance = {
  ...sampleProcess,
  name: 'shop.db.local.1-1',
  stateDirectory: '/srv/i',
  deployable: 'shop',
  assembly: 'db',
};
const info: Info = {
  version: '1.2.3',
  home: '/srv',
  busUrl: 'nats://127.0.0.1:1',
  busServers: [],
  credentialsFile: '/srv/credentials/operator.creds',
  schedulerVersion: '2.1.5',
  processes: [
    sampleProcess,
    { ...instance, role: 'instance', pid: 20, launcherHost: 'local', address: '127.1.2.3' },
    { ...instance, role: 'agent', pid: 21 },
  ],
  machines: [],
};

test('info for programs lists instances apart, each with the pid of its init and of its agent', () => {
  const json = infoJson(info) as { processes: { role: string }[]; instances: Record<string, unknown>[] };
  assert.deepEqual(
    json.processes.map(({ role }) => role),
    ['cped', 'agent'],
  );
  assert.equal(json.instances.length, 1);
  const { role, name, pid, agentPid, stateDirectory, deployable, assembly, launcherHost, address } =
    json.instances[0] ?? {};
  assert.deepEqual(
    { role, name, pid, agentPid, stateDirectory, deployable, assembly, launcherHost, address },
    {
      role: 'instance',
      name: 'shop.db.local.1-1',
      pid: 20,
      agentPid: 21,
      stateDirectory: '/srv/i',
      deployable: 'shop',
      assembly: 'db',
      launcherHost: 'local',
      address: '127.1.2.3',
    },
  );
});

test('a process that does not run has no pid', () => {
  const json = infoJson({ ...info, processes: [{ ...sampleProcess, pid: 0 }] }) as { processes: { pid: unknown }[] };
  assert.equal(json.processes[0]?.pid, null);
});

test('info for people names addresses and processes', () => {
  const text = renderInfo(info, 4_000, noColors);
  assert.match(text, /^version {5}1\.2\.3\nhome {8}\/srv\n/);
  assert.match(text, /cped +cped +10 +online +3\.0s +1 +1MiB/);
});

test('launcher hosts show their drivers, and what they have in all where they tell', () => {
  const host = { name: 'left', state: 'in-service', reason: '', fencer: false, lastBeatUnixMs: 1_000, instances: [] };
  const told = { ...host, driver: 'qemu', capacityCpus: 8, capacityMemoryMib: 32_768 };
  const silent = { ...host, name: 'right', driver: '', capacityCpus: 0, capacityMemoryMib: 0, lastBeatUnixMs: 0 };
  const text = renderHosts([told, silent], 2_000, noColors);
  assert.match(text, /left +in-service +.*0 +qemu +8 cpus, 32 GiB +no/);
  assert.match(renderHost(told, 2_000, noColors), /\ndriver qemu, has 8 cpus, 32 GiB\n/);
  assert.doesNotMatch(renderHost(silent, 2_000, noColors), /driver/);
  assert.deepEqual(
    [hostJson(told).capacityCpus, hostJson(silent).capacityCpus, hostJson(silent).driver],
    [8, null, null],
  );
});
