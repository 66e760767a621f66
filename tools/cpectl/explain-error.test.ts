import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busError } from '../../proto/bus-error.js';
import { exitCodes } from './exit-code.js';
import { explainError, explainNoBus } from './explain-error.js';

const bus = { url: 'nats://127.0.0.1:4222', log: '/home/nats/nats-server.log' };

for (const trouble of [undefined, 'cannot connect to nats://127.0.0.1:4222: TIMEOUT']) {
  test(`a bus that says nothing (${trouble ?? 'no problem is known'}) has refused nobody`, () => {
    const { exit, message, next } = explainNoBus(bus, trouble);
    assert.equal(exit, exitCodes.unreachable);
    assert.match(message, /^the bus at nats:\/\/127\.0\.0\.1:4222 did not answer in time/);
    assert.match(next, /^try again/);
  });
}

test('a bus that refuses is told with what it said, and where to look', () => {
  const { exit, message, next } = explainNoBus(bus, "'Authorization Violation'");
  assert.equal(exit, exitCodes.unreachable);
  assert.match(message, /does not let cpectl in \('Authorization Violation'\)$/);
  assert.match(next, /nats-server\.log/);
});

test('a refusal that says what to do gets no other advice', () => {
  const message = 'pg.st is more than one; say which is to fail: pg-1.st, pg-2.st';
  assert.equal(explainError(busError('invalid-request', message)).next, '');
});

test('a coordinator that does not know a question is of another version', () => {
  const { next } = explainError(busError('invalid-request', 'cped does not answer "hostDrain"'));
  assert.match(next, /same version/);
});
