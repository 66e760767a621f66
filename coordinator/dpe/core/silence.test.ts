import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DpeEventDraft } from './dpe-effect.js';
import { instanceOf, recoveryScenario } from './recovery-scenario.js';
import { liftStorm } from './storm.js';
import type { Work } from './work.js';

const four = { a: 'h1', b: 'h1', c: 'h1', d: 'h1' } as const;
const lostAfterMs = 15_000;

function verdictOf(event: DpeEventDraft | undefined): unknown {
  return (event?.evidence as { verdict?: unknown } | undefined)?.verdict;
}

function evidenceOf(event: DpeEventDraft | undefined): string {
  return ((event?.evidence as { evidence?: string[] } | undefined)?.evidence ?? []).join('; ');
}

for (const [size, silent] of [
  [1, ['a']],
  [2, ['a']],
  [2, ['a', 'b']],
  [4, ['a']],
  [4, ['a', 'b']],
] as const) {
  test(`${silent.length} silent of ${size}: recovered as ever, once each, with a verdict and its evidence`, () => {
    const scenario = recoveryScenario(Object.fromEntries(Object.entries(four).slice(0, size)));
    scenario.pass(3_000);
    for (const name of silent) scenario.silentAgents.add(name);
    scenario.pass(lostAfterMs - 1_000);
    assert.deepEqual(scenario.told('assembly-failed'), []);
    assert.equal(scenario.told('assembly-suspect').length, silent.length);
    scenario.pass(1_200);
    assert.deepEqual(
      scenario.told('assembly-failed').map(({ assembly }) => assembly),
      silent,
    );
    for (const event of scenario.told('assembly-failed')) {
      assert.equal(verdictOf(event), 'agent');
      assert.match(
        evidenceOf(event),
        /agent has been silent for 1[45]\.\d s; the launcher of h1 was heard .* says that the instance runs/,
      );
    }
    for (const name of silent) assert.equal(scenario.assembly(name).instance.kind, 'lost');
    assert.deepEqual(scenario.told('recovery-held'), []);
  });
}

test('all agents silent at once: nobody is recovered, an event says why, and it goes on by itself when they are back', () => {
  const scenario = recoveryScenario(four);
  scenario.pass(3_000);
  for (const name of Object.keys(four)) scenario.silentAgents.add(name);
  scenario.pass(120_000);
  assert.deepEqual(scenario.told('assembly-failed'), []);
  const [held, ...more] = scenario.told('recovery-held');
  assert.deepEqual(more, []);
  assert.match(
    held?.reason ?? '',
    /^4 of 4 agents on launcher host h1 fell silent at once; .*: cpectl deployable resume shop$/,
  );
  assert.equal(verdictOf(held), 'unknown');

  scenario.silentAgents.clear();
  scenario.pass(10_000);
  assert.equal(scenario.told('recovery-resumed').length, 1);
  assert.deepEqual(scenario.told('assembly-failed'), []);
  for (const name of Object.keys(four)) assert.equal(scenario.assembly(name).instance.kind, 'running');
  assert.equal(scenario.told('assembly-heard').length, 4);
});

test('whatever is heard first of a suspect, its silence is told to be over once, with how long it was', () => {
  const instance = instanceOf('a', 'h1');
  const clock = { unixMs: 0, bootMs: 0 };
  const first = [
    { kind: 'agent-registered', instance, incarnation: '2', clock },
    { kind: 'agent-adopted', instance, inFlight: [], chance: 0 },
    { kind: 'agent-heard', instance, clock },
  ] as const;
  for (const event of first) {
    const scenario = recoveryScenario(four);
    scenario.pass(3_000);
    for (const name of Object.keys(four)) scenario.silentAgents.add(name);
    scenario.pass(50_000);
    assert.equal(scenario.told('assembly-heard').length, 0);
    scenario.send(event);
    scenario.silentAgents.clear();
    scenario.pass(10_000);
    const heard = scenario.told('assembly-heard').filter(({ assembly }) => assembly === 'a');
    assert.equal(heard.length, 1, event.kind);
    const { silentMs = 0 } = (heard[0]?.evidence ?? {}) as { silentMs?: number };
    assert.ok(silentMs >= 50_000, `${event.kind}: ${silentMs} ms`);
  }
});

test('who stays silent when the others are back gets its time once more, and is recovered then', () => {
  const scenario = recoveryScenario(four);
  for (const name of Object.keys(four)) scenario.silentAgents.add(name);
  scenario.pass(60_000);
  for (const name of ['b', 'c', 'd']) scenario.silentAgents.delete(name);
  scenario.pass(7_000);
  assert.equal(scenario.told('recovery-resumed').length, 1);
  scenario.pass(lostAfterMs - 2_000);
  assert.deepEqual(scenario.told('assembly-failed'), []);
  scenario.pass(3_000);
  assert.deepEqual(
    scenario.told('assembly-failed').map(({ assembly }) => assembly),
    ['a'],
  );
});

test('an operator lifts the hold: what is silent is recovered at once, and the same silence holds nothing again', () => {
  const scenario = recoveryScenario(four);
  for (const name of Object.keys(four)) scenario.silentAgents.add(name);
  scenario.pass(60_000);
  const work: Work = { ...scenario.state, now: scenario.now, chance: 0, effects: [], events: [] };
  assert.equal(liftStorm(work, 'operator ann'), true);
  assert.equal(liftStorm(work, 'operator ann'), false);
  assert.match(work.events[0]?.reason ?? '', /^operator ann has said/);
  scenario.state = { durable: work.durable, volatile: work.volatile };
  scenario.pass(200);
  assert.equal(scenario.told('assembly-failed').length, 4);
  scenario.pass(60_000);
  assert.equal(scenario.told('recovery-held').length, 1);
});

test('nothing is held where nothing is silent', () => {
  const scenario = recoveryScenario(four);
  scenario.pass(10_000);
  const work: Work = { ...scenario.state, now: scenario.now, chance: 0, effects: [], events: [] };
  assert.equal(liftStorm(work, 'ann'), false);
});

test('an instance that is proven dead is recovered at once, storm or not', () => {
  const scenario = recoveryScenario(four);
  for (const name of Object.keys(four)) scenario.silentAgents.add(name);
  scenario.pass(30_000);
  const instance = instanceOf('a', 'h1');
  const died = { kind: 'instance-died', host: 'h1', sequence: 1, instance, evidence: 'init has ended' } as const;
  scenario.send({ ...died, at: scenario.now, token: 1, chance: 0 });
  const [failed] = scenario.told('assembly-failed');
  assert.equal(failed?.assembly, 'a');
  assert.equal(verdictOf(failed), 'vm');
  assert.equal(evidenceOf(failed), 'init has ended');
  assert.equal(scenario.assembly('b').instance.kind, 'running');
});

test('what other deployables hear counts: few here are many of the host', () => {
  const scenario = recoveryScenario({ a: 'h1' });
  const others = (silent: number) =>
    scenario.send({ kind: 'silence-count', deployable: 'other', hosts: { h1: { running: 3, silent } } });
  scenario.pass(1_000);
  scenario.silentAgents.add('a');
  for (let second = 0; second < 40; second++) {
    others(second < 4 ? 0 : 3);
    scenario.pass(1_000);
  }
  assert.deepEqual(scenario.told('assembly-failed'), []);
  assert.match(scenario.told('recovery-held')[0]?.reason ?? '', /^4 of 4 agents on launcher host h1|^3 of 4/);
});

test('many healthy ones elsewhere on the host make three silent ones no storm', () => {
  const scenario = recoveryScenario({ a: 'h1', b: 'h1', c: 'h1' });
  for (const name of ['a', 'b', 'c']) scenario.silentAgents.add(name);
  for (let second = 0; second < 16; second++) {
    scenario.send({ kind: 'silence-count', deployable: 'other', hosts: { h1: { running: 20, silent: 0 } } });
    scenario.pass(1_000);
  }
  assert.equal(scenario.told('assembly-failed').length, 3);
});

test('counts of a DPE that falls silent are forgotten', () => {
  const scenario = recoveryScenario({ a: 'h1' });
  scenario.send({ kind: 'silence-count', deployable: 'other', hosts: { h1: { running: 3, silent: 3 } } });
  scenario.pass(5_000);
  assert.equal(scenario.told('recovery-held').length, 1);
  scenario.pass(12_000);
  assert.deepEqual(scenario.state.volatile.silence.others, {});
  assert.equal(scenario.told('recovery-resumed').length, 1);
});

test('counts are told on every change, each 2 s while anyone is silent, and now and then otherwise', () => {
  const scenario = recoveryScenario({ a: 'h1', b: 'h2' });
  const told = () => scenario.effects.filter(({ kind }) => kind === 'tell-silence').length;
  scenario.pass(1_000);
  assert.equal(told(), 1);
  scenario.pass(20_000);
  assert.equal(told(), 3);
  scenario.silentAgents.add('a');
  scenario.pass(4_000);
  assert.equal(told(), 4);
  assert.deepEqual(scenario.effects.filter(({ kind }) => kind === 'tell-silence').at(-1), {
    kind: 'tell-silence',
    hosts: { h1: { running: 1, silent: 1 }, h2: { running: 1, silent: 0 } },
  });
  scenario.pass(6_000);
  assert.equal(told(), 7);
});

test('a lost bus is nobody’s death: it is told, and silence counts from when it is back', () => {
  const scenario = recoveryScenario({ a: 'h1', b: 'h1' });
  scenario.pass(1_000);
  scenario.send({ kind: 'bus-changed', isConnected: false });
  scenario.silentLaunchers.add('h1');
  for (const name of ['a', 'b']) scenario.silentAgents.add(name);
  scenario.pass(120_000);
  assert.equal(verdictOf(scenario.told('recovery-held')[0]), 'bus');
  scenario.send({ kind: 'bus-changed', isConnected: true });
  scenario.silentLaunchers.clear();
  scenario.pass(lostAfterMs - 1_000);
  scenario.silentAgents.clear();
  scenario.pass(30_000);
  assert.deepEqual(scenario.told('assembly-failed'), []);
  assert.match(scenario.told('recovery-resumed')[0]?.reason ?? '', /^the bus is back after \d+ s/);
});

test('a bus that is back at once is not worth an event', () => {
  const scenario = recoveryScenario({ a: 'h1' });
  scenario.send({ kind: 'bus-changed', isConnected: false });
  scenario.pass(2_000);
  scenario.send({ kind: 'bus-changed', isConnected: true });
  scenario.pass(30_000);
  assert.deepEqual(scenario.events, []);
});

for (const { name, gapMs } of [
  { name: 'stood still for a minute', gapMs: 60_000 },
  { name: 'had its clock set forward an hour', gapMs: 3_600_000 },
  { name: 'had its clock set back an hour', gapMs: -3_600_000 },
]) {
  test(`a DPE that ${name} calls nobody silent, and notices who is afterwards`, () => {
    const scenario = recoveryScenario({ a: 'h1', b: 'h1' });
    scenario.pass(5_000);
    scenario.now += gapMs;
    scenario.send({ kind: 'tick', chance: 0 });
    scenario.pass(10_000);
    assert.deepEqual(scenario.events, []);
    scenario.silentAgents.add('a');
    scenario.pass(lostAfterMs + 1_200);
    assert.deepEqual(
      scenario.told('assembly-failed').map(({ assembly }) => assembly),
      ['a'],
    );
  });
}

test('a launcher host that is silent with all that is on it is suspected after twice the time, not before', () => {
  const scenario = recoveryScenario({ a: 'h1', b: 'h1', c: 'h2' });
  scenario.silentLaunchers.add('h1');
  for (const name of ['a', 'b']) scenario.silentAgents.add(name);
  scenario.pass(6_000);
  const [barred] = scenario.told('launcher-silent');
  assert.equal(verdictOf(barred), 'launcher-host');
  assert.equal(scenario.state.volatile.launchers.h1?.isAdopted, false);
  scenario.pass(2 * lostAfterMs - 7_000);
  assert.deepEqual(scenario.told('host-suspect'), []);
  scenario.pass(2_000);
  const [suspect, ...more] = scenario.told('host-suspect');
  assert.deepEqual(more, []);
  assert.match(
    suspect?.reason ?? '',
    /no fencer is configured .*: cpectl host confirm-dead h1 --evidence "HOW YOU KNOW"$/,
  );
  assert.match(evidenceOf(suspect), /the launcher of h1 has been silent .* 0 are heard and 2 are silent/);
  assert.deepEqual(scenario.told('assembly-failed'), [], 'evidence is no proof');
  scenario.pass(120_000);
  assert.equal(scenario.told('host-suspect').length, 1);
});

test('half of a site’s agents on a launcher host that is silent too are no storm', () => {
  const scenario = recoveryScenario({ a: 'h1', b: 'h1', c: 'h1', d: 'h2', e: 'h2', f: 'h2' });
  scenario.pass(3_000);
  scenario.silentLaunchers.add('h1');
  for (const name of ['a', 'b', 'c']) scenario.silentAgents.add(name);
  scenario.pass(60_000);
  assert.deepEqual(scenario.told('recovery-held'), []);
  assert.equal(scenario.told('host-suspect').length, 1);
  scenario.silentAgents.add('d');
  scenario.pass(lostAfterMs + 1_200);
  assert.equal(scenario.assembly('d').instance.kind, 'lost', 'that trouble does not hold up this one');
});

test('everything silent on all launcher hosts: the site is held, and no launcher host is suspected', () => {
  const scenario = recoveryScenario({ a: 'h1', b: 'h1', c: 'h2', d: 'h2' });
  for (const host of ['h1', 'h2']) scenario.silentLaunchers.add(host);
  for (const name of ['a', 'b', 'c', 'd']) scenario.silentAgents.add(name);
  scenario.pass(300_000);
  assert.deepEqual(scenario.told('assembly-failed'), []);
  assert.deepEqual(scenario.told('host-suspect'), []);
  assert.match(scenario.told('recovery-held')[0]?.reason ?? '', /^4 of 4 agents of this site/);
});

test('a silence is told once, whatever it comes to mean while it lasts', () => {
  const scenario = recoveryScenario({ a: 'h1', b: 'h2' });
  scenario.pass(3_000);
  scenario.silentAgents.add('a');
  scenario.pass(5_000);
  scenario.silentLaunchers.add('h1');
  scenario.pass(60_000);
  assert.equal(scenario.told('host-suspect').length, 1);
  assert.equal(scenario.told('assembly-suspect').length, 1);
  scenario.silentAgents.clear();
  scenario.pass(2_000);
  scenario.silentAgents.add('a');
  scenario.pass(5_000);
  assert.equal(scenario.told('assembly-suspect').length, 2, 'another silence is told again');
});

test('a silent launcher whose agents are heard is barred, told, and nothing else', () => {
  const scenario = recoveryScenario({ a: 'h1', b: 'h2' });
  scenario.silentLaunchers.add('h1');
  scenario.pass(300_000);
  assert.equal(verdictOf(scenario.told('launcher-silent')[0]), 'launcher');
  const [lost, ...more] = scenario.told('launcher-lost');
  assert.deepEqual(more, []);
  assert.match(lost?.reason ?? '', /agents on it are heard/);
  assert.deepEqual(scenario.told('host-suspect'), []);
  assert.equal(scenario.assembly('a').instance.kind, 'running');
  scenario.silentLaunchers.clear();
  scenario.pass(3_000);
  scenario.silentLaunchers.add('h1');
  scenario.pass(60_000);
  assert.equal(scenario.told('launcher-lost').length, 2, 'another silence is told again');
});

test('the only launcher host silent: nobody can tell it from a lost bus, and an event says what proves it', () => {
  const scenario = recoveryScenario({ a: 'h1' });
  scenario.silentLaunchers.add('h1');
  scenario.silentAgents.add('a');
  scenario.pass(120_000);
  assert.deepEqual(scenario.told('assembly-failed'), []);
  assert.deepEqual(scenario.told('host-suspect'), []);
  const [lost] = scenario.told('launcher-lost');
  assert.equal(verdictOf(lost), 'unknown');
  assert.match(lost?.reason ?? '', /If it is certainly dead: cpectl host confirm-dead h1 --evidence "HOW YOU KNOW"$/);
});

test('a launcher host that this DPE has never heard is judged as well', () => {
  const scenario = recoveryScenario({ a: 'h1', b: 'h2' });
  const { h1: _never, ...launchers } = scenario.state.volatile.launchers;
  const { [instanceOf('a', 'h1')]: _neither, ...agents } = scenario.state.volatile.agents;
  scenario.state = { ...scenario.state, volatile: { ...scenario.state.volatile, launchers, agents } };
  scenario.silentLaunchers.add('h1');
  scenario.silentAgents.add('a');
  scenario.pass(2 * lostAfterMs + 1_000);
  assert.equal(scenario.told('host-suspect').length, 1);
});

for (const first of ['launcher-beat', 'launcher-adopted'] as const) {
  test(`a launcher host that was cut off: its launcher is back first (${first}), and an agent that is a little slower is not lost`, () => {
    const scenario = recoveryScenario({ a: 'h1', b: 'h2' });
    scenario.pass(3_000);
    scenario.silentLaunchers.add('h1');
    scenario.silentAgents.add('a');
    scenario.pass(lostAfterMs + 5_000);
    scenario.silentLaunchers.clear();
    const running = { instance: instanceOf('a', 'h1'), assembly: 'a', state: 'running' } as const;
    const known = { address: '', hostname: '', evidence: '', at: scenario.now, hasNoRoom: false };
    if (first === 'launcher-beat') scenario.send({ kind: first, host: 'h1', running: [running.instance] });
    else scenario.send({ kind: first, host: 'h1', instances: [{ ...running, ...known }], inFlight: [] });
    scenario.pass(lostAfterMs - 2_000);
    assert.deepEqual(scenario.told('assembly-failed'), []);
    scenario.pass(3_000);
    assert.equal(scenario.told('assembly-failed').length, 1);
  });
}

test('a launcher that was away while agents of its host were heard does not put off the loss of one that was not', () => {
  const scenario = recoveryScenario({ a: 'h1', b: 'h1' });
  scenario.pass(3_000);
  scenario.silentLaunchers.add('h1');
  scenario.silentAgents.add('a');
  scenario.pass(lostAfterMs + 5_000);
  scenario.silentLaunchers.clear();
  scenario.pass(3_000);
  assert.equal(scenario.told('assembly-failed').length, 1);
});
