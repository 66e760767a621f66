import { type AgentMethod, method } from '../agent-method.js';
import { renderCode, renderNames, renderObject, renderText } from '../views/agent-answer-view.js';

const name = { name: 'name', help: 'name of the service' };
const named = { arguments: () => [name], value: ({ values: [word = ''] }) => ({ name: word }) } as const satisfies Pick<
  AgentMethod<'servicesEnable'>,
  'arguments' | 'value'
>;
const timed = {
  arguments: () => [name],
  value: ({ values: [word = ''], timeoutMs }) => ({ name: word, timeout: timeoutMs }),
  hasTimeout: true,
} as const satisfies Pick<AgentMethod<'servicesStart'>, 'arguments' | 'value' | 'hasTimeout'>;
const coded = {
  render: ({ rc }, { colors }) => renderCode(rc, { 0: 'done' }, colors),
  isExpected: ({ rc }) => rc === 0,
} as const satisfies Pick<AgentMethod<'servicesStart'>, 'render' | 'isExpected'>;

/** LSB 22.2, Init Script Actions: what a status means. */
const statusWords = {
  0: 'running',
  1: 'dead, with a pid file',
  2: 'dead, with a lock file',
  3: 'stopped',
  4: 'unknown',
};

/** Methods of Matahari's Services. */
export const servicesMethods: readonly AgentMethod[] = [
  method({
    name: 'get',
    call: 'servicesGet',
    description: 'properties: whose services these are',
    examples: ['web'],
    value: () => ({}),
    render: (object, { colors }) => renderObject(object, colors),
  }),
  method({
    name: 'list',
    call: 'servicesList',
    description: 'the services of the machine',
    examples: ['web'],
    value: () => ({}),
    usualMs: 30_000,
    render: ({ names }) => renderNames(names),
  }),
  method({
    name: 'enable',
    call: 'servicesEnable',
    description: 'start it at every boot from now on',
    examples: ['web nginx'],
    ...named,
    usualMs: 60_000,
    ...coded,
  }),
  method({
    name: 'disable',
    call: 'servicesDisable',
    description: 'do not start it at boot any more',
    examples: ['web nginx'],
    ...named,
    usualMs: 60_000,
    ...coded,
  }),
  method({
    name: 'start',
    call: 'servicesStart',
    description: 'start it',
    examples: ['web nginx'],
    ...timed,
    ...coded,
  }),
  method({
    name: 'stop',
    call: 'servicesStop',
    description: 'stop it; what this system manages itself is recovered: cpectl resource stop is for that',
    examples: ['web nginx', 'shop web nginx --timeout 90s'],
    ...timed,
    ...coded,
  }),
  method({
    name: 'status',
    call: 'servicesStatus',
    description: 'whether it runs; exit status 0 or 5',
    examples: ['web nginx', 'shop/web nginx --json'],
    ...timed,
    render: ({ rc }, { colors }) => renderCode(rc, statusWords, colors),
    isExpected: ({ rc }) => rc === 0,
  }),
  method({
    name: 'describe',
    call: 'servicesDescribe',
    description: 'what it is and takes, as XML',
    examples: ['web nginx'],
    ...named,
    usualMs: 30_000,
    render: ({ xml }, context) => renderText(xml, context),
  }),
];
