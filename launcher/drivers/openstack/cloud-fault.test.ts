import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cloudError, orMissing, refusalOf } from './cloud-fault.js';
import { isCertainlyNotDone, readRefusal } from './cloud-session.js';

const refusal = (status: number, body: unknown, type = 'application/json; charset=UTF-8') =>
  cloudError(
    readRefusal('DELETE /servers/x', {
      kind: 'answer',
      status,
      headers: { 'content-type': type },
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    }),
  );
const nova = (status: number, name: string, message: string) => refusal(status, { [name]: { code: status, message } });

const cases: readonly (readonly [string, Error, boolean, RegExp])[] = [
  ["Nova's", nova(404, 'itemNotFound', 'Instance x could not be found.'), true, /404 itemNotFound: Instance x/],
  [
    "Neutron's",
    refusal(404, { NeutronError: { type: 'PortNotFound', message: 'no', detail: '' } }),
    true,
    /PortNotFound/,
  ],
  [
    "Keystone's",
    refusal(401, { error: { code: 401, title: 'Unauthorized', message: 'no' } }),
    true,
    /401 Unauthorized/,
  ],
  ["a proxy's page", refusal(404, '<html><h1>Not here</h1></html>', 'text/html'), false, /not in the words.*Not here/],
  ["a proxy's JSON", refusal(404, { message: 'no route' }), false, /not in the words/],
  ['one with another code', refusal(404, { itemNotFound: { code: 403, message: 'x' } }), false, /not in the words/],
  ['a page that says it is JSON', refusal(404, '<html>', 'application/json'), false, /not in the words/],
  ['an empty one', refusal(502, '', ''), false, /502/],
];
for (const [what, error, isAuthoritative, message] of cases) {
  test(`a refusal is told from what is none: ${what}`, () => {
    assert.match(error.message, message);
    const fault = [401, 403, 404, 502].map((status) => refusalOf(error, status)).find((found) => found !== undefined);
    assert.equal(fault?.isAuthoritative, isAuthoritative);
  });
}

test('only the service itself can say that something is not there', async () => {
  assert.equal(await orMissing(Promise.reject(nova(404, 'itemNotFound', 'gone'))), undefined);
  await assert.rejects(orMissing(Promise.reject(refusal(404, '<html>', 'text/html'))));
  await assert.rejects(orMissing(Promise.reject(nova(403, 'forbidden', 'no'))));
});

test('which quota is exceeded is said in numbers', () => {
  const message =
    'Quota exceeded for cores, ram: Requested 4, 8192, but already used 18, 49152 of 20, 51200 cores, ram';
  assert.match(
    nova(403, 'forbidden', message).message,
    /over quota: cores \(18 of 20 used, 4 more asked for\), ram \(49152 of 51200 used, 8192 more asked for\)$/,
  );
});

test('only a refusal in the words of the service, and what was not sent, is certainly not done', () => {
  assert.equal(isCertainlyNotDone(nova(400, 'badRequest', 'x')), true);
  assert.equal(isCertainlyNotDone(nova(500, 'computeFault', 'x')), false);
  assert.equal(isCertainlyNotDone(refusal(403, '<html>', 'text/html')), false);
  for (const wasSent of [true, false]) {
    const error = cloudError({ kind: 'unanswered', request: 'POST /servers', wasSent, reason: 'reset' });
    assert.equal(isCertainlyNotDone(error), !wasSent);
  }
  assert.equal(isCertainlyNotDone(new Error('anything')), false);
});
