import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestOutcome } from '../../proto/bus.js';
import { type BusErrorCode, busError } from '../../proto/bus-error.js';
import { OrderDelivery } from './order-delivery.js';

const soon = () => Date.now() + 60_000;

function failing(code: BusErrorCode): RequestOutcome {
  return { kind: 'error', error: busError(code, 'no') };
}

const verdicts: readonly { readonly code: BusErrorCode; readonly isTriedAgain: boolean }[] = [
  { code: 'deadline', isTriedAgain: true },
  { code: 'no-responder', isTriedAgain: true },
  { code: 'disconnected', isTriedAgain: true },
  { code: 'unavailable', isTriedAgain: true },
  { code: 'not-adopted', isTriedAgain: true },
  { code: 'stale-epoch', isTriedAgain: false },
  { code: 'invalid-request', isTriedAgain: false },
  { code: 'conflict', isTriedAgain: false },
];

for (const { code, isTriedAgain } of verdicts) {
  test(`an order that is answered "${code}" is ${isTriedAgain ? 'delivered again' : 'refused at once'}`, async () => {
    const delivery = new OrderDelivery();
    let attempts = 0;
    const delivered = await delivery.deliver('o', { expiresAt: soon(), retryMs: 1 }, async () => {
      attempts += 1;
      if (attempts === 3) delivery.withdraw('o');
      return failing(code);
    });
    assert.equal(delivered.kind, isTriedAgain ? 'given-up' : 'refused');
    assert.equal(attempts, isTriedAgain ? 3 : 1);
  });
}

test('an order whose time is over is given up', async () => {
  const delivery = new OrderDelivery();
  const options = { expiresAt: Date.now() - 1, retryMs: 60_000 };
  assert.deepEqual(await delivery.deliver('o', options, async () => failing('deadline')), { kind: 'given-up' });
});

test('closing ends every wait', async () => {
  const delivery = new OrderDelivery();
  const waits = ['a', 'b'].map((id) =>
    delivery.deliver(id, { expiresAt: soon(), retryMs: 60_000 }, async () => failing('deadline')),
  );
  await new Promise((resolve) => setImmediate(resolve));
  delivery.close();
  assert.deepEqual(await Promise.all(waits), [{ kind: 'given-up' }, { kind: 'given-up' }]);
});

test('waiting long for a receiver leaves nothing behind', async () => {
  const warnings: string[] = [];
  const onWarning = ({ name }: Error) => warnings.push(name);
  process.on('warning', onWarning);
  const delivery = new OrderDelivery();
  let attempts = 0;
  await delivery.deliver('o', { expiresAt: soon(), retryMs: 1 }, async () => {
    attempts += 1;
    if (attempts > 30) delivery.withdraw('o');
    return failing('no-responder');
  });
  await new Promise((resolve) => setImmediate(resolve));
  process.removeListener('warning', onWarning);
  assert.deepEqual(warnings, []);
});
