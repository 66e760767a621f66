import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgentDescription, HostObject, ManagedResource, ProcessInfo } from '../../../proto/messages.js';
import { noColors } from '../terminal.js';
import { renderCode, renderHostObject, renderInvoked, renderText } from './agent-answer-view.js';
import { renderDescription, renderManaged } from './agent-description-view.js';
import { agentEventJson, renderAgentEvent } from './agent-event-view.js';
import { agentListJson, backendWords, renderAgentList } from './agent-list-view.js';
import { momentsTwice } from './times.js';

const now = 1_763_807_520_000;
const clear = '\u001b[2J';
const instance = { deployable: 'shop', assembly: 'web', host: 'local', incarnation: '1-1' };

const nginx: ManagedResource = {
  resource: 'web.nginx',
  agent: 'ocf:heartbeat:nginx',
  watch: 'cgroup',
  watchedBy: 'the end of its process is seen at once (cgroup)',
  delegated: true,
  exclusive: false,
  expectedToRun: true,
  activity: 'monitor',
  ordersWaiting: 2,
  monitors: [
    {
      operation: 'monitor',
      intervalMs: 10_000,
      timeoutMs: 20_000,
      dueInMs: 3_400,
      lastRc: 0,
      lastStatus: 'done',
      lastUnixMs: now - 60_000,
    },
  ],
  lastOperation: {
    resource: 'web.nginx',
    operation: 'start',
    intervalMs: 0,
    callId: 3,
    rc: 0,
    status: 'done',
    startedUnixMs: now - 61_000,
    endedUnixMs: now - 60_000,
    execMs: 900,
    queueMs: 1,
    exitReason: '',
    output: `one\n${clear}two\n`,
    userData: '',
    parameters: {},
    timeoutMs: 20_000,
    restartParameters: [],
    reloadable: false,
  },
  failuresInWindow: 1,
  failureLimit: 3,
};

const description: AgentDescription = {
  version: '0.1.0',
  instance: 'shop.web.local.1-1',
  incarnation: 2,
  pid: 7,
  startedUnixMs: now - 125_000,
  epoch: 4,
  leaseMs: 9_000,
  memoryBytes: 50 * 2 ** 20,
  reportsWaiting: 3,
  reportsWaitingBytes: 900,
  reportsCondensed: 5,
  backends: { Host: 'own', Services: 'dbus', Resources: 'own', Network: 'own', Sysconfig: 'own' },
  classes: ['ocf', 'exec'],
  resources: [nginx],
};

test('an agent is described with what it manages, one resource a line', () => {
  const text = renderDescription(description, now, noColors);
  assert.match(text, /^up +2m05s \(start 2 in this instance, pid 7\)$/m);
  assert.match(text, /^lease +9\.0s left$/m);
  assert.match(text, /^reports waiting +3 \(900 bytes\); 5 told by their number only$/m);
  assert.match(text, /^backends +own \(dbus: Services\)$/m);
  assert.match(
    text,
    /^web\.nginx +ocf:heartbeat:nginx +cgroup +in 3\.4s +start: rc 0 +1 of 3 +agent +monitor, 2 waiting$/m,
  );
});

test('a resource is described in words, with the output of its last operation', () => {
  const text = renderManaged(nginx, now, noColors);
  assert.match(text, /^watched by +the end of its process is seen at once \(cgroup\)$/m);
  assert.match(text, /^monitor +every 10\.0s within 20\.0s, next in 3\.4s; rc 0 since 1m00s$/m);
  assert.match(text, /^last operation +start: rc 0, at .*, in 900ms$/m);
  assert.ok(text.endsWith('\n\none\n\\u{1b}[2Jtwo\n'), JSON.stringify(text.slice(-40)));
  const bare = renderManaged({ ...nginx, lastOperation: undefined, monitors: [], delegated: false }, now, noColors);
  assert.match(bare, /^recovered by +its DPE$/m);
});

test('agents are listed, also those that do not answer', () => {
  const agent = {
    role: 'agent',
    name: 'shop.web.local.1-1',
    pid: 7,
    deployable: 'shop',
    assembly: 'web',
    launcherHost: 'local',
    address: '127.1.2.3',
  } as ProcessInfo;
  const silent = { agent: { ...agent, assembly: 'db', pid: 0 }, description: undefined };
  const text = renderAgentList([{ agent, description }, silent], now, noColors);
  assert.match(text, /^shop\/web .* 0\.1\.0 +2m05s +50MiB +1 +3 waiting +own \(dbus: Services\)$/m);
  assert.match(text, /^shop\/db .* it does not answer$/m);
  assert.deepEqual(agentListJson(silent), {
    deployable: 'shop',
    assembly: 'db',
    instance: 'shop.web.local.1-1',
    launcherHost: 'local',
    address: '127.1.2.3',
    pid: null,
    answers: false,
    version: null,
    incarnation: null,
    started: null,
    startedUnixMs: null,
    memoryBytes: null,
    resources: null,
    reportsWaiting: null,
    backends: null,
  });
});

const backends: readonly [Record<string, string>, string][] = [
  [{}, ''],
  [{ Host: 'own', Network: 'own' }, 'own'],
  [{ Host: 'dbus', Network: 'own', Services: 'dbus' }, 'dbus (own: Network)'],
];
for (const [given, words] of backends) {
  test(`backends in words: ${words || 'none'}`, () => assert.equal(backendWords(given), words));
}

test('properties are shown under their own names, whatever is in them', () => {
  const host: HostObject = {
    hostname: clear,
    uuid: 'u',
    customUuid: '',
    os: 'Linux',
    arch: 'x86_64',
    wordsize: 64,
    memory: 100,
    swap: 0,
    cpuCount: 2,
    cpuCores: 1,
    cpuModel: 'm',
    cpuFlags: 'a b',
    updateInterval: 0,
    lastUpdatedUnixMs: 0,
    sequence: 3,
    freeMem: 50,
    freeSwap: 0,
    load: { 1: 0.256, 5: 1, 15: 2 },
    processStatistics: { running: 1, sleeping: 20 },
    backend: 'own',
  };
  const text = renderHostObject(host, noColors);
  assert.match(text, /^hostname +\\u\{1b\}\[2J$/m);
  assert.match(text, /^custom_uuid$/m);
  assert.match(text, /^update_interval +none$/m);
  assert.match(text, /^last_updated +never$/m);
  assert.match(text, /^load +0\.26 1\.00 2\.00$/m);
  assert.match(text, /^process_statistics +1 running, 20 sleeping$/m);
});

test('results are told by their number, in words where there are any', () => {
  assert.equal(renderCode(0, { 0: 'running' }, noColors), 'running (rc 0)\n');
  assert.equal(renderCode(3, { 0: 'running', 3: 'stopped' }, noColors), 'stopped (rc 3)\n');
  assert.equal(renderCode(77, { 0: 'done' }, noColors), 'failed (rc 77)\n');
  const invoked = { rc: 7, sequence: 1, userdata: '' };
  assert.equal(renderInvoked(invoked, { expectedRc: 7, isOcf: true }, noColors), 'rc 7 not running\n');
  assert.equal(renderInvoked(invoked, { expectedRc: 0, isOcf: false }, noColors), 'rc 7 (expected: 0)\n');
});

test('a text of the machine is as it is for a file, and harmless for a terminal', () => {
  const context = { typed: { values: [], given: {}, timeoutMs: 0 }, colors: noColors };
  assert.equal(renderText(`\t<a/>${clear}`, { ...context, isTerminal: false }), `\t<a/>${clear}\n`);
  assert.equal(renderText(`<a>\n${clear}</a>\n`, { ...context, isTerminal: true }), '<a>\n\\u{1b}[2J</a>\n');
  assert.equal(renderText('', { ...context, isTerminal: true }), '');
});

test('events of machines are a line each', () => {
  const beat = {
    kind: 'hostHeartbeat',
    value: { timestampUnixMs: now, sequence: 17, hostname: 'vm', uuid: 'u' },
  } as const;
  assert.match(renderAgentEvent(instance, beat, noColors), /^\d\d:\d\d:\d\d\.000 {2}shop\/web +heartbeat +17 {2}vm$/);
  const { kind, timestamp, timestampUnixMs, sequence } = agentEventJson(instance, beat);
  assert.deepEqual([kind, timestamp, timestampUnixMs, sequence], ['heartbeat', '2025-11-22T10:32:00.000Z', now, 17]);
  const about = {
    name: 'ip',
    standard: 'ocf',
    provider: 'heartbeat',
    agent: 'IPaddr2',
    action: 'monitor',
    interval: 1000,
  };
  const op = {
    kind: 'resourceOp',
    value: { timestampUnixMs: now, sequence: 2, ...about, rc: 7, expectedRc: 0, userdata: clear },
  } as const;
  assert.match(
    renderAgentEvent(instance, op, noColors),
    /resource_op +ip ocf:heartbeat:IPaddr2 monitor every 1000 ms: rc 7 \(expected: 0\) {2}\\u\{1b\}\[2J$/,
  );
});

test('moments are there twice, at any depth, and null for never', () => {
  assert.deepEqual(momentsTwice({ startedUnixMs: now, list: [{ lastUnixMs: 0 }], map: { a: 1 }, none: undefined }), {
    started: '2025-11-22T10:32:00.000Z',
    startedUnixMs: now,
    list: [{ last: null, lastUnixMs: null }],
    map: { a: 1 },
    none: undefined,
  });
});
