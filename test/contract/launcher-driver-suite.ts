import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { InstanceDeath, InstanceSpec, LauncherDriver, RunningInstance } from '../../launcher/driver.js';

/** What a driver brings along to be held to the contract. */
export interface DriverFixture {
  /** Opens a driver on the fixture's machine and state; called again after `close`, a later launcherd's driver. */
  open(launcherHost?: string): Promise<LauncherDriver>;
  /** A specification that this driver can start; its agent must stay until it is asked to end. */
  spec(name: { readonly assembly: string; readonly incarnation: number; readonly launcherHost?: string }): InstanceSpec;
  /** Ends a running instance behind the driver's back (power failure, OOM killer). */
  kill(instance: RunningInstance): Promise<void> | void;
  /** Removes every process and file. */
  dispose(): Promise<void>;
}

export interface DriverContract {
  /** Bounds of this driver: generous, for a busy machine. */
  readonly startMs: number;
  readonly deathSeenMs: number;
}

/** The contract of LauncherDriver (launcher/driver.ts), for every driver. */
export function describeDriver(name: string, create: () => Promise<DriverFixture>, bounds: DriverContract): void {
  describe(`launcher driver ${name}`, () => {
    let fixture: DriverFixture;
    let incarnation = 0;
    before(async () => {
      fixture = await create();
    });
    after(() => fixture.dispose());

    const nextSpec = (assembly: string) => fixture.spec({ assembly, incarnation: ++incarnation });
    const withDriver = async (use: (driver: LauncherDriver) => Promise<void>) => {
      const driver = await fixture.open();
      try {
        await use(driver);
      } finally {
        await driver.close();
      }
    };

    test('an instance starts, shows in inspect and list, and is destroyed with proof', { timeout: 120_000 }, () =>
      withDriver(async (driver) => {
        const spec = nextSpec('db');
        const view = await startInstance(driver, spec, bounds);
        assert.deepEqual(withoutAgent(await driver.inspect(spec.instance)), withoutAgent(view));
        assert.deepEqual((await driver.list()).filter(({ instance }) => instance === spec.instance).map(withoutAgent), [
          withoutAgent(view),
        ]);
        const outcome = await driver.destroy(spec.instance);
        assert.ok(outcome.kind === 'dead' && outcome.evidence !== '', JSON.stringify(outcome));
        assert.equal((await driver.inspect(spec.instance)).kind, 'dead');
        assert.equal(await driver.forget(spec.instance), true);
      }),
    );

    test('an instance that is asked to stop ends within its grace, without force', { timeout: 120_000 }, () =>
      withDriver(async (driver) => {
        const spec = nextSpec('db');
        await startInstance(driver, spec, bounds);
        const outcome = await driver.stop(spec.instance, 60_000);
        assert.ok(outcome.kind === 'dead' && !outcome.wasForced, JSON.stringify(outcome));
        assert.equal(await driver.forget(spec.instance), true);
      }),
    );

    test('starting twice is starting once, also at the same time', { timeout: 120_000 }, () =>
      withDriver(async (driver) => {
        const spec = nextSpec('db');
        const outcomes = await Promise.all([driver.start(spec), driver.start(spec)]);
        outcomes.push(await driver.start(spec));
        const started = outcomes.map((outcome) => (outcome.kind === 'started' ? withoutAgent(outcome.view) : outcome));
        assert.deepEqual(started[1], started[0]);
        assert.deepEqual(started[2], started[0]);
        assert.equal((await driver.list()).filter(({ instance }) => instance === spec.instance).length, 1);
        await end(driver, spec.instance);
      }),
    );

    test('stopping and destroying a dead instance say again that it is dead', { timeout: 120_000 }, () =>
      withDriver(async (driver) => {
        const spec = nextSpec('db');
        await startInstance(driver, spec, bounds);
        const outcomes = await Promise.all([driver.destroy(spec.instance), driver.destroy(spec.instance)]);
        outcomes.push(await driver.stop(spec.instance, 1000), await driver.destroy(spec.instance));
        for (const outcome of outcomes) assert.equal(outcome.kind, 'dead');
        await end(driver, spec.instance);
      }),
    );

    test('an id lives once: a dead instance is not started again', { timeout: 120_000 }, () =>
      withDriver(async (driver) => {
        const spec = nextSpec('db');
        await startInstance(driver, spec, bounds);
        await driver.destroy(spec.instance);
        assert.equal((await driver.start(spec)).kind, 'failed');
        await end(driver, spec.instance);
      }),
    );

    test('an instance that is not in the journal is unknown, never dead', { timeout: 60_000 }, () =>
      withDriver(async (driver) => {
        const { instance } = nextSpec('nobody');
        assert.equal((await driver.inspect(instance)).kind, 'unknown');
        assert.equal((await driver.destroy(instance)).kind, 'unproven');
        assert.equal((await driver.stop(instance, 1000)).kind, 'unproven');
      }),
    );

    test('a running instance is not forgotten', { timeout: 120_000 }, () =>
      withDriver(async (driver) => {
        const spec = nextSpec('db');
        await startInstance(driver, spec, bounds);
        assert.equal(await driver.forget(spec.instance), false);
        assert.equal((await driver.inspect(spec.instance)).kind, 'running');
        await end(driver, spec.instance);
        assert.equal((await driver.inspect(spec.instance)).kind, 'unknown');
      }),
    );

    test('a death is reported once, soon, and with evidence', { timeout: 120_000 }, () =>
      withDriver(async (driver) => {
        const deaths = collectDeaths(driver);
        const [one, other] = [nextSpec('db'), nextSpec('web')];
        const view = await startInstance(driver, one, bounds);
        await startInstance(driver, other, bounds);
        await fixture.kill(view);
        const death = await deaths.next(one.instance, bounds.deathSeenMs);
        assert.notEqual(death.evidence, '');
        assert.equal((await driver.inspect(one.instance)).kind, 'dead');
        assert.equal((await driver.inspect(other.instance)).kind, 'running');
        await end(driver, one.instance);
        await end(driver, other.instance);
        assert.deepEqual(deaths.countOf(one.instance), 1);
      }),
    );

    test('a later driver finds what runs, and reports what died meanwhile', { timeout: 120_000 }, async () => {
      const [living, lost] = [nextSpec('db'), nextSpec('web')];
      const views: RunningInstance[] = [];
      await withDriver(async (driver) => {
        for (const spec of [living, lost]) views.push(await startInstance(driver, spec, bounds));
      });
      const [livingView, lostView] = views;
      assert.ok(livingView !== undefined && lostView !== undefined);
      await fixture.kill(lostView);
      await withDriver(async (driver) => {
        const deaths = collectDeaths(driver);
        assert.deepEqual(withoutAgent(await driver.inspect(living.instance)), withoutAgent(livingView));
        await deaths.next(lost.instance, bounds.deathSeenMs);
        await fixture.kill(livingView);
        await deaths.next(living.instance, bounds.deathSeenMs);
        assert.equal((await driver.inspect(living.instance)).kind, 'dead');
      });
      await withDriver(async (driver) => {
        const deaths = collectDeaths(driver);
        for (const { instance } of [living, lost]) {
          assert.equal((await driver.inspect(instance)).kind, 'dead');
          await end(driver, instance);
          assert.equal(deaths.countOf(instance), 0, 'an acknowledged death is not reported again');
        }
      });
    });

    test('a death that the listener did not take is reported again', { timeout: 120_000 }, async () => {
      const spec = nextSpec('db');
      await withDriver(async (driver) => {
        const refused = new Promise<void>((resolve) => {
          driver.onDeath(() => {
            resolve();
            return Promise.reject(new Error('the disk is full'));
          });
        });
        await fixture.kill(await startInstance(driver, spec, bounds));
        await refused;
      });
      await withDriver(async (driver) => {
        await collectDeaths(driver).next(spec.instance, bounds.deathSeenMs);
        await end(driver, spec.instance);
      });
    });

    test('two launcher hosts of one machine do not see each other', { timeout: 120_000 }, async () => {
      const [one, two] = [await fixture.open('one'), await fixture.open('two')];
      try {
        const specs = ['one', 'two'].map((launcherHost) =>
          fixture.spec({ assembly: 'db', incarnation: ++incarnation, launcherHost }),
        );
        const [specOne, specTwo] = specs;
        assert.ok(specOne !== undefined && specTwo !== undefined);
        const [viewOne, viewTwo] = [
          await startInstance(one, specOne, bounds),
          await startInstance(two, specTwo, bounds),
        ];
        assert.notEqual(viewOne.address, viewTwo.address);
        assert.notEqual(viewOne.stateDirectory, viewTwo.stateDirectory);
        assert.equal((await two.inspect(specOne.instance)).kind, 'unknown');
        assert.equal((await one.destroy(specTwo.instance)).kind, 'unproven');
        assert.equal((await one.destroy(specOne.instance)).kind, 'dead');
        assert.equal((await two.inspect(specTwo.instance)).kind, 'running');
        await end(one, specOne.instance);
        await end(two, specTwo.instance);
      } finally {
        await one.close();
        await two.close();
      }
    });
  });
}

/** The start must succeed within its bound. */
export async function startInstance(
  driver: LauncherDriver,
  spec: InstanceSpec,
  bounds: Pick<DriverContract, 'startMs'>,
): Promise<RunningInstance> {
  const before = performance.now();
  const outcome = await driver.start(spec);
  assert.ok(outcome.kind === 'started', JSON.stringify(outcome));
  assert.ok(performance.now() - before < bounds.startMs, `the start took ${performance.now() - before} ms`);
  return outcome.view;
}

/** The reported deaths of a driver, from now on. */
export function collectDeaths(driver: LauncherDriver) {
  const deaths: InstanceDeath[] = [];
  const waiting = new Set<() => void>();
  driver.onDeath((death) => {
    deaths.push(death);
    for (const look of waiting) look();
  });
  return {
    countOf: (instance: string) => deaths.filter((death) => death.instance === instance).length,
    next: (instance: string, withinMs: number) =>
      new Promise<InstanceDeath>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no death of ${instance} in ${withinMs} ms`)), withinMs);
        const look = () => {
          const death = deaths.find((candidate) => candidate.instance === instance);
          if (death === undefined) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(death);
        };
        waiting.add(look);
        look();
      }),
  };
}

async function end(driver: LauncherDriver, instance: string): Promise<void> {
  const outcome = await driver.destroy(instance);
  assert.equal(outcome.kind, 'dead', JSON.stringify(outcome));
  assert.equal(await driver.forget(instance), true);
}

/** The agent may not run yet, or run again: its pid is no part of what an instance is. */
function withoutAgent<T extends object>(view: T): Omit<T, 'agentPid'> {
  const { agentPid: _, ...rest } = view as T & { agentPid?: number };
  return rest;
}
