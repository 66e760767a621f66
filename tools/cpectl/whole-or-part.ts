import { namePattern } from '../../coordinator/model/deployable.js';
import type { Coordinator } from './coordinator.js';
import { exitCodes, type Failure, failure } from './exit-code.js';
import { findSubject } from './find-subject.js';
import { readSubjectWords, type SubjectWords } from './subject-words.js';

/** A resource, or with an empty `resource` everything of the deployable. */
export interface WholeOrPart {
  readonly kind: 'found';
  readonly deployable: string;
  readonly resource: string;
}

export type WholeOrPartWords = SubjectWords | { readonly kind: 'whole'; readonly deployable: string };

/** Reads `DEPLOYABLE` beside the ways to name a resource: a single word without a dot is a deployable. */
export function readWholeOrPart(words: readonly string[], deployable: string | undefined): WholeOrPartWords | Failure {
  const [only] = words;
  if (words.length === 0 || (words.length === 1 && only !== undefined && namePattern.test(only))) {
    const names = new Set([only, deployable].filter((each) => each !== undefined));
    const [name] = names;
    if (names.size > 1) {
      return failure(exitCodes.usage, `${only} is no resource of ${deployable}`, 'name it as ASSEMBLY.RESOURCE');
    }
    if (name === undefined) return failure(exitCodes.usage, 'name a deployable or a resource');
    return { kind: 'whole', deployable: name };
  }
  return readSubjectWords(words, { deployable });
}

export async function findWholeOrPart(
  coordinator: Coordinator,
  words: WholeOrPartWords,
): Promise<WholeOrPart | Failure> {
  if (words.kind === 'whole') return { kind: 'found', deployable: words.deployable, resource: '' };
  const found = await findSubject(coordinator, words, 'resource');
  return found.kind === 'failure' ? found : { kind: 'found', deployable: found.deployable, resource: found.name };
}
