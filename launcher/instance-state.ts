import { parseInstanceId } from '../proto/instance-id.js';
import type { Draft, InstanceState } from '../proto/messages.js';
import type { InstanceDeath, InstanceView, StartOutcome, StopOutcome } from './driver.js';

/** A driver's words as cpe.v1.InstanceState (proto/cpe/v1/launcher.proto), and nothing else. */
export function viewState(view: InstanceView, launcherHost: string): Draft<InstanceState> {
  const named = names(view.instance, launcherHost);
  switch (view.kind) {
    case 'running':
      return {
        ...named,
        state: 'running',
        pid: view.pid,
        agentPid: view.agentPid,
        address: view.address,
        hostname: view.hostname,
        stateDirectory: view.stateDirectory,
        startedUnixMs: view.startedAt,
        condition: view.condition.kind,
        conditionEvidence: view.condition.kind === 'working' ? '' : view.condition.evidence,
      };
    case 'dead':
      return { ...named, state: 'dead', evidence: view.evidence, atUnixMs: view.at };
    case 'unknown':
      return { ...named, state: 'unknown', evidence: view.reason };
  }
}

export function deadState(death: InstanceDeath, launcherHost: string): Draft<InstanceState> {
  return { ...names(death.instance, launcherHost), state: 'dead', evidence: death.evidence, atUnixMs: death.at };
}

export function startState(instance: string, outcome: StartOutcome, launcherHost: string): Draft<InstanceState> {
  if (outcome.kind === 'started') return viewState(outcome.view, launcherHost);
  const state = outcome.kind === 'failed' ? 'failed' : 'unknown';
  const noRoom = outcome.kind === 'failed' && outcome.isForRoom === true;
  return { ...names(instance, launcherHost), state, evidence: outcome.reason, noRoom };
}

/** `at` is when this is known: unix ms. */
export function stopState(
  instance: string,
  outcome: StopOutcome,
  { launcherHost, at }: { readonly launcherHost: string; readonly at: number },
): Draft<InstanceState> {
  const named = { ...names(instance, launcherHost), atUnixMs: at };
  if (outcome.kind === 'unproven') return { ...named, state: 'unknown', evidence: outcome.reason };
  return { ...named, state: 'dead', evidence: outcome.evidence, wasForced: outcome.wasForced };
}

function names(instance: string, launcherHost: string): Draft<InstanceState> {
  const id = parseInstanceId(instance);
  return { instance, deployable: id?.deployable, assembly: id?.assembly, launcherHost };
}
