import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRefusal, refusalProblem } from './bus-refusal.js';

const freedesktop = 'org.freedesktop.DBus.Error';
const quark = 'org.freedesktop.DBus.GLib.UnmappedError.MatahariErrorQuark';

const cases = [
  ['timeout', 'timeout'],
  [`${freedesktop}.NoReply`, 'timeout'],
  ['disconnected', 'unavailable'],
  [`${freedesktop}.ServiceUnknown`, 'unavailable'],
  [`${freedesktop}.Spawn.ExecFailed`, 'unavailable'],
  [`${freedesktop}.Spawn.Failed`, 'unavailable'],
  [`${freedesktop}.UnknownMethod`, 'unavailable'],
  [`${freedesktop}.AccessDenied`, 'failed'],
  ['org.freedesktop.PolicyKit1.Error.NotAuthorized', 'failed'],
  [`${freedesktop}.InvalidArgs`, 'invalid-argument'],
  [`${freedesktop}.Failed`, 'failed'],
  [`${quark}.Code1`, 'unavailable'],
  [`${quark}.Code2`, 'invalid-argument'],
  [`${quark}.Code3`, 'failed'],
  [`${quark}.Code5`, 'failed'],
  [`${quark}.Code99`, 'failed'],
  // Older versions of dbus-glib leave out the dot.
  [`${quark}Code2`, 'invalid-argument'],
  ['org.example.Error.constructor', 'failed'],
  ['', 'failed'],
] as const;

for (const [name, code] of cases) {
  test(`an error named ${JSON.stringify(name)} is the problem ${code}`, () => {
    const outcome = refusalProblem(readRefusal(name, 'so it is'), 'lifetime');
    assert.equal(outcome.kind, 'problem');
    if (outcome.kind !== 'problem') return;
    assert.equal(outcome.problem.code, code);
    assert.match(outcome.problem.message, /so it is/);
    assert.equal(outcome.problem.argument, code === 'invalid-argument' ? 'lifetime' : undefined);
  });
}

test('only the errors of their own releases tell that a service is one of them', () => {
  assert.equal(readRefusal(`${quark}.Code1`, '').isMatahariError, true);
  assert.equal(readRefusal(`${freedesktop}.NotSupported`, '').isMatahariError, false);
});
