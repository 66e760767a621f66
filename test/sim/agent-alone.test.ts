/** An agent that nobody hears: for hours, with clocks that move, and with a machine that is suspended. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentAlone } from './agent-alone.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

async function alone(play: (agent: AgentAlone) => Promise<void>): Promise<void> {
  const agent = new AgentAlone();
  try {
    await agent.pass(1);
    await play(agent);
  } finally {
    agent.end();
  }
}

const count = (agent: AgentAlone, what: string) => agent.ran.filter((ran) => ran.what === what).length;

test('for twelve hours without a bus every failure is repaired at once, and told once with its time', async () => {
  await alone(async (agent) => {
    await agent.start('web.a');
    const crashes: number[] = [];
    while (crashes.length < 72) {
      await agent.pass(10 * minuteMs);
      crashes.push(agent.now().unixMs);
      agent.crash('web.a');
      await agent.pass(1000);
      assert.ok(agent.running.has('web.a'), `after failure ${crashes.length}`);
    }
    const told = agent.spooled('local-recovery');
    assert.equal(told.length, 72);
    for (const [index, report] of told.entries()) {
      assert.equal(report.verdict, 'recovered');
      const sinceMs = report.detectedUnixMs - (crashes[index] ?? 0);
      assert.ok(sinceMs >= 0 && sinceMs < 50, `failure ${index} told with ${sinceMs} ms`);
      assert.ok(report.recoveredUnixMs - report.detectedUnixMs < 400);
    }
    assert.equal(agent.spooled('monitor-changed').length, 0);
  });
});

test('what dies after every start is restarted with growing delays, escalates once, and is then left alone', async () => {
  await alone(async (agent) => {
    await agent.start('web.a', { failures: 6 });
    agent.diesAfterMs.set('web.a', 250);
    agent.crash('web.a');
    await agent.pass(6 * hourMs);
    assert.equal(count(agent, 'web.a start'), 1 + 5);
    const told = agent.spooled('local-recovery').map(({ verdict }) => verdict);
    assert.deepEqual(told, ['recovered', 'recovered', 'recovered', 'recovered', 'recovered', 'escalate']);
    const starts = agent.ran.filter(({ what }) => what === 'web.a start').map(({ at }) => at);
    const gaps = starts.slice(2).map((at, index) => at - (starts[index + 1] ?? 0));
    assert.deepEqual(
      gaps,
      gaps.toSorted((a, b) => a - b),
    );

    // Something else starts it: that is news, and its next failure is the first of a new window.
    agent.diesAfterMs.clear();
    agent.running.add('web.a');
    await agent.pass(minuteMs);
    const [changed, ...more] = agent.spooled('monitor-changed');
    assert.equal(changed?.result.rc, 0);
    assert.equal(more.length, 0);
    agent.crash('web.a');
    await agent.pass(minuteMs);
    assert.equal(agent.spooled('local-recovery').at(-1)?.verdict, 'recovered');
    assert.equal(agent.spooled('local-recovery').at(-1)?.failuresInWindow, 1);
  });
});

test('an escalation is told once although the agent is restarted before anybody hears of it', async () => {
  await alone(async (agent) => {
    await agent.start('web.a', { failures: 1 });
    agent.crash('web.a');
    await agent.pass(minuteMs);
    for (let restart = 0; restart < 5; restart += 1) {
      agent.restartAgent();
      await agent.pass(10 * minuteMs);
    }
    assert.deepEqual(
      agent.spooled('local-recovery').map(({ verdict }) => verdict),
      ['escalate'],
    );
    assert.equal(count(agent, 'web.a start'), 1);
  });
});

test('an hour of suspend looks like no failure: nothing times out, no monitors at once, phases as before', async () => {
  await alone(async (agent) => {
    const resources = Array.from({ length: 50 }, (_, index) => `web.r${index}`);
    for (const resource of resources) await agent.start(resource);
    await agent.pass(20_000);
    const phaseOf = new Map(agent.ran.slice(-50).map(({ what, at }) => [what, at % 10_000]));
    // In the middle of a recovery, and of a back-off.
    agent.crash('web.r0');
    await agent.pass(60);
    agent.suspend(hourMs);
    const before = agent.ran.length;
    await agent.pass(200);
    assert.ok(agent.ran.length - before < 10, `${agent.ran.length - before} operations at once`);
    await agent.pass(20_000);
    assert.ok(agent.running.has('web.r0'));
    const shift = hourMs % 10_000;
    for (const { what, at } of agent.ran.slice(-50)) {
      const known = phaseOf.get(what);
      if (known !== undefined) assert.ok(Math.abs((at % 10_000) - ((known - shift + 10_000) % 10_000)) <= 2, what);
    }
    const bad = agent.spooled('local-recovery').filter(({ verdict }) => verdict !== 'recovered');
    assert.equal(bad.length, 0);
    assert.equal(agent.spooled('local-recovery').length, 1);
    assert.equal(agent.spooled('monitor-changed').length, 0);
  });
});

test('a lease ends with a suspend: what is exclusive is stopped within a second of waking up', async () => {
  await alone(async (agent) => {
    await agent.start('web.db', { isExclusive: true, failures: 0 });
    await agent.order({ kind: 'renew', leaseMs: 15_000 });
    await agent.pass(5000);
    agent.suspend(hourMs);
    await agent.pass(1100);
    assert.equal(agent.running.has('web.db'), false);
    assert.equal(agent.spooled('local-recovery').at(-1)?.reason, 'lease ran out');
    assert.deepEqual(agent.ends, []);
  });
});

test('failures before a suspend count for as long as their period lasts, and no longer', async () => {
  for (const { suspendMs, verdict } of [
    { suspendMs: 10 * minuteMs, verdict: 'escalate' },
    { suspendMs: 20 * minuteMs, verdict: 'recovered' },
  ] as const) {
    await alone(async (agent) => {
      await agent.start('web.a', { failures: 2 });
      agent.crash('web.a');
      await agent.pass(1000);
      agent.suspend(suspendMs);
      await agent.pass(1000);
      agent.crash('web.a');
      await agent.pass(1000);
      assert.equal(agent.spooled('local-recovery').at(-1)?.verdict, verdict, `${suspendMs} ms`);
    });
  }
});

for (const stepMs of [hourMs, -hourMs, 20, -20]) {
  test(`a clock that is set by ${stepMs} ms changes no duration, no order and no count`, async () => {
    await alone(async (agent) => {
      await agent.start('web.a', { failures: 4 });
      const crashes: number[] = [];
      for (let failure = 0; failure < 3; failure += 1) {
        await agent.pass(minuteMs);
        crashes.push(agent.time.now);
        agent.crash('web.a');
        // During the stop, the start, the monitor of the recovery.
        await agent.pass([20, 100, 170][failure] ?? 0);
        agent.stepClock(failure === 1 ? -2 * stepMs : stepMs);
        await agent.pass(5000);
      }
      const told = agent.spooled('local-recovery');
      assert.deepEqual(
        told.map(({ verdict, failuresInWindow }) => [verdict, failuresInWindow]),
        [
          ['recovered', 1],
          ['recovered', 2],
          ['recovered', 3],
        ],
      );
      const stepNow = agent.now().unixMs - agent.time.now;
      for (const [index, report] of told.entries()) {
        const { failure, results, detectedUnixMs, recoveredUnixMs } = report;
        const tookMs = recoveredUnixMs - detectedUnixMs;
        assert.ok(tookMs >= 160 && tookMs < 400, `repaired in ${tookMs} ms`);
        const times = [failure, results.stop, results.start, results.monitor].flatMap((result) =>
          result === undefined ? [] : [result.startedUnixMs, result.endedUnixMs],
        );
        assert.deepEqual(
          times,
          times.toSorted((a, b) => a - b),
        );
        // Told in the unix time of now, whatever it was then; less than 100 ms is noise.
        const wrongMs = detectedUnixMs - (crashes[index] ?? 0) - stepNow;
        assert.ok(Math.abs(wrongMs) < 150, `failure ${index} is ${wrongMs} ms off`);
      }
      agent.crash('web.a');
      await agent.pass(1000);
      assert.equal(agent.spooled('local-recovery').at(-1)?.verdict, 'escalate');
    });
  });
}
