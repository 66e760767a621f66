import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyFailure, type FailureFacts, type Verdict } from './classify-failure.js';

/** Everything in touch: 2 launcher hosts, 3 other agents on each. */
const calm: FailureFacts = {
  bus: { isConnected: true, forMs: 600_000 },
  launcher: { host: 'h1', isHeard: true, silentMs: 400 },
  instance: { state: 'running', agentSilentMs: 15_200 },
  sameHost: { heard: 3, silent: 0 },
  otherLaunchers: { heard: 1, silent: 0 },
  otherAgents: { heard: 3, silent: 0 },
};
const lostLauncher = { host: 'h1', isHeard: false, silentMs: 30_000 };
const nobody = { heard: 0, silent: 3 };

const table: readonly {
  readonly name: string;
  readonly facts: Partial<FailureFacts>;
  readonly verdict: Verdict;
  readonly says: RegExp;
}[] = [
  {
    name: 'an agent that reports a failure blames the application',
    facts: { instance: { state: 'running', agentSilentMs: undefined, report: 'monitor returned 7' } },
    verdict: 'application',
    says: /reports: monitor returned 7/,
  },
  {
    name: 'a proof of death is about the VM, whatever else is silent',
    facts: {
      instance: { state: 'dead', agentSilentMs: 15_000, proof: 'init, pid 7, has ended' },
      bus: { isConnected: false, forMs: 9_000 },
      sameHost: nobody,
    },
    verdict: 'vm',
    says: /h1 proves that the instance is dead: init, pid 7/,
  },
  {
    name: 'a silent agent in an instance that its launcher sees running has itself failed',
    facts: {},
    verdict: 'agent',
    says: /silent for 15\.2 s.*heard 0\.4 s ago.*3 are heard and 0 are silent.*says that the instance runs/,
  },
  {
    name: 'a silent agent in an instance that its launcher does not know is unknown',
    facts: { instance: { state: 'unknown', agentSilentMs: 15_000 } },
    verdict: 'unknown',
    says: /does not know whether the instance runs/,
  },
  {
    name: 'without the bus nothing else can be said',
    facts: { bus: { isConnected: false, forMs: 9_000 }, launcher: lostLauncher, sameHost: nobody },
    verdict: 'bus',
    says: /no bus for 9\.0 s/,
  },
  {
    name: 'a launcher that is silent while an agent of its host is heard is the daemon alone',
    facts: { launcher: lostLauncher, instance: { state: 'running', agentSilentMs: undefined } },
    verdict: 'launcher',
    says: /its agent is heard.*silent for 30\.0 s/,
  },
  {
    name: 'the host as a whole: agents on it are heard, so its machine lives',
    facts: { launcher: lostLauncher, instance: undefined },
    verdict: 'launcher',
    says: /3 are heard and 0 are silent/,
  },
  {
    name: 'one silent agent on a host that lives, with a silent launcher, is unknown',
    facts: { launcher: lostLauncher },
    verdict: 'unknown',
    says: /silent for 15\.2 s/,
  },
  {
    name: 'launcher and all agents silent while others are heard: the launcher host',
    facts: { launcher: lostLauncher, sameHost: nobody },
    verdict: 'launcher-host',
    says: /0 are heard and 3 are silent.*1 are heard and 0 are silent/,
  },
  {
    name: 'the same of the host as a whole',
    facts: { launcher: lostLauncher, sameHost: nobody, instance: undefined },
    verdict: 'launcher-host',
    says: /of the other launcher hosts 1 are heard/,
  },
  {
    name: 'the only instance on a silent host: its agent is evidence enough',
    facts: { launcher: lostLauncher, sameHost: { heard: 0, silent: 0 } },
    verdict: 'launcher-host',
    says: /silent for 30\.0 s/,
  },
  {
    name: 'other launchers silent, but agents elsewhere heard: still the launcher host',
    facts: { launcher: lostLauncher, sameHost: nobody, otherLaunchers: { heard: 0, silent: 1 } },
    verdict: 'launcher-host',
    says: /on other launcher hosts 3 are heard/,
  },
  {
    name: 'nobody at all is heard: it may as well be the bus',
    facts: {
      launcher: lostLauncher,
      sameHost: nobody,
      otherLaunchers: { heard: 0, silent: 1 },
      otherAgents: { heard: 0, silent: 3 },
    },
    verdict: 'unknown',
    says: /nobody else is heard either/,
  },
  {
    name: 'a site of one launcher host cannot tell its death from that of the bus',
    facts: {
      launcher: lostLauncher,
      sameHost: nobody,
      instance: undefined,
      otherLaunchers: { heard: 0, silent: 0 },
      otherAgents: { heard: 0, silent: 0 },
    },
    verdict: 'unknown',
    says: /nobody else is heard either/,
  },
  {
    name: 'a silent host with nothing on it gives no reason to do anything',
    facts: { launcher: lostLauncher, sameHost: { heard: 0, silent: 0 }, instance: undefined },
    verdict: 'unknown',
    says: /silent for 30\.0 s/,
  },
];

for (const { name, facts, verdict, says } of table) {
  test(name, () => {
    const classified = classifyFailure({ ...calm, ...facts });
    assert.equal(classified.verdict, verdict);
    assert.match(classified.evidence.join('; '), says);
  });
}
