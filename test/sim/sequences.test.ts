/**
 * Sequences that the Pacemaker Cloud of 2011-12 tested by hand, with nothing going wrong but what the test wants. What is
 * compared is what agents were ordered to do, or did.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openSchedulerChild } from '../../coordinator/scheduler/scheduler-child.js';
import { type DocumentSpec, simDocument } from './sim-document.js';
import type { SimInstance } from './sim-instance.js';
import { SimWorld } from './world.js';

const scheduler = openSchedulerChild();
after(() => scheduler.close());

const restMs = 3_000;

interface Stage {
  readonly world: SimWorld;
  /** Lets so much time pass; what was done meanwhile, in order. */
  readonly during: (ms: number) => Promise<readonly string[]>;
  readonly instanceOf: (assembly: string) => SimInstance;
  readonly kinds: () => readonly string[];
}

async function onStage(
  documents: readonly DocumentSpec[],
  play: (stage: Stage) => Promise<void>,
  hosts: readonly string[] = ['h1'],
): Promise<void> {
  const { featureSet, schema } = await scheduler.hello();
  const deployables = { shop: documents.map((spec) => simDocument('shop', spec)) };
  const scenario = { name: 'a sequence', hosts, deployables, maxDeployables: 1, troubleS: 0 };
  const world = new SimWorld({ seed: 1, scenario, scheduler, dialect: { featureSet, schema } });
  const restore = world.time.install(() => world.chance.next());
  try {
    world.begin();
    await play({
      world,
      during: async (ms) => {
        const before = world.operations.length;
        await world.run(world.time.now + ms);
        return world.operations.slice(before);
      },
      instanceOf: (assembly) => {
        const found = world.alive.find((instance) => instance.assembly === assembly);
        assert.ok(found, `${assembly} has no instance`);
        return found;
      },
      kinds: () => world.judge.events('shop').map(({ kind }) => kind),
    });
    assert.deepEqual(world.ledger.violations, []);
  } finally {
    restore();
  }
}

const pair: DocumentSpec = {
  assemblies: { db: { resources: { redis: {} } }, web: { resources: { app: {} } } },
  order: [['db.redis', 'web.app']],
};

test('a new assembly is started, then its resources in order, then they are monitored', async () => {
  await onStage([pair], async ({ during }) => {
    const done = await during(restMs);
    assert.deepEqual(withoutMonitors(done), ['db.redis start', 'web.app start']);
    assert.ok(done.indexOf('db.redis monitor every 5000 ms') > done.indexOf('db.redis start'));
    assert.ok(done.indexOf('web.app monitor every 5000 ms') > done.indexOf('web.app start'));
  });
});

test('a resource that joins a running assembly is probed, started, monitored', async () => {
  const more = { ...pair, assemblies: { ...pair.assemblies, web: { resources: { app: {}, job: {} } } } };
  await onStage([pair, more], async ({ world, during }) => {
    await during(restMs);
    world.operators[0]?.attempt(async () => world.operators[0]?.reload());
    assert.deepEqual(await during(restMs), ['web.job monitor', 'web.job start', 'web.job monitor every 5000 ms']);
  });
});

test('a failed monitor of a resource that others need stops them, restarts it, and starts them', async () => {
  await onStage([pair], async ({ during, instanceOf }) => {
    await during(restMs);
    instanceOf('db').crash('db.redis', true);
    const done = withoutMonitors(await during(restMs));
    assert.deepEqual(done, ['web.app stop', 'db.redis stop', 'db.redis start', 'web.app start']);
  });
});

test('a failed monitor of a resource that nobody needs is repaired by its agent', async () => {
  await onStage([pair], async ({ during, instanceOf, kinds, world }) => {
    await during(restMs);
    const { decisions } = world;
    instanceOf('web').crash('web.app', true);
    assert.deepEqual(withoutMonitors(await during(restMs)), ['web.app stop', 'web.app start']);
    assert.ok(kinds().includes('resource-recovered'));
    assert.ok(world.decisions <= decisions + 1);
  });
});

test('a failed assembly is started anew and its resources with it, dependents around them', async () => {
  await onStage([pair], async ({ world, during, instanceOf }) => {
    await during(restMs);
    const before = instanceOf('db');
    world.kill(before, 'kernel panic');
    const done = withoutMonitors(await during(restMs));
    assert.deepEqual(done, ['web.app stop', 'db.redis start', 'web.app start']);
    assert.notEqual(instanceOf('db').id, before.id);
  });
});

test('a VM that is paused for long is told of at once, is lost after its time, and is destroyed before the next starts', async () => {
  await onStage([pair], async ({ world, during, instanceOf, kinds }) => {
    await during(restMs);
    const before = instanceOf('db');
    world.pause(before, 120_000);
    await during(2_000);
    assert.ok(kinds().includes('assembly-paused') && !kinds().includes('assembly-suspect'));
    const done = withoutMonitors(await during(25_000));
    assert.deepEqual(done, ['web.app stop', 'db.redis start', 'web.app start']);
    assert.equal(before.isAlive, false);
    const failed = world.judge.events('shop').find(({ kind }) => kind === 'assembly-failed');
    assert.match(
      failed?.reason ?? '',
      /^its agent has been silent for \d+ ms; its VM is paused \(by the simulation\)$/,
    );
    assert.ok(!kinds().includes('assembly-working'));
  });
});

test('a VM that is paused for a moment is told of, and that it works again, whoever is restarted meanwhile', async () => {
  await onStage([pair], async ({ world, during, instanceOf, kinds }) => {
    await during(restMs);
    const { id } = instanceOf('db');
    world.pause(instanceOf('db'), 10_000);
    await during(3_000);
    for (const host of world.hosts) host.launch();
    for (const dped of world.dpeds) dped.launch();
    await during(15_000);
    assert.equal(instanceOf('db').id, id);
    const told = kinds().filter((kind) => /-(paused|working|failed)$/.test(kind));
    assert.deepEqual(told, ['assembly-paused', 'assembly-working']);
  });
});

test('what a launcher host has no room for starts on another at once; where none has room, as soon as one has', async () => {
  const hosts = ['h1', 'h2'];
  await onStage(
    [pair],
    async ({ world, during, instanceOf, kinds }) => {
      const [h1, h2] = world.hosts;
      assert.ok(h1 !== undefined && h2 !== undefined);
      h1.platform.isFull = true;
      await during(restMs);
      assert.deepEqual([instanceOf('db').host, instanceOf('web').host], ['h2', 'h2']);
      h2.platform.isFull = true;
      world.kill(instanceOf('db'), 'kernel panic');
      await during(30_000);
      assert.ok(world.alive.every(({ assembly }) => assembly !== 'db'));
      assert.ok(!kinds().includes('escalated') && !kinds().includes('deployable-restarting'));
      const failed = world.judge.events('shop').filter(({ kind }) => kind === 'deployable-failed');
      // The beat after the death shows that something has ended there: it is asked once more.
      assert.equal(failed.length, 2);
      assert.match(failed[0]?.reason ?? '', /^assembly db does not run: launcher host h1: no room/);
      h1.platform.isFull = false;
      await during(310_000);
      assert.equal(instanceOf('db').host, 'h1');
      assert.equal(kinds().at(-1), 'deployable-running');
    },
    hosts,
  );
});

const counted: DocumentSpec = {
  assemblies: { web: { resources: { app: { escalation: { failures: 3, period: '30s' } } } } },
};

for (const { pauseMs, isEscalated } of [
  { pauseMs: 5_000, isEscalated: true },
  { pauseMs: 16_000, isEscalated: false },
]) {
  const name = isEscalated
    ? 'the third failure within the period recovers the assembly'
    : 'after the period it does not';
  test(`escalation: ${name}`, async () => {
    await onStage([counted], async ({ during, instanceOf, kinds }) => {
      await during(restMs);
      const { id } = instanceOf('web');
      for (let failure = 0; failure < 3; failure++) {
        instanceOf('web').crash('web.app', true);
        await during(pauseMs);
      }
      assert.equal(kinds().filter((kind) => kind === 'escalated').length, isEscalated ? 1 : 0);
      assert.equal(instanceOf('web').id !== id, isEscalated);
      assert.equal(instanceOf('web').resources.get('web.app')?.isRunning, true);
    });
  });
}

test('while its host is cut off an agent repairs, and what it has no room to tell is counted afterwards', async () => {
  const budget = { escalation: { failures: 20, period: '5m' } };
  const cramped: DocumentSpec = { assemblies: { web: { resources: { app: budget } } } };
  await onStage([cramped], async ({ world, during, instanceOf }) => {
    world.areDisksCramped = true;
    await during(restMs);
    const { id } = instanceOf('web');
    world.network.cut('h1', 'lost');
    for (let failure = 0; failure < 12; failure++) {
      instanceOf('web').crash('web.app', true);
      await during(1_000);
    }
    world.network.heal('h1');
    await during(10_000);
    assert.equal(instanceOf('web').id, id);
    const told = world.judge.events('shop').filter(({ kind }) => kind === 'resource-failed');
    const counts = told.map(({ evidence }) => (evidence as { failures?: number }).failures ?? 1);
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      12,
    );
    assert.ok(told.length < 12, 'not all of them by themselves');
  });
});

test('a changed address configures again what uses it, and restarts what depends on it', async () => {
  const configured: DocumentSpec = {
    assemblies: {
      db: { resources: { redis: {} } },
      web: {
        resources: {
          // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the document
          app: { parameters: { server: '${db.ipaddress}' }, more: { configure: { url: 'file:///opt/configure' } } },
          front: {},
        },
      },
    },
    order: [['web.app', 'web.front']],
  };
  await onStage([configured], async ({ world, during, instanceOf }) => {
    const first = withoutMonitors(await during(restMs));
    assert.deepEqual(
      first.filter((each) => each.startsWith('web.')),
      ['web.app-configure start', 'web.app start', 'web.front start'],
    );
    world.kill(instanceOf('db'), 'kernel panic');
    const done = withoutMonitors(await during(restMs)).filter((each) => each.startsWith('web.'));
    assert.deepEqual(done, [
      'web.front stop',
      'web.app stop',
      'web.app-configure stop',
      'web.app-configure start',
      'web.app start',
      'web.front start',
    ]);
  });
});

function withoutMonitors(operations: readonly string[]): readonly string[] {
  return operations.filter((each) => !each.includes('monitor'));
}
