import { exitCodes, type Failure, failure } from './exit-code.js';
import { readSubjectWords, type SubjectWords } from './subject-words.js';

/** A word that a method takes after the assembly. */
export interface MethodArgument {
  readonly name: string;
  readonly help: string;
  /** May be left out (the last one only): a word is taken for it when it looks like one. */
  readonly isOne?: (word: string) => boolean;
}

export interface AgentWords {
  readonly kind: 'agent-words';
  readonly subject: SubjectWords;
  /** One for each argument; empty where an optional one was left out. */
  readonly values: readonly string[];
}

export const agentHelp = 'ASSEMBLY, DEPLOYABLE ASSEMBLY or DEPLOYABLE/ASSEMBLY; alone it has to be unique';

/**
 * Reads `[DEPLOYABLE] ASSEMBLY ARGUMENT...`: how many words there are says whether the first one is a deployable, unless
 * `--deployable` or a slash says it.
 */
export function readAgentWords(
  words: readonly string[],
  method: readonly MethodArgument[],
  deployable: string | undefined,
): AgentWords | Failure {
  const last = method.at(-1);
  const hasOptional = last?.isOne !== undefined && words.length > 1 && last.isOne(words.at(-1) ?? '');
  const isLeftOut = last?.isOne !== undefined && !hasOptional;
  const wanted = isLeftOut ? method.slice(0, -1) : method;
  const before = words.length - wanted.length;
  const isNamed = deployable !== undefined || (words[0] ?? '').includes('/');
  if (before < 1) {
    const names = ['the assembly', ...wanted.map(({ name }) => name.toUpperCase())];
    return failure(exitCodes.usage, `missing: ${names.slice(words.length).join(', ')}`, order(method));
  }
  if (before > (isNamed ? 1 : 2)) {
    return failure(
      exitCodes.usage,
      `one word too many: ${words[isNamed ? 1 + wanted.length : 2 + wanted.length]}`,
      order(method),
    );
  }
  const subject = readSubjectWords(words.slice(0, before), { deployable });
  if (subject.kind === 'failure') return subject;
  return { kind: 'agent-words', subject, values: [...words.slice(before), ...(isLeftOut ? [''] : [])] };
}

/** `[deployable] <assembly> <name>`, as usages show it. */
export function agentUsage(method: readonly MethodArgument[]): string {
  const words = method.map(({ name, isOne }) => (isOne === undefined ? `<${name}>` : `[${name}]`));
  return ['[deployable]', '<assembly>', ...words].join(' ');
}

function order(method: readonly MethodArgument[]): string {
  return `give them as: ${agentUsage(method)}`;
}
