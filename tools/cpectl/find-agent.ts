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

/** The agent of the assembly that was named, or of the assembly of the resource that was named. */
export async function findAgent(coordinator: Coordinator, words: SubjectWords): Promise<FoundAgent | Failure> {
  const hasResource = words.name.includes('.');
  const subject = await findSubject(coordinator, words, hasResource ? 'resource' : 'assembly');
  if (subject.kind === 'failure') return subject;
  const { deployable, name } = subject;
  const [assembly = '', resource] = name.split('.');
  if (resource === 'vm') {
    return failure(
      exitCodes.failed,
      `${name} is the VM itself, which is its launcher's`,
      `name the assembly: ${assembly}`,
    );
  }
  const answered = await coordinator.ask('getStatus', { deployable });
  if (answered.kind === 'error') return explainError(answered.error);
  const isKnown = answered.value.assemblies.length > 0;
  const instance = isKnown
    ? instanceOf(answered.value, assembly)
    : await instanceOfLauncher(coordinator, { deployable, assembly });
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
  { deployable, assembly }: { readonly deployable: string; readonly assembly: string },
): Promise<InstanceId | Failure> {
  const answered = await coordinator.ask('getInfo', {});
  if (answered.kind === 'error') return explainError(answered.error);
  const running = answered.value.processes.filter(({ role }) => role === 'agent');
  const agent = running.find((each) => each.deployable === deployable && each.assembly === assembly);
  const instance = parseInstanceId(agent?.name ?? '');
  if (instance !== undefined) return instance;
  return failure(
    exitCodes.failed,
    `no instance of ${deployable}/${assembly} runs`,
    'see those that do: cpectl agent list',
  );
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
      const next = `it is starting, or gone; see: cpectl deployable status ${deployable}`;
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
      return failure(exitCodes.failed, `${about}: ${message}`, 'try again in a moment');
    default: {
      const { message: words, ...rest } = explainError(error);
      return { ...rest, message: `${about}: ${words}` };
    }
  }
}
