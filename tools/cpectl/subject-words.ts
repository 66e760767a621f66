import { namePattern } from '../../coordinator/model/deployable.js';
import { exitCodes, type Failure, failure } from './exit-code.js';

/** What the words of a command name, before anybody was asked whether it is there. */
export interface SubjectWords {
  readonly kind: 'words';
  /** Undefined: to be found. */
  readonly deployable: string | undefined;
  /** `db` or `db.redis`. */
  readonly name: string;
  /** Launcher host or replica, where the command takes one as its last word. */
  readonly node: string | undefined;
}

/** Usage of every command with such words. */
export const subjectUsage = '[deployable] <name>';

export const subjectHelp = 'NAME, DEPLOYABLE NAME or DEPLOYABLE/NAME; alone it has to be unique';

/**
 * Reads how an operator names an assembly or resource: `NAME`, `DEPLOYABLE NAME` or `DEPLOYABLE/NAME`, with
 * `--deployable` in place of the first word. With `takesNode` one more word may follow. Deployables have no dot in their
 * names, so a first word with one is the name.
 */
export function readSubjectWords(
  words: readonly string[],
  { deployable, takesNode = false }: { readonly deployable?: string | undefined; readonly takesNode?: boolean } = {},
): SubjectWords | Failure {
  const [first = '', second, third, ...rest] = words;
  const isNameFirst = words.length === 1 || first.includes('.') || first.includes('/');
  const parts = isNameFirst
    ? { before: undefined, text: first, node: second, tooMany: third }
    : { before: first, text: second ?? '', node: third, tooMany: rest[0] };
  const surplus = parts.tooMany ?? (takesNode ? undefined : parts.node);
  if (surplus !== undefined) return wrong(`one word too many: ${surplus}`);
  const [name = '', owner, ...more] = parts.text.split('/').reverse();
  if (more.length > 0 || owner === '') return wrong(`${parts.text} has too many slashes`);
  const owners = new Set([deployable, parts.before, owner].filter((each) => each !== undefined));
  if (owners.size > 1) return wrong(`two deployables are named: ${[...owners].join(' and ')}`);
  const [chosen] = owners;
  if (chosen !== undefined && !namePattern.test(chosen)) return wrong(`${chosen} is no name of a deployable`);
  const pieces = name.split('.');
  if (pieces.length > 2 || !pieces.every((piece) => namePattern.test(piece))) {
    return wrong(`${name || '""'} is no name of an assembly or resource (ASSEMBLY or ASSEMBLY.RESOURCE)`);
  }
  return { kind: 'words', deployable: chosen, name, node: parts.node };
}

function wrong(message: string): Failure {
  return failure(exitCodes.usage, message, `name it as ${subjectHelp}`);
}
