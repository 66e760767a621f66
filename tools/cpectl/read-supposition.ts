import { exitCodes, type Failure, failure } from './exit-code.js';
import { readSubjectWords } from './subject-words.js';

/** What is supposed to happen. */
export interface Supposition {
  readonly kind: 'supposition';
  readonly subject: 'resource' | 'assembly' | 'host';
  readonly name: string;
  readonly change: 'fails' | 'returns';
  /** Undefined: to be found. */
  readonly deployable: string | undefined;
}

/** What `simulate` was called with besides its words. */
export interface SuppositionOptions {
  readonly deployable?: string;
  readonly fail?: string;
  readonly return?: string;
}

const changes: Readonly<Record<string, Supposition['change']>> = {
  fails: 'fails',
  fail: 'fails',
  returns: 'returns',
  return: 'returns',
};

const kinds = ['resource', 'assembly', 'host'] as const satisfies readonly Supposition['subject'][];

const nameForms = {
  resource: ['a', 'name it as ASSEMBLY.RESOURCE'],
  assembly: ['an', 'it has no dot in its name'],
  host: ['a', 'it has no dot in its name'],
} as const satisfies Record<Supposition['subject'], readonly [string, string]>;

const form = 'as in: cpectl simulate [DEPLOYABLE] resource|assembly|host NAME fails|returns';

/** Reads `[DEPLOYABLE] [KIND] NAME fails|returns`, or `--fail KIND:NAME`. */
export function readSupposition(words: readonly string[], options: SuppositionOptions): Supposition | Failure {
  const { fail, return: returned } = options;
  if (fail !== undefined && returned !== undefined) return wrong('one thing is simulated at a time');
  const option = fail ?? returned;
  if (option === undefined) return readWords(words, options.deployable);
  const [subject = '', name = '', ...more] = option.split(':');
  if (words.length > 1 || more.length > 0) return wrong('too much is named');
  return readWords([...words, subject, name, fail === undefined ? 'returns' : 'fails'], options.deployable);
}

function readWords(words: readonly string[], given: string | undefined): Supposition | Failure {
  const last = words.at(-1) ?? '';
  const change = changes[last];
  if (words.length === 0) return wrong('say what is to happen to what');
  if (change === undefined) return wrong(`${last} is neither fails nor returns`);
  const before = words.slice(0, -1);
  const at = before.length - 2;
  const kind = kinds.find((each) => each === before[at]);
  const read = readSubjectWords(kind === undefined ? before : before.toSpliced(at, 1), { deployable: given });
  if (read.kind === 'failure') return { ...read, next: form };
  // Left out, the kind of what has a dot in its name is plain; a host has to be called one.
  const subject = kind ?? (read.name.includes('.') ? 'resource' : 'assembly');
  if ((subject === 'resource') !== read.name.includes('.')) {
    const [article, next] = nameForms[subject];
    return failure(exitCodes.usage, `${read.name} is no name of ${article} ${subject}`, next);
  }
  return { kind: 'supposition', subject, name: read.name, change, deployable: read.deployable };
}

function wrong(message: string): Failure {
  return failure(exitCodes.usage, message, form);
}
