import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAnswer } from './parse-answer.js';

const NODE = {
  id: '1',
  name: 'host',
  kind: 'member',
  isOnline: true,
  isUnclean: false,
  isPending: false,
  isStandby: false,
  isInMaintenance: false,
  isShuttingDown: false,
  runningResources: 1,
};
const RESOURCE = {
  id: 'web.app',
  parent: null,
  variant: 'primitive',
  role: 'Started',
  nextRole: 'Stopped',
  isFailed: true,
  isBlocked: false,
  isManaged: true,
  isOrphan: false,
  pendingOperation: null,
  on: ['host'],
  to: null,
};
const GRAPH = {
  kind: 'graph',
  recheckAtUnixS: null,
  warnings: [{ severity: 'error', source: 'unpack_config', message: 'no' }],
  status: { nodes: [NODE], resources: [RESOURCE] },
};

test('an answer with a graph is parsed, null becoming undefined', () => {
  assert.deepEqual(parseAnswer(JSON.stringify(GRAPH)), {
    ...GRAPH,
    recheckAtUnixS: undefined,
    status: {
      nodes: [NODE],
      resources: [{ ...RESOURCE, parent: undefined, pendingOperation: undefined, to: undefined }],
    },
  });
});

test('an answer has no status unless it was asked for', () => {
  const { status: _unasked, ...graph } = GRAPH;
  assert.deepEqual(parseAnswer(JSON.stringify(graph)), { ...graph, recheckAtUnixS: undefined, status: undefined });
});

for (const [name, answer] of [
  ['is not JSON', '{"kind":'],
  ['is null', null],
  ['is an array', []],
  ['has an unknown kind', { ...GRAPH, kind: 'maybe' }],
  ['has a status that is null', { ...GRAPH, status: null }],
  ['lacks its warnings', { ...GRAPH, warnings: undefined }],
  ['has a fraction as time', { ...GRAPH, recheckAtUnixS: 1.5 }],
  ['has an unknown role', { ...GRAPH, status: { nodes: [], resources: [{ ...RESOURCE, role: 'Slave' }] } }],
  ['has a number among node names', { ...GRAPH, status: { nodes: [], resources: [{ ...RESOURCE, on: [1] }] } }],
  ['has a string as flag', { ...GRAPH, status: { nodes: [{ ...NODE, isOnline: 'yes' }], resources: [] } }],
  ['refuses for an unknown reason', { kind: 'refused', reason: 'mood', message: '', warnings: [] }],
  ['tells half a version', { kind: 'hello', library: '2.1.5', featureSet: '3.16.1' }],
] as const) {
  test(`an answer that ${name} is a SyntaxError`, () => {
    assert.throws(() => parseAnswer(typeof answer === 'string' ? answer : JSON.stringify(answer)), SyntaxError);
  });
}
