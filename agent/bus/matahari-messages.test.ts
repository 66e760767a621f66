import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { type AgentCall, agentCalls, agentEvents } from '../../proto/agent-calls.js';
import { isBusError } from '../../proto/bus-error.js';
import { decodeEnvelope, encodeEnvelope } from '../../proto/codec.js';
import type { Body, BodyDraft } from '../../proto/messages.js';
import { done, problem } from '../matahari/matahari.js';
import { scriptedMatahari } from '../matahari/scripted-matahari.js';
import { callMatahari, type MatahariCall, type MatahariCallBody } from './matahari-messages.js';

/** As it arrives on the other side. */
function overTheBus(body: BodyDraft): Body {
  const sender = { role: 'operator', id: 'me', incarnation: '1' } as const;
  const decoded = decodeEnvelope(encodeEnvelope({ messageId: '1', sender, body }));
  assert.equal(decoded.kind, 'envelope');
  return decoded.kind === 'envelope' ? decoded.envelope.body : assert.fail();
}

const host = {
  hostname: 'web',
  uuid: 'f-1',
  customUuid: 'c-1',
  os: 'Linux',
  arch: 'x86_64',
  wordsize: 64,
  memory: 8_000_000_000,
  swap: 1,
  cpuCount: 4,
  cpuCores: 2,
  cpuModel: 'model',
  cpuFlags: 'a b',
  updateInterval: 5,
  lastUpdatedUnixMs: 1_763_807_520_123,
  sequence: 7,
  freeMem: 3,
  freeSwap: 4,
  load: { 1: 0.25, 5: 1.5, 15: 0 },
  processStatistics: { sleeping: 200, __proto__x: 1 },
};
const object = { uuid: 'f-1', hostname: 'web' };
const invocation = {
  name: 'ip',
  standard: 'ocf',
  provider: 'heartbeat',
  agent: 'IPaddr2',
  action: 'monitor',
  parameters: { ip: '10.0.0.1', 'a b': 'c\nd' },
  userdata: 'mine',
};

/** What is asked, how the object is called, what it says, and what is answered. */
const table: { readonly [C in MatahariCall]: readonly [object, readonly unknown[], unknown, object] } = {
  hostGet: [{}, [], host, { ...host, backend: 'own' }],
  hostSetUpdateInterval: [{ updateInterval: 9 }, [9], undefined, {}],
  hostIdentify: [{}, [], undefined, {}],
  hostShutdown: [{}, [], undefined, {}],
  hostReboot: [{}, [], undefined, {}],
  hostGetUuid: [{ lifetime: 'Agent' }, ['Agent'], 'u-1', { uuid: 'u-1' }],
  hostSetUuid: [{ lifetime: 'Custom', uuid: 'x' }, ['Custom', 'x'], 0, { rc: 0 }],
  hostSetPowerProfile: [{ profile: 'powersave' }, ['powersave'], 3, { rc: 3 }],
  hostGetPowerProfile: [{}, [], 'powersave', { profile: 'powersave' }],
  hostListPowerProfiles: [{}, [], ['a', 'b'], { names: ['a', 'b'] }],
  servicesGet: [{}, [], object, { ...object, backend: 'own' }],
  servicesList: [{}, [], ['ssh'], { names: ['ssh'] }],
  servicesEnable: [{ name: 'ssh' }, ['ssh'], 0, { rc: 0 }],
  servicesDisable: [{ name: 'ssh' }, ['ssh'], 1, { rc: 1 }],
  servicesStart: [{ name: 'ssh', timeout: 50 }, ['ssh', 50], 0, { rc: 0 }],
  servicesStop: [{ name: 'ssh' }, ['ssh', 20_000], 0, { rc: 0 }],
  servicesStatus: [{ name: 'ssh', timeout: 1 }, ['ssh', 1], 3, { rc: 3 }],
  servicesDescribe: [{ name: 'ssh' }, ['ssh'], '<a/>', { xml: '<a/>' }],
  resourcesGet: [{}, [], object, { ...object, backend: 'dbus' }],
  resourcesListStandards: [{}, [], ['ocf'], { names: ['ocf'] }],
  resourcesListProviders: [{ standard: 'lsb' }, ['lsb'], [], { names: [] }],
  resourcesList: [{ standard: 'ocf', provider: 'heartbeat' }, ['ocf', 'heartbeat'], ['ip'], { names: ['ip'] }],
  resourcesDescribe: [{ standard: 's', provider: 'p', agent: 'a' }, ['s', 'p', 'a'], '<a/>', { xml: '<a/>' }],
  resourcesInvoke: [
    { ...invocation, interval: 10, timeout: 0, expectedRc: 7 },
    [{ ...invocation, intervalMs: 10, timeoutMs: 20_000, expectedRc: 7 }],
    { rc: 7, sequence: 1, userdata: 'mine' },
    { rc: 7, sequence: 1, userdata: 'mine' },
  ],
  resourcesCancel: [
    { name: 'ip', action: 'monitor', interval: 10, timeout: 5 },
    ['ip', 'monitor', 10, 5],
    undefined,
    {},
  ],
  resourcesFail: [{ name: 'ip', rc: 1 }, ['ip', 1], undefined, {}],
  networkGet: [{}, [], object, { ...object, backend: 'dbus' }],
  networkList: [{}, [], ['lo'], { names: ['lo'] }],
  networkStart: [{ iface: 'lo' }, ['lo'], 0, { status: 0 }],
  networkStop: [{ iface: 'lo' }, ['lo'], 1, { status: 1 }],
  networkStatus: [{ iface: 'lo' }, ['lo'], 0, { status: 0 }],
  networkGetIpAddress: [{ iface: 'lo' }, ['lo'], '127.0.0.1', { ip: '127.0.0.1' }],
  networkGetMacAddress: [{ iface: 'lo' }, ['lo'], '00:00', { mac: '00:00' }],
  sysconfigGet: [
    {},
    [],
    { ...object, isPostbootConfigured: 1 },
    { ...object, isPostbootConfigured: 1, backend: 'own' },
  ],
  sysconfigSetPostbootConfigured: [{ isPostbootConfigured: 2 }, [2], undefined, {}],
  sysconfigRunUri: [{ uri: 'u', flags: 1, scheme: 's', key: 'k' }, ['u', 1, 's', 'k'], 'OK', { status: 'OK' }],
  sysconfigRunString: [
    { text: 't', flags: 0, scheme: 's', key: 'k' },
    ['t', 0, 's', 'k'],
    'FAILED\n1',
    { status: 'FAILED\n1' },
  ],
  sysconfigQuery: [{ text: 't', flags: 0, scheme: 'augeas' }, ['t', 0, 'augeas'], 'data', { data: 'data' }],
  sysconfigIsConfigured: [{ key: 'k' }, ['k'], 'OK', { status: 'OK' }],
};

/** `hostGetUuid` is `getUuid` of `host`. */
function methodOf(kind: MatahariCall): string {
  const [, name = '', rest = ''] = /^(host|services|resources|network|sysconfig)(.*)$/.exec(kind) ?? [];
  return `${name}.${rest.charAt(0).toLowerCase()}${rest.slice(1)}`;
}

for (const [kind, [value, args, result, answer]] of Object.entries(table) as [
  MatahariCall,
  (typeof table)[MatahariCall],
][]) {
  test(`${kind} is asked of its object, and answered with what it says`, async () => {
    const matahari = scriptedMatahari();
    matahari.replies.set(methodOf(kind), () => done(result));
    const body = overTheBus({ kind, value } as BodyDraft) as MatahariCallBody;
    const answered = await callMatahari(matahari, body);
    assert.deepEqual(matahari.asked, [[methodOf(kind), args]]);
    if (isBusError(answered)) assert.fail(answered.message);
    assert.deepEqual(overTheBus(answered), { kind: agentCalls[kind].answer, value: answer });
  });

  test(`${kind} tells what went wrong`, async () => {
    const matahari = scriptedMatahari();
    matahari.replies.set(methodOf(kind), () => problem('not-installed', 'it is not there'));
    const answered = await callMatahari(matahari, overTheBus({ kind, value } as BodyDraft) as MatahariCallBody);
    assert.deepEqual(answered, { code: 'not-installed', message: 'it is not there', details: {}, problems: [] });
  });
}

test('every kind of problem has its code, and names the argument', async () => {
  const codes = {
    'invalid-argument': 'invalid-request',
    'not-found': 'not-found',
    'not-installed': 'not-installed',
    timeout: 'timeout',
    failed: 'operation-failed',
    unavailable: 'unavailable',
  } as const;
  for (const [code, expected] of Object.entries(codes)) {
    const matahari = scriptedMatahari();
    matahari.replies.set('host.getUuid', () => problem(code as keyof typeof codes, 'so', 'lifetime'));
    const answered = await callMatahari(matahari, { kind: 'hostGetUuid', value: { lifetime: 'x' } });
    assert.deepEqual(answered, { code: expected, message: 'so', details: { argument: 'lifetime' }, problems: [] });
  }
});

const impossible: readonly [MatahariCallBody, string][] = [
  [{ kind: 'hostGetUuid', value: { lifetime: 'a\0b' } }, 'lifetime'],
  [{ kind: 'servicesStart', value: { name: 'ssh', timeout: 2 ** 31 } }, 'timeout'],
  [
    {
      kind: 'resourcesInvoke',
      value: { ...invocation, parameters: { a: 'b\0' }, interval: 0, timeout: 0, expectedRc: 0 },
    },
    'parameters',
  ],
  [{ kind: 'resourcesInvoke', value: { ...invocation, interval: 2 ** 32 - 1, timeout: 0, expectedRc: 0 } }, 'interval'],
];

for (const [body, argument] of impossible) {
  test(`what no method can mean reaches none: ${body.kind}, ${argument}`, async () => {
    const matahari = scriptedMatahari();
    const answered = await callMatahari(matahari, body);
    if (!isBusError(answered)) assert.fail(answered.kind);
    assert.deepEqual([answered.code, answered.details], ['invalid-request', { argument }]);
    assert.deepEqual(matahari.asked, []);
  });
}

test('a number that is no return code is a failure', async () => {
  const matahari = scriptedMatahari();
  matahari.replies.set('services.status', () => done(-1));
  const answered = await callMatahari(matahari, { kind: 'servicesStatus', value: { name: 'ssh', timeout: 0 } });
  assert.ok(isBusError(answered) && answered.code === 'operation-failed');
});

test('every message of matahari.proto that an envelope carries is a call, an answer or an event', () => {
  let root = import.meta.dirname;
  while (!root.endsWith('/') && !isThere(join(root, 'package.json'))) root = dirname(root);
  const envelope = readFileSync(join(root, 'proto/cpe/v1/envelope.proto'), 'utf8');
  const kinds = [...envelope.matchAll(/^ {4}\w+ (\w+) = (\d+);/gm)]
    .filter(([, , number]) => Number(number) >= 200)
    .map(([, name = '']) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
  const answers = Object.values(agentCalls).map(({ answer }) => answer as string);
  const known = new Set<string>([...(Object.keys(agentCalls) as AgentCall[]), ...answers, ...agentEvents]);
  assert.deepEqual(
    kinds.filter((kind) => !known.has(kind)),
    [],
  );
  assert.ok(kinds.length > 55);
});

function isThere(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}
