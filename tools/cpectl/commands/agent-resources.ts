import { type Command, InvalidArgumentError } from 'commander';
import { parseDuration } from '../../../coordinator/model/quantities.js';
import { type AgentMethod, method } from '../agent-method.js';
import { exitCodes, type Failure, failure } from '../exit-code.js';
import { parseWhole } from '../global-options.js';
import { renderInvoked, renderNames, renderObject, renderText } from '../views/agent-answer-view.js';

const agentWord = {
  name: 'agent',
  help: 'STANDARD:PROVIDER:NAME or STANDARD:NAME, as ocf:heartbeat:IPaddr2 or lsb:ssh',
};
const operationWord = { name: 'name', help: 'with action and interval it identifies the operation' };
const actionWord = { name: 'action', help: 'start, stop, monitor, validate-all ...' };
const listWord = { name: 'standard', help: 'STANDARD or STANDARD:PROVIDER, as lsb or ocf:heartbeat' };

interface ResourceAgent {
  readonly standard: string;
  readonly provider: string;
  readonly agent: string;
}

/** Methods of Matahari's Resources. */
export const resourcesMethods: readonly AgentMethod[] = [
  method({
    name: 'get',
    call: 'resourcesGet',
    description: 'properties: whose resource agents these are',
    examples: ['web'],
    value: () => ({}),
    render: (object, { colors }) => renderObject(object, colors),
  }),
  method({
    name: 'list-standards',
    call: 'resourcesListStandards',
    description: 'the standards of resource agents that the machine has',
    examples: ['web'],
    value: () => ({}),
    render: ({ names }) => renderNames(names),
  }),
  method({
    name: 'list-providers',
    call: 'resourcesListProviders',
    description: 'the providers of a standard; none for one that has no such thing',
    examples: ['web ocf'],
    arguments: () => [{ name: 'standard', help: 'as cpectl agent resources list-standards shows them' }],
    value: ({ values: [standard = ''] }) => ({ standard }),
    render: ({ names }) => renderNames(names),
  }),
  method({
    name: 'list',
    call: 'resourcesList',
    description: 'the resource agents of a standard (and provider)',
    examples: ['web ocf:heartbeat', 'shop web systemd'],
    arguments: () => [listWord],
    value: ({ values: [text = ''] }) => {
      const [standard = '', ...provider] = text.split(':');
      return { standard, provider: provider.join(':') };
    },
    render: ({ names }) => renderNames(names),
  }),
  method({
    name: 'describe',
    call: 'resourcesDescribe',
    description: 'the meta-data of a resource agent, as XML',
    examples: ['web ocf:heartbeat:IPaddr2', 'web systemd:nginx'],
    arguments: () => [agentWord],
    value: ({ values: [text = ''] }) => readAgent(text),
    usualMs: 60_000,
    render: ({ xml }, context) => renderText(xml, context),
  }),
  method({
    name: 'invoke',
    call: 'resourcesInvoke',
    description: 'run an action of a resource agent, once or again and again; exit status 0 or 5',
    examples: [
      'web ip ocf:heartbeat:IPaddr2 monitor --param ip=10.0.0.7 --expected-rc 7',
      'shop/web ssh systemd:ssh monitor --interval 10s --timeout 30s',
    ],
    arguments: () => [operationWord, agentWord, actionWord],
    options: invokeOptions,
    value: ({ values: [name = '', text = '', action = ''], given, timeoutMs }) => {
      const agent = readAgent(text);
      if ('kind' in agent) return agent;
      const { interval = 0, param = {}, expectedRc = 0, userdata = '' } = given;
      return { name, ...agent, action, interval, parameters: param, timeout: timeoutMs, expectedRc, userdata };
    },
    hasTimeout: true,
    render: (answer, { typed: { values, given }, colors }) =>
      renderInvoked(
        answer,
        { expectedRc: given.expectedRc ?? 0, isOcf: values[1]?.startsWith('ocf:') === true },
        colors,
      ),
    isExpected: ({ rc }, { expectedRc = 0 }) => rc === expectedRc,
  }),
  method({
    name: 'cancel',
    call: 'resourcesCancel',
    description: 'end an action that is repeated, or kill one that is under way',
    examples: ['web ip monitor --interval 10s'],
    arguments: () => [operationWord, actionWord],
    options: (command) =>
      command.option('--interval <duration>', 'of the repeated action: 10s (default 0)', parseInterval),
    value: ({ values: [name = '', action = ''], given: { interval = 0 }, timeoutMs }) => {
      return { name, action, interval, timeout: timeoutMs };
    },
    hasTimeout: true,
    render: () => '',
  }),
  method({
    name: 'fail',
    call: 'resourcesFail',
    description: 'declare a resource failed: one that was invoked, or one that the agent manages (ASSEMBLY.RESOURCE)',
    examples: ['web ip', 'shop/web web.nginx --rc 7'],
    arguments: () => [{ name: 'name', help: 'of the operation, or of the resource as ASSEMBLY.RESOURCE' }],
    options: (command) => command.option('--rc <code>', 'as which return code (default 1)', parseWhole(1)),
    value: ({ values: [name = ''], given: { rc = 1 } }) => ({ name, rc }),
    render: () => '',
  }),
];

function invokeOptions(command: Command): Command {
  return command
    .option('--param <name=value>', 'a parameter of the agent; may be repeated', addParameter)
    .option('--interval <duration>', 'repeat it: 10s; its changes are events (default: once)', parseInterval)
    .option('--expected-rc <code>', 'the return code that is no failure (default 0)', parseWhole(0))
    .option('--userdata <text>', 'comes back in the answer and in every event');
}

function addParameter(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Allowed: NAME=VALUE.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function parseInterval(text: string): number {
  const ms = text === '0' ? 0 : parseDuration(text);
  if (ms === undefined || ms >= 2 ** 31) throw new InvalidArgumentError('Allowed: 0, 500ms, 10s, 5m (at most 24d).');
  return ms;
}

function readAgent(text: string): ResourceAgent | Failure {
  const [standard = '', ...rest] = text.split(':');
  const provider = standard === 'ocf' && rest.length > 1 ? (rest.shift() ?? '') : '';
  const agent = rest.join(':');
  if (standard !== '' && agent !== '') return { standard, provider, agent };
  return failure(exitCodes.usage, `${text} names no resource agent`, `give ${agentWord.help}`);
}
