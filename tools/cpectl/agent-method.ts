import type { Command } from 'commander';
import {
  type AgentAnswer,
  type AgentCall,
  type AgentCallDraft,
  defaultCallTimeoutMs,
} from '../../proto/agent-calls.js';
import { renderInstanceId } from '../../proto/instance-id.js';
import { agentHelp, agentUsage, type MethodArgument, readAgentWords } from './agent-words.js';
import { type AgentAnswered, type Agents, agentsOn } from './agents.js';
import { confirm } from './confirm.js';
import { withCoordinator } from './coordinator.js';
import { type CommandOutcome, done, type Failure, otherResult } from './exit-code.js';
import { explainAgentError, type FoundAgent, findAgent } from './find-agent.js';
import { type GlobalOptions, parseName } from './global-options.js';
import { printJson, runCommand } from './run-command.js';
import { examplesText } from './subject-command.js';
import type { Colors, Terminal } from './terminal.js';
import { momentsTwice } from './views/times.js';

/** Options of all methods; each has only those that it declares. */
export interface MethodOptions {
  readonly deployable?: string;
  readonly lifetime?: string;
  readonly file?: string;
  readonly scheme?: string;
  readonly key?: string;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly param?: Readonly<Record<string, string>>;
  readonly interval?: number;
  readonly expectedRc?: number;
  readonly rc?: number;
  readonly userdata?: string;
}

/** What a person typed after the name of a method and its assembly. */
export interface Typed {
  /** One for each argument. */
  readonly values: readonly string[];
  readonly given: MethodOptions;
  /** `--timeout`; 0 where it was not given. */
  readonly timeoutMs: number;
}

/** One method of an object of Matahari as a command. */
export interface AgentMethod<C extends AgentCall = AgentCall> {
  /** `get-uuid`. */
  readonly name: string;
  readonly call: C;
  readonly description: string;
  /** What follows its name in examples. */
  readonly examples: readonly string[];
  /** Words after the assembly. */
  readonly arguments?: (given: MethodOptions) => readonly MethodArgument[];
  readonly options?: (command: Command) => Command;
  /** A failure: wrong usage. */
  readonly value: (typed: Typed) => AgentCallDraft<C> | Failure | Promise<AgentCallDraft<C> | Failure>;
  /** The method ends at its own timeout, which `--timeout` is. */
  readonly hasTimeout?: true;
  /** How long it may take where `--timeout` does not say it; default 10 s. */
  readonly usualMs?: number;
  /** Has to be confirmed: what happens to the assembly. */
  readonly danger?: string;
  readonly render: (answer: AgentAnswer<C>, context: RenderContext) => string;
  /** False: the exit status says that the result is another one. */
  readonly isExpected?: (answer: AgentAnswer<C>, given: MethodOptions) => boolean;
}

export interface RenderContext {
  readonly typed: Typed;
  readonly colors: Colors;
  /** A person looks at it. */
  readonly isTerminal: boolean;
}

/** A method among those of other calls: its parts belong together, whatever the call. */
export function method<C extends AgentCall>(described: AgentMethod<C>): AgentMethod {
  return described as unknown as AgentMethod;
}

const usualMs = 10_000;
/** Beyond the method's own timeout: to end what it began, and for the way. */
const marginMs = 5_000;

/** Registers `cpectl agent OBJECT METHOD` with its name in Matahari's spelling as well. */
export function registerMethod(group: Command, terminal: Terminal, described: AgentMethod): void {
  const { name, description, options, examples } = described;
  const prefix = `cpectl agent ${group.name()} ${name}`;
  const command = group
    .command(name)
    .description(description)
    .usage(`[options] ${agentUsage(described.arguments?.({}) ?? [])}`)
    .argument('<words...>', argumentsHelp(described.arguments?.({}) ?? []))
    .option('--deployable <name>', 'its deployable', parseName)
    .addHelpText('after', examplesText(examples.map((example) => `${prefix} ${example}`)));
  if (name.includes('-')) command.alias(name.replaceAll('-', '_'));
  options?.(command);
  command.action((words: readonly string[], given: MethodOptions, called: Command) =>
    runCommand(terminal, called, (globals) => callMethod(described, { words, given }, { terminal, options: globals })),
  );
}

function argumentsHelp(method: readonly MethodArgument[]): string {
  return [agentHelp, ...method.map(({ name, help }) => `${name.toUpperCase()}: ${help}`)].join('; ');
}

async function callMethod(
  described: AgentMethod,
  { words, given }: { readonly words: readonly string[]; readonly given: MethodOptions },
  { terminal, options }: { readonly terminal: Terminal; readonly options: GlobalOptions },
): Promise<CommandOutcome> {
  const read = readAgentWords(words, described.arguments?.(given) ?? [], given.deployable);
  if (read.kind === 'failure') return read;
  const typed = { values: read.values, given, timeoutMs: options.timeoutMs ?? 0 };
  const value = await described.value(typed);
  if (isFailure(value)) return value;
  // A short timeout of the method is none of the way to it.
  const connecting = described.hasTimeout === true ? { ...options, timeoutMs: undefined } : options;
  return withCoordinator(connecting, async (coordinator, bus) => {
    const agent = await findAgent(coordinator, read.subject);
    if (agent.kind === 'failure') return agent;
    const refused = await confirmDanger(described, agent, { terminal, given });
    if (refused !== undefined) return refused;
    const answered = await callAgent(agentsOn(bus), agent, { described, value, options });
    if (answered.kind === 'error') return explainAgentError(answered.error, agent);
    printAnswer(described, { agent, answer: answered.value, typed }, { terminal, options });
    const isExpected = described.isExpected?.(answered.value, given) ?? true;
    return isExpected ? done : otherResult;
  });
}

function callAgent(
  agents: Agents,
  { instance }: FoundAgent,
  asked: { readonly described: AgentMethod; readonly value: object; readonly options: GlobalOptions },
): Promise<AgentAnswered<AgentCall>> {
  const { described, value, options } = asked;
  const deadlineMs =
    described.hasTimeout === true
      ? (options.timeoutMs ?? defaultCallTimeoutMs) + marginMs
      : (options.timeoutMs ?? described.usualMs ?? usualMs);
  return agents.call(instance, described.call, { value: value as AgentCallDraft<AgentCall>, deadlineMs });
}

async function confirmDanger(
  { danger }: AgentMethod,
  { deployable, assembly }: FoundAgent,
  { terminal, given }: { readonly terminal: Terminal; readonly given: MethodOptions },
): Promise<Failure | undefined> {
  if (danger === undefined) return undefined;
  const word = `${deployable}/${assembly}`;
  return confirm(terminal, { danger: `${word} ${danger}`, word, force: given.yes === true, option: '--yes' });
}

function printAnswer(
  { render }: AgentMethod,
  { agent, answer, typed }: { readonly agent: FoundAgent; readonly answer: object; readonly typed: Typed },
  { terminal, options }: { readonly terminal: Terminal; readonly options: GlobalOptions },
): void {
  if (options.json) printJson(terminal, { ...agentJson(agent), ...momentsTwice(answer) });
  else {
    const { colors, isTerminal } = terminal.out;
    terminal.out.write(render(answer as never, { typed, colors, isTerminal }));
  }
}

/** Whose answer it is, as `--json` prints it. */
export function agentJson({ deployable, assembly, instance }: FoundAgent): Record<string, unknown> {
  return { deployable, assembly, instance: renderInstanceId(instance) };
}

function isFailure(value: object): value is Failure {
  return 'kind' in value && value.kind === 'failure' && 'exit' in value;
}
