/**
 * What is broken when somebody is silent, or says that something is: a pure judgement of what is known. It decides
 * nothing by itself; who recovers what follows from it, and every event of a recovery carries it.
 */

/** `launcher` is the daemon alone: its machine lives. `unknown` is a verdict too: then nothing is done but to wait. */
export type Verdict = 'application' | 'agent' | 'vm' | 'launcher' | 'launcher-host' | 'bus' | 'unknown';

export interface Classified {
  readonly verdict: Verdict;
  /** Plain sentences with figures, for people; never empty. */
  readonly evidence: readonly string[];
}

/** How many are heard, and how many should be and are not. */
export interface Hearing {
  readonly heard: number;
  readonly silent: number;
}

export interface FailureFacts {
  /** The DPE's own connection, and how long it has been so. */
  readonly bus: { readonly isConnected: boolean; readonly forMs: number };
  readonly launcher: {
    readonly host: string;
    readonly isHeard: boolean;
    /** Since its last beat; since the DPE began to listen, where it was never heard. */
    readonly silentMs: number;
  };
  /** Of the instance that this is about; undefined where it is about the launcher host as a whole. */
  readonly instance:
    | {
        /** The launcher's last word on it. */
        readonly state: 'running' | 'dead' | 'unknown';
        readonly proof?: string;
        /** What its launcher says of its VM, in a sentence; undefined while it works. */
        readonly condition?: string | undefined;
        /** Undefined while its agent is heard. */
        readonly agentSilentMs: number | undefined;
        /** What its agent reports of a resource, or could not do with one. */
        readonly report?: string;
      }
    | undefined;
  /** Agents of other instances on the same launcher host, of all deployables. */
  readonly sameHost: Hearing;
  /** Other launcher hosts. */
  readonly otherLaunchers: Hearing;
  /** Agents of instances on other launcher hosts. */
  readonly otherAgents: Hearing;
}

/** The first rule that holds; each names the evidence it rests on. */
export function classifyFailure(facts: FailureFacts): Classified {
  const { instance, bus } = facts;
  if (instance?.state === 'dead') return { verdict: 'vm', evidence: [proofOfDeath(facts)] };
  if (instance?.report !== undefined && instance.agentSilentMs === undefined) {
    return { verdict: 'application', evidence: [`its agent is heard and reports: ${instance.report}`] };
  }
  if (!bus.isConnected) {
    return { verdict: 'bus', evidence: [`the decider itself has had no bus for ${seconds(bus.forMs)}`] };
  }
  if (instance !== undefined && instance.agentSilentMs === undefined) return heardAgent(facts);
  return facts.launcher.isHeard ? silentAgent(facts) : silentLauncher(facts);
}

function proofOfDeath({ launcher, instance }: FailureFacts): string {
  const proof = instance?.proof === undefined || instance.proof === '' ? '' : `: ${instance.proof}`;
  return `launcher host ${launcher.host} proves that the instance is dead${proof}`;
}

/** An agent that is heard proves that its VM and its machine live. */
function heardAgent(facts: FailureFacts): Classified {
  const evidence = ['its agent is heard', launcherSentence(facts)];
  return { verdict: facts.launcher.isHeard ? 'unknown' : 'launcher', evidence };
}

function silentAgent(facts: FailureFacts): Classified {
  const { instance, launcher, sameHost } = facts;
  if (instance === undefined) return { verdict: 'unknown', evidence: [launcherSentence(facts)] };
  const evidence = [
    silenceSentence(facts),
    launcherSentence(facts),
    hearingSentence(`launcher host ${launcher.host}`, sameHost),
  ];
  if (instance.state === 'running') {
    const condition = instance.condition === undefined ? '' : `, and ${instance.condition}`;
    return { verdict: 'agent', evidence: [...evidence, `the launcher says that the instance runs${condition}`] };
  }
  return { verdict: 'unknown', evidence: [...evidence, 'the launcher does not know whether the instance runs'] };
}

function silentLauncher(facts: FailureFacts): Classified {
  const { instance, launcher, sameHost, otherLaunchers, otherAgents } = facts;
  const evidence = [
    ...(instance === undefined ? [] : [silenceSentence(facts)]),
    launcherSentence(facts),
    ...(instance?.condition === undefined ? [] : [`its last word on the instance: ${instance.condition}`]),
    hearingSentence(`launcher host ${launcher.host}`, sameHost),
    `of the other launcher hosts ${otherLaunchers.heard} are heard and ${otherLaunchers.silent} are silent`,
    hearingSentence('other launcher hosts', otherAgents),
  ];
  if (sameHost.heard > 0) {
    // The machine lives; whether this one instance does, nobody can say.
    return { verdict: instance === undefined ? 'launcher' : 'unknown', evidence };
  }
  if (otherLaunchers.heard + otherAgents.heard === 0) {
    return { verdict: 'unknown', evidence: [...evidence, 'nobody else is heard either: it may as well be the bus'] };
  }
  const isAnyoneThere = instance !== undefined || sameHost.silent > 0;
  return isAnyoneThere ? { verdict: 'launcher-host', evidence } : { verdict: 'unknown', evidence };
}

function silenceSentence({ instance }: FailureFacts): string {
  return `its agent has been silent for ${seconds(instance?.agentSilentMs ?? 0)}`;
}

function launcherSentence({ launcher: { host, isHeard, silentMs } }: FailureFacts): string {
  return isHeard
    ? `the launcher of ${host} was heard ${seconds(silentMs)} ago`
    : `the launcher of ${host} has been silent for ${seconds(silentMs)}`;
}

function hearingSentence(where: string, { heard, silent }: Hearing): string {
  return `of the other agents on ${where} ${heard} are heard and ${silent} are silent`;
}

function seconds(ms: number): string {
  return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
}
