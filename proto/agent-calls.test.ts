import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { agentCalls, agentEvents, isAgentCall, isAgentEvent } from './agent-calls.js';

function documentation(): string {
  let root = import.meta.dirname;
  while (!existsSync(join(root, 'package.json'))) root = dirname(root);
  return readFileSync(join(root, 'docs', 'bus-api.md'), 'utf8');
}

test('every call and its answer, and every event, is in the documentation', () => {
  const text = documentation();
  const rows = new Map(
    [...text.matchAll(/^\|[^|]*\| `(\w+)` \|[^|]*\| `(\w+)`.*\|$/gm)].map(([, call = '', answer = '']) => [
      call,
      answer,
    ]),
  );
  for (const [call, { answer }] of Object.entries(agentCalls)) assert.equal(rows.get(call), answer, call);
  for (const event of agentEvents) assert.ok(text.includes(`\`${event}\``), event);
});

test('a call is told from an event, an answer and an order', () => {
  assert.ok(isAgentCall('hostGetUuid') && isAgentCall('agentDescribe'));
  for (const other of ['hostUuid', 'hostHeartbeat', 'adoptAgent', 'hostList'] as const) assert.ok(!isAgentCall(other));
  assert.ok(isAgentEvent('resourceOp') && !isAgentEvent('heartbeat'));
});
