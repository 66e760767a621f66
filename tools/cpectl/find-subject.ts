import { suggestNames } from '../../coordinator/cpe/suggest-names.js';
import type { DeployableStatus } from '../../proto/messages.js';
import type { Coordinator } from './coordinator.js';
import { exitCodes, type Failure, failure } from './exit-code.js';
import { explainError } from './explain-error.js';
import type { SubjectWords } from './subject-words.js';

export type SubjectKind = 'resource' | 'assembly' | 'resource or assembly';

export interface FoundSubject {
  readonly kind: 'found';
  readonly deployable: string;
  /** An assembly's name, or the CIB id of a resource: `db.redis`, `db.vm`. */
  readonly name: string;
}

/**
 * The assembly or resource that was named. With the deployable named too, it is looked for there; without, in all
 * deployables, and has to be in one of them only. A DPE that does not answer leaves it to the verb to know.
 */
export async function findSubject(
  coordinator: Coordinator,
  { deployable, name }: SubjectWords,
  kind: SubjectKind,
): Promise<FoundSubject | Failure> {
  if (deployable !== undefined) return findIn(coordinator, { deployable, name }, kind);
  const listed = await coordinator.ask('listDeployables', {});
  if (listed.kind === 'error') return explainError(listed.error);
  const deployables = listed.value.deployables.map((each) => each.name);
  if (deployables.length === 0) {
    return failure(exitCodes.failed, 'no deployable is defined', 'define one with: cpectl deployable create -f FILE');
  }
  const answers = await Promise.all(
    deployables.map(async (each) => ({
      deployable: each,
      answer: await coordinator.ask('getStatus', { deployable: each }),
    })),
  );
  const known = answers.map(({ deployable: of, answer }) => ({
    of,
    names: answer.kind === 'answer' && answer.value.assemblies.length > 0 ? namesIn(answer.value, kind) : undefined,
  }));
  const owners = known.filter(({ names }) => names?.includes(name)).map(({ of }) => of);
  const [owner, another] = owners;
  if (owner !== undefined && another !== undefined) {
    const ways = owners.map((each) => `${each}/${name}`).join(' or ');
    return failure(exitCodes.failed, `there is a ${name} in ${owners.join(' and ')}`, `say which one: ${ways}`);
  }
  const silent = known.filter(({ names }) => names === undefined).map(({ of }) => of);
  if (silent.length > 0) {
    const message = `it is not known whether ${name} is in ${silent.join(' or ')}, whose DPE does not answer`;
    return failure(exitCodes.failed, message, `say which one is meant: ${owner ?? silent[0]}/${name}`);
  }
  if (owner !== undefined) return { kind: 'found', deployable: owner, name };
  const all = [...new Set(known.flatMap(({ names }) => names ?? []))];
  return failure(exitCodes.failed, `there is no ${kind} ${name} in any deployable`, suggestNames(name, all));
}

async function findIn(
  coordinator: Coordinator,
  { deployable, name }: { readonly deployable: string; readonly name: string },
  kind: SubjectKind,
): Promise<FoundSubject | Failure> {
  const found: FoundSubject = { kind: 'found', deployable, name };
  const answered = await coordinator.ask('getStatus', { deployable });
  if (answered.kind === 'error') return explainError(answered.error);
  if (answered.value.assemblies.length === 0) return found;
  const names = namesIn(answered.value, kind);
  if (names.includes(name)) return found;
  const other = kind === 'resource' && namesIn(answered.value, 'assembly').includes(name);
  const next = other
    ? `${name} is an assembly: its VM is ${name}.vm; see cpectl help assembly`
    : suggestNames(name, names);
  return failure(exitCodes.failed, `there is no ${kind} ${name} in ${deployable}`, next);
}

/** Names in a deployable; resources by CIB id, VMs and clones over replicas among them. */
function namesIn({ assemblies }: DeployableStatus, kind: SubjectKind): string[] {
  const owners = assemblies.flatMap(({ name, resources }) => {
    const inside = ['vm', ...resources.map((resource) => resource.name)];
    // `web` is web-1, web-2 ... together, and `web.app` what runs in all of them.
    const together = /^(.+)-\d+$/.exec(name)?.[1];
    return together === undefined
      ? [{ name, inside }]
      : [
          { name, inside },
          { name: together, inside },
        ];
  });
  const own = owners.map(({ name }) => name);
  const resources = owners.flatMap(({ name, inside }) => inside.map((each) => `${name}.${each}`));
  const names = { assembly: own, resource: resources, 'resource or assembly': [...own, ...resources] };
  return [...new Set(names[kind])];
}
