import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import { decodeEnvelope, encodeEnvelope } from '../../proto/codec.js';
import { cpeRequest, inbox } from '../../proto/subjects.js';
import { startBusFixture } from './bus-server-fixture.js';
import { plainConnect } from './plain-client.js';

const LONG = { timeout: 120_000 } as const;
const ASK = cpeRequest('operator', 'operator');
const REPLY = inbox('operator', 'operator', 'a1b2').reply('1');

test('a copy of a request gets the answer of the first, and nothing is done again', LONG, async (context) => {
  const { server, asker, answers, request } = await sides(context);
  let done = 0;
  let finish: (() => void) | undefined;
  server.subscribe(ASK, async () => {
    done += 1;
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return { kind: 'error', value: { code: 'not-found', message: `answer ${done}` } };
  });
  await server.flush();

  for (const _ of [1, 2, 3]) asker.publish(ASK, request('m-1'), { reply: REPLY });
  await asker.flush();
  await server.flush();
  assert.equal(done, 1);
  finish?.();
  assert.equal(await answers.next(), 'answer 1');
  asker.publish(ASK, request('m-1'), { reply: REPLY });
  assert.equal(await answers.next(), 'answer 1');
  assert.equal(done, 1);

  asker.publish(ASK, request('m-2'), { reply: REPLY });
  await asker.flush();
  await server.flush();
  finish?.();
  assert.equal(await answers.next(), 'answer 2');
});

test('requests that do not say which one they are, and long answers, are done each time', LONG, async (context) => {
  const { server, asker, answers, request } = await sides(context);
  let done = 0;
  server.subscribe(ASK, ({ envelope }) => {
    done += 1;
    const padding = envelope.messageId === '' ? '' : ' '.repeat(70_000);
    return { kind: 'error', value: { code: 'not-found', message: `answer ${done}${padding}` } };
  });
  await server.flush();
  for (const [count, messageId] of ['', '', 'm-1', 'm-1'].entries()) {
    asker.publish(ASK, request(messageId), { reply: REPLY });
    assert.equal(await answers.next(), `answer ${count + 1}`);
  }
});

/** A server's bus, and an asker that sends what it likes. */
async function sides(context: TestContext) {
  const fixture = await startBusFixture(context);
  const server = await fixture.connect('cpe');
  const asker = await plainConnect(
    fixture.server.url,
    await readFile(await fixture.credentials('operator', 'operator')),
  );
  context.after(() => asker.close());
  const messages = asker.subscribe(REPLY)[Symbol.asyncIterator]();
  const sender = { role: 'operator', id: 'operator', incarnation: 'a1b2' } as const;
  return {
    server,
    asker,
    request: (messageId: string) => encodeEnvelope({ body: { kind: 'getInfo', value: {} }, messageId, sender }),
    answers: {
      async next(): Promise<string> {
        const { value } = await messages.next();
        const decoded = decodeEnvelope(value.data);
        assert.ok(decoded.kind === 'envelope' && decoded.envelope.body.kind === 'error');
        return decoded.envelope.body.value.message.trimEnd();
      },
    },
  };
}
