import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isBusError } from '../proto/bus-error.js';
import { decodeEnvelope, encodeEnvelope } from '../proto/codec.js';
import type { BodyDraft, Sender } from '../proto/messages.js';
import { openInstanceDriver } from './drivers/instance-driver.js';
import { type ScriptedPlatform, scriptedPlatform, scriptedSpec } from './drivers/scripted-platform.js';
import { createOrderDesk } from './order-desk.js';

const homes: string[] = [];
after(async () => {
  for (const home of homes) await rm(home, { recursive: true });
});

const cpe: Sender = { role: 'cpe', id: 'main', incarnation: 'i1' };
const operator: Sender = { role: 'operator', id: 'ann', incarnation: 'o1' };

async function onStage(
  play: (stage: {
    platform: ScriptedPlatform;
    driver: Awaited<ReturnType<typeof openInstanceDriver>>;
    ask: (body: BodyDraft) => Promise<string>;
    order: (body: BodyDraft, sender?: Sender, onBehalfOf?: string) => Promise<string>;
  }) => Promise<void>,
): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'cpe-desk-'));
  homes.push(home);
  const platform = scriptedPlatform();
  const driver = await openInstanceDriver({ name: 'scripted', home, launcherHost: 'h1', platform });
  const desk = createOrderDesk({
    launcherHost: 'h1',
    driverName: 'scripted',
    driver,
    epochs: { current: () => epochInForce, adopt: async () => 'adopted' },
    results: { find: () => undefined, remember: async () => undefined },
    agents: {
      busServers: [],
      credentials: { keep: async () => '', drop: async () => undefined, keepOnly: async () => undefined },
    },
    onAdopted: () => undefined,
    log: () => undefined,
  });
  const say = async (handler: typeof desk.onOrder, body: BodyDraft, sender: Sender, onBehalfOf: string) => {
    const decoded = decodeEnvelope(
      encodeEnvelope({ body, messageId: 'm', sender, onBehalfOf, deployable: 'shop', epoch: 1 }),
    );
    assert.ok(decoded.kind === 'envelope');
    const answer = await handler({ envelope: decoded.envelope, subject: '', wantsReply: true });
    if (isBusError(answer)) return `${answer.code}: ${answer.message}`;
    return `${answer?.kind} ${JSON.stringify(answer?.value)}`;
  };
  try {
    await play({
      platform,
      driver,
      ask: (body) => say(desk.onQuestion, body, operator, ''),
      order: (body, sender = cpe, onBehalfOf = 'operator ann') => say(desk.onOrder, body, sender, onBehalfOf),
    });
  } finally {
    await driver.close();
  }
}

let epochInForce = 1;
const spec = scriptedSpec('web');
const { instance } = spec;
const stray = 'shop.db.h1.1-7';

function addStray({ lives }: ScriptedPlatform): void {
  lives.set(stray, { condition: { kind: 'working' }, trouble: undefined, evidence: undefined });
}

test('a console is read by anyone, bounded, while the launcher knows the instance', () =>
  onStage(async ({ platform, driver, ask }) => {
    const question = (maxBytes: number) => ask({ kind: 'readConsole', value: { instance, maxBytes } });
    assert.match(await question(0), /^unknown-instance: no instance shop.web.h1.1-1 is in the journal/);
    await driver.start(spec);
    assert.match(await question(0), /^not-found: instances of this launcher host have no console/);
    const asked: number[] = [];
    Object.assign(platform, {
      consoleLog: async (_place: unknown, most: number) => {
        asked.push(most);
        return 'Kernel panic';
      },
    });
    assert.equal(await question(0), 'consoleText {"text":"Kernel panic"}');
    await question(99_999_999);
    await driver.destroy(instance);
    assert.equal(await question(10), 'consoleText {"text":"Kernel panic"}');
    assert.deepEqual(asked, [16_384, 196_608, 10]);
  }));

test('a guest is rebooted for cped only, in an operator’s name, and where the platform can', () =>
  onStage(async ({ platform, driver, order }) => {
    const wish: BodyDraft = { kind: 'rebootInstance', value: { instance } };
    assert.match(await order(wish, operator), /^invalid-request: a operator does not order this/);
    assert.match(await order(wish, { ...cpe, role: 'dpe' }), /^invalid-request: a dpe does not order this/);
    assert.match(await order(wish, cpe, ''), /^invalid-request: on whose behalf/);
    assert.match(
      await order({ kind: 'rebootInstance', value: { instance: 'shop.web.h2.1-1' } }),
      /not one of launcher host h1/,
    );
    assert.match(await order(wish), /^conflict: no such instance/);
    await driver.start(spec);
    assert.equal(await order(wish), 'conflict: instances of the driver scripted cannot be rebooted');
    assert.deepEqual(driver.conditions(), []);
    Object.assign(platform, { reboot: async () => undefined });
    assert.equal(await order(wish), 'ack {}');
    assert.deepEqual(
      driver.conditions().map(({ condition }) => condition.kind),
      ['rebooting'],
    );
  }));

test('an orphan is found, adopted or destroyed; nothing else can be ended this way', () =>
  onStage(async ({ platform, driver, ask, order }) => {
    await driver.start(spec);
    assert.equal(await ask({ kind: 'listOrphans', value: {} }), 'orphanList {"orphans":[]}');
    addStray(platform);
    assert.match(await ask({ kind: 'listOrphans', value: {} }), /"instance":"shop.db.h1.1-7","what":"words"/);
    const destroy = (which: string): BodyDraft => ({ kind: 'adoptOrphan', value: { instance: which, destroy: true } });
    assert.match(await order(destroy(instance)), /^conflict: .*no orphan: it is in the journal/);
    assert.match(await order(destroy(stray), operator), /^invalid-request/);
    assert.match(await order(destroy(stray)), /^instanceState .*"state":"dead","evidence":"ended"/);
    assert.deepEqual(driver.running(), [instance]);
    platform.lives.delete(stray);
    assert.match(await order(destroy('shop.db.h1.1-8')), /^conflict: there is no orphan/);
    platform.lives.set('shop.job.h1.1-9', { condition: { kind: 'working' }, trouble: undefined, evidence: undefined });
    const adopted = await order({ kind: 'adoptOrphan', value: { instance: 'shop.job.h1.1-9' } });
    assert.match(adopted, /^instanceState .*"state":"running"/);
    assert.deepEqual([...driver.running()].sort(), ['shop.job.h1.1-9', instance]);
  }));

test('cped forgets what is dead, and nothing else', () =>
  onStage(async ({ driver, order }) => {
    await driver.start(spec);
    const wish: BodyDraft = { kind: 'forgetInstance', value: { instance } };
    assert.match(await order(wish), /^conflict: instance .* is not proven dead/);
    await driver.destroy(instance);
    epochInForce = 2;
    assert.match(await order(wish), /^stale-epoch: /);
    epochInForce = 1;
    assert.equal(await order(wish), 'ack {}');
    assert.deepEqual(await driver.list(), []);
  }));
