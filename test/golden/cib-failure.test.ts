import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OnFail } from '../../coordinator/model/deployable.js';
import { failCount } from '../../coordinator/state/fail-count.js';
import { nextCallId } from '../../coordinator/state/history-edit.js';
import { exitCode, failResource, recordLocalRecovery } from '../../coordinator/state/record.js';
import { assembly, deployable, resource, shop } from './cib-deployables.js';
import { dummy, failMonitor, inWorld, monitorText, once, settle, transition } from './cib-world.js';

test('a failed monitor restarts the resource between the stop and the start of its dependents, and nothing else', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    failMonitor(world, 'web', 'web.app');
    assert.deepEqual(settle(world), [
      [
        'stop web.nginx on web',
        'stop web.app on web',
        'start web.app on web',
        'monitor/10000 web.app on web',
        'start web.nginx on web',
        'monitor/10000 web.nginx on web',
      ],
    ]);
    assert.match(monitorText(world), /web\.app 10s-interval monitor on web returned 'not running'/);
  });
});

test('dependents in another assembly are stopped and started around a failed resource', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    failMonitor(world, 'db', 'db.redis');
    assert.deepEqual(settle(world), [
      [
        'stop web.nginx on web',
        'stop web.app on web',
        'stop db.redis on db',
        'start db.redis on db',
        'monitor/10000 db.redis on db',
        'start web.app on web',
        'monitor/10000 web.app on web',
        'start web.nginx on web',
        'monitor/10000 web.nginx on web',
      ],
    ]);
  });
});

test('after a recorded local recovery there is nothing to do, and the failure counts', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    for (const expected of [1, 2, 3]) {
      const callId = nextCallId(world.history, 'web');
      const run = { changedAt: world.now, execMs: 5, queueMs: 0 };
      world.history = recordLocalRecovery(world.history, 'web', dummy('web.log'), {
        failure: { intervalMs: 10_000, at: world.now },
        start: { ...run, callId },
        monitor: { ...run, callId: callId + 1 },
      });
      assert.deepEqual(settle(world), []);
      assert.equal(failCount(world.history, 'web', 'web.log'), expected);
    }
    assert.doesNotMatch(monitorText(world), /Failed Resource Actions/);
    assert.match(monitorText(world, '--failcounts'), /web\.log: .*fail-count=3/);
  });
});

test('a local recovery after an older failure leaves nothing to do either', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    failMonitor(world, 'web', 'web.log');
    settle(world);
    const callId = nextCallId(world.history, 'web');
    const run = { changedAt: world.now, execMs: 5, queueMs: 0 };
    world.history = recordLocalRecovery(world.history, 'web', dummy('web.log'), {
      failure: { intervalMs: 10_000, at: world.now },
      start: { ...run, callId },
      monitor: { ...run, callId: callId + 1 },
    });
    assert.deepEqual(settle(world), []);
  });
});

test('a failed start is tried again', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    failMonitor(world, 'web', 'web.log');
    assert.deepEqual(settle(world, once('web.log_start_0', 1)), [
      ['stop web.log on web', 'start web.log on web: rc 1'],
      ['stop web.log on web', 'start web.log on web', 'monitor/10000 web.log on web'],
    ]);
  });
});

for (const outcome of [1, 'timeout'] as const) {
  test(`a stop that fails (${outcome}) recovers the VM, and what failed to stop starts after it`, () => {
    inWorld(shop(), ['h1'], (world) => {
      settle(world);
      failMonitor(world, 'web', 'web.app');
      const transitions = settle(world, once('web.app_stop_0', outcome));
      assert.deepEqual(
        transitions.map((lines) => lines.filter((line) => !line.startsWith('monitor/'))),
        [
          ['stop web.nginx on web', `stop web.app on web: ${outcome === 1 ? 'rc 1' : outcome}`],
          [
            'stop web on h1',
            'stop web.vm on h1',
            'fence web',
            'start web.vm on h1',
            'start web on h1',
            'start web.log on web',
          ],
          ['monitor web.app on web', 'monitor web.nginx on web', 'start web.app on web', 'start web.nginx on web'],
        ],
      );
    });
  });
}

test('an exit code that no restart can mend stops the resource and its dependents and leaves the rest alone', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    failMonitor(world, 'web', 'web.app', { rc: 5 });
    assert.deepEqual(settle(world), [['stop web.nginx on web', 'stop web.app on web']]);
  });
});

const onFailCases: readonly { readonly onFail: OnFail; readonly transitions: readonly (readonly string[])[] }[] = [
  { onFail: 'ignore', transitions: [] },
  { onFail: 'block', transitions: [] },
  { onFail: 'stop', transitions: [['stop web.app on web']] },
];

for (const { onFail, transitions } of onFailCases) {
  test(`on-fail=${onFail} means what Pacemaker makes of it`, () => {
    inWorld(deployable([assembly('web', resource('app', { onFail }))]), ['h1'], (world) => {
      settle(world);
      failMonitor(world, 'web', 'web.app');
      assert.deepEqual(settle(world), transitions);
    });
  });
}

test('on-fail=fence recovers the assembly at the first failure', () => {
  inWorld(deployable([assembly('web', resource('app', { onFail: 'fence' }))]), ['h1'], (world) => {
    settle(world);
    failMonitor(world, 'web', 'web.app');
    assert.ok(transition(world).includes('fence web'));
    assert.deepEqual(settle(world), []);
  });
});

test('a failure of a resource that has no monitor record yet is declared like crm_resource --fail does', () => {
  inWorld(deployable([assembly('web', resource('app'))]), ['h1'], (world) => {
    settle(world);
    const failure = { intervalMs: 1_000, rc: exitCode.unknownError, at: world.now, exitReason: 'declared' };
    world.history = failResource(world.history, 'web', dummy('web.app'), failure);
    assert.deepEqual(settle(world), [['stop web.app on web', 'start web.app on web', 'monitor/10000 web.app on web']]);
  });
});

test('constraints of the raw section are obeyed', () => {
  const raw = '<rsc_order id="late" first="aside.job" then="web.log"/>';
  inWorld(shop({ pacemaker: { constraints: raw, tags: '' } }), ['h1'], (world) => {
    settle(world);
    failMonitor(world, 'aside', 'aside.job');
    assert.deepEqual(
      settle(world)
        .flat()
        .filter((line) => !line.startsWith('monitor')),
      ['stop web.log on web', 'stop aside.job on aside', 'start aside.job on aside', 'start web.log on web'],
    );
  });
});
