import type { BusError } from '../../proto/bus-error.js';
import { type InstanceId, parseInstanceId } from '../../proto/instance-id.js';
import type { DeployableStatus } from '../../proto/messages.js';
import type { Coordinator } from './coordinator.js';
import { exitCodes, type Failure, failure } from './exit-code.js';
import { explainError } from './explain-error.js';
import { findSubject } from './find-subject.js';
import type { SubjectWords } from './subject-words.js';
import { printable } from './views/printable.js';

/** The agent of an assembly that has an instance now. */
export interface FoundAgent {
  readonly kind: 'found';
  readonly deployable: string;
  readonly assembly: string;
  readonly instance: InstanceId;
  /** CIB id of a resource, where one was named: `db.redis`. */
  readonly resource: string;
}

/**
 * The agent of the assembly that was named, or of the assembly of the resource that was named. An assembly alone is
 * looked for among those that run: which deployables are stopped does not matter to its agent.
 */
export async function findAgent(coordinator: Coordinator, words: SubjectWords): Promise<FoundAgent | Failure> {
  const [assembly = '', resource] = words.name.split('.');
  if (resource === 'vm') {
    const message = `${words.name} is the VM itself, which is its launcher's`;
    return failure(exitCodes.failed, message, `name the assembly: ${assembly}`);
  }
  if (words.deployable === undefined && resource === undefined) {
    const [only, ...others] = await runningInstances(coordinator, (each) => each.assembly === assembly);
    if (only !== undefined && others.length === 0) {
      return { kind: 'found', deployable: only.deployable, assembly, instance: only, resource: '' };
    }
  }
  const subject = await findSubject(coordinator, words, resource === undefined ? 'assembly' : 'resource');
  if (subject.kind === 'failure') return subject;
  const { deployable, name } = subject;
  const answered = await coordinator.ask('getStatus', { deployable });
  if (answered.kind === 'error') return explainError(answered.error);
  const isKnown = answered.value.assemblies.length > 0;
  const instance = isKnown
    ? instanceOf(answered.value, assembly)
    : await instanceOfLauncher(coordinator, deployable, assembly);
  if ('kind' in instance) return instance;
  return { kind: 'found', deployable, assembly, instance, resource: resource === undefined ? '' : name };
}

function instanceOf({ name: deployable, assemblies }: DeployableStatus, assembly: string): InstanceId | Failure {
  const about = `${deployable}/${assembly}`;
  const status = assemblies.find(({ name }) => name === assembly);
  if (status === undefined) {
    const replicas = assemblies.map(({ name }) => name).filter((name) => name.replace(/-\d+$/, '') === assembly);
    return replicas.length > 0
      ? failure(exitCodes.failed, `${about} are several assemblies`, `name one of them: ${replicas.join(', ')}`)
      : failure(exitCodes.failed, `nothing is known of ${about}`, `see: cpectl deployable status ${deployable}`);
  }
  const instance = parseInstanceId(status.instance);
  if (instance !== undefined) return instance;
  const why = status.reason === '' ? '' : `: ${printable(status.reason)}`;
  return failure(exitCodes.failed, `${about} does not run (${status.state}${why})`, `see why: cpectl explain ${about}`);
}

/** A DPE that does not answer hides no agent: launchers know what runs. */
async function instanceOfLauncher(
  coordinator: Coordinator,
  deployable: string,
  assembly: string,
): Promise<InstanceId | Failure> {
  const isIt = (each: InstanceId) => each.deployable === deployable && each.assembly === assembly;
  const [instance] = await runningInstances(coordinator, isIt);
  if (instance !== undefined) return instance;
  const message = `no instance of ${deployable}/${assembly} runs`;
  return failure(exitCodes.failed, message, 'see those that do: cpectl agent list');
}

/** Instances that their launchers say run; none where nobody answers. */
async function runningInstances(
  coordinator: Coordinator,
  isIt: (instance: InstanceId) => boolean,
): Promise<readonly InstanceId[]> {
  const answered = await coordinator.ask('getInfo', {});
  if (answered.kind === 'error') return [];
  return answered.value.processes.flatMap(({ role, name }) => {
    const instance = role === 'agent' ? parseInstanceId(name) : undefined;
    return instance !== undefined && isIt(instance) ? [instance] : [];
  });
}

/** What a person reads when an agent did not answer, or refused. */
export function explainAgentError(
  error: BusError,
  { deployable, assembly }: Pick<FoundAgent, 'deployable' | 'assembly'>,
): Failure {
  const about = `${deployable}/${assembly}`;
  const message = printable(error.message);
  switch (error.code) {
    case 'no-responder': {
      const next = `it is starting, gone, or older than this cpectl; see: cpectl deployable status ${deployable}`;
      return failure(exitCodes.unreachable, `the agent of ${about} does not listen on the bus`, next);
    }
    case 'deadline':
      return failure(exitCodes.timedOut, `${about}: ${message}`, 'give it more time with --timeout');
    case 'disconnected':
      return failure(exitCodes.unreachable, `the bus is gone: ${message}`, 'it may have been carried out');
    case 'unsupported-version':
      return failure(exitCodes.failed, `the agent of ${about} is older than this cpectl: ${message}`);
    case 'internal':
      return failure(exitCodes.failed, `the agent of ${about} failed: ${message}`, 'its log tells more');
    case 'unavailable':
      return failure(exitCodes.failed, `${about}: ${message}`, 'it may be possible later');
    default: {
      const { message: words, ...rest } = explainError(error);
      return { ...rest, message: `${about}: ${words}` };
    }
  }
}
