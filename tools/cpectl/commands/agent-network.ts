import { type AgentMethod, method } from '../agent-method.js';
import { renderCode, renderNames, renderObject } from '../views/agent-answer-view.js';

const iface = {
  arguments: () => [{ name: 'interface', help: 'as cpectl agent network list shows them' }],
  value: ({ values: [word = ''] }) => ({ iface: word }),
} as const satisfies Pick<AgentMethod<'networkStart'>, 'arguments' | 'value'>;
const status = {
  render: (answer, { colors }) => renderCode(answer.status, { 0: 'up', 1: 'down' }, colors),
  isExpected: (answer) => answer.status === 0,
} as const satisfies Pick<AgentMethod<'networkStart'>, 'render' | 'isExpected'>;

/** Methods of Matahari's Network. */
export const networkMethods: readonly AgentMethod[] = [
  method({
    name: 'get',
    call: 'networkGet',
    description: 'properties: whose interfaces these are',
    examples: ['web'],
    value: () => ({}),
    render: (object, { colors }) => renderObject(object, colors),
  }),
  method({
    name: 'list',
    call: 'networkList',
    description: 'the network interfaces of the machine',
    examples: ['web'],
    value: () => ({}),
    render: ({ names }) => renderNames(names),
  }),
  method({
    name: 'start',
    call: 'networkStart',
    description: 'bring an interface up',
    examples: ['web eth1'],
    ...iface,
    usualMs: 60_000,
    ...status,
  }),
  method({
    name: 'stop',
    call: 'networkStop',
    description: 'take an interface down; the one that the agent uses takes its agent with it',
    examples: ['web eth1'],
    ...iface,
    usualMs: 60_000,
    ...status,
    isExpected: () => true,
  }),
  method({
    name: 'status',
    call: 'networkStatus',
    description: 'whether an interface is up and running; exit status 0 or 5',
    examples: ['web eth0', 'shop/web lo --json'],
    ...iface,
    ...status,
  }),
  method({
    name: 'get-ip-address',
    call: 'networkGetIpAddress',
    description: 'the IP address of an interface',
    examples: ['web eth0'],
    ...iface,
    render: ({ ip }) => renderNames([ip]),
  }),
  method({
    name: 'get-mac-address',
    call: 'networkGetMacAddress',
    description: 'the MAC address of an interface',
    examples: ['web eth0'],
    ...iface,
    render: ({ mac }) => renderNames([mac]),
  }),
];
