import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { LauncherDriver } from '../driver.js';
import { openInstanceDriver } from './instance-driver.js';
import { type ScriptedPlatform, scriptedPlatform, scriptedSpec } from './scripted-platform.js';

const homes: string[] = [];
after(async () => {
  for (const home of homes) await rm(home, { recursive: true });
});

interface Stage {
  readonly platform: ScriptedPlatform;
  readonly driver: LauncherDriver;
  /** Closes the driver, and opens the next one on the same platform and journal. */
  readonly reopen: () => Promise<LauncherDriver>;
}

async function onStage(play: (stage: Stage) => Promise<void>): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'cpe-driver-'));
  homes.push(home);
  const platform = scriptedPlatform();
  const open = () => openInstanceDriver({ name: 'scripted', home, launcherHost: 'h1', platform });
  let driver = await open();
  try {
    await play({
      platform,
      driver,
      reopen: async () => {
        await driver.close();
        driver = await open();
        return driver;
      },
    });
  } finally {
    await driver.close();
  }
}

const spec = scriptedSpec('db');
const { instance } = spec;
const paused = { kind: 'paused', evidence: 'by hand' } as const;

function lifeOf({ lives }: ScriptedPlatform) {
  const life = lives.get(instance);
  assert.ok(life);
  return life;
}

test('what runs and does not work is told without being looked at, until it works or dies', () =>
  onStage(async ({ platform, driver }) => {
    await driver.start(spec);
    assert.deepEqual(driver.conditions(), []);
    lifeOf(platform).condition = paused;
    await driver.inspect(instance);
    assert.deepEqual(driver.conditions(), [{ instance, condition: paused }]);
    lifeOf(platform).condition = { kind: 'working' };
    await driver.inspect(instance);
    assert.deepEqual(driver.conditions(), []);
    lifeOf(platform).condition = paused;
    await driver.inspect(instance);
    await driver.destroy(instance);
    assert.deepEqual(driver.conditions(), []);
  }));

test('while its platform cannot tell, the condition that was seen last holds', () =>
  onStage(async ({ platform, driver, reopen }) => {
    await driver.start(spec);
    const life = lifeOf(platform);
    life.condition = paused;
    await driver.inspect(instance);
    life.trouble = 'nobody answers';
    await driver.inspect(instance);
    assert.deepEqual(driver.conditions(), [{ instance, condition: paused }]);
    const next = await reopen();
    assert.deepEqual(
      next.conditions().map(({ condition }) => condition.kind),
      ['unknown'],
    );
    life.trouble = undefined;
    await next.inspect(instance);
    assert.deepEqual(next.conditions(), [{ instance, condition: paused }]);
  }));

test('memory that was handed out is reserved, whoever asks, until the instance is proven dead', () =>
  onStage(async ({ platform, driver, reopen }) => {
    platform.inAll = { cpus: 1, memoryMiB: 1_000 };
    assert.equal((await driver.start(scriptedSpec('db', { cpus: 4, memoryMiB: 600 }))).kind, 'started');
    const second = scriptedSpec('web', { cpus: 4, memoryMiB: 401 });
    const refused = await driver.start(second);
    assert.deepEqual(refused, {
      kind: 'failed',
      isForRoom: true,
      reason: 'the launcher host has no room: 401 MiB are asked for, and of 1000 MiB 400 MiB are left',
    });
    assert.equal(platform.lives.size, 1, 'nothing was tried');
    assert.equal((await driver.inspect(second.instance)).kind, 'unknown', 'nor written down');
    const next = await reopen();
    assert.equal((await next.start(second)).kind, 'failed', 'a later launcherd knows what is reserved');
    assert.equal((await next.start(scriptedSpec('job'))).kind, 'started', 'what does not say how much it takes');
    await next.destroy(instance);
    assert.equal((await next.start(second)).kind, 'started');
  }));

test('a launcher host that does not tell what it has refuses nothing', () =>
  onStage(async ({ platform, driver }) => {
    const large = { memoryMiB: 1_000_000 };
    assert.equal((await driver.start(scriptedSpec('db', large))).kind, 'started');
    platform.capacity = async () => {
      throw new Error('its daemon is down');
    };
    assert.equal((await driver.start(scriptedSpec('web', large))).kind, 'started');
  }));

test('a death that is found while the driver is opened waits for no sweep', { timeout: 30_000 }, (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  return onStage(async ({ platform, driver, reopen }) => {
    await driver.start(spec);
    await driver.close();
    lifeOf(platform).evidence = 'gone';
    const later = await reopen();
    const told = await new Promise((resolve) => later.onDeath(({ evidence }) => resolve(evidence)));
    assert.equal(told, 'gone');
  });
});
