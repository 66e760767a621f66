import type { Command } from 'commander';
import { type AgentMethod, method } from '../agent-method.js';
import { exitCodes, failure } from '../exit-code.js';
import { renderCode, renderHostObject, renderNames } from '../views/agent-answer-view.js';

const lifetimes = ['filesystem', 'hardware', 'reboot', 'agent', 'custom'];
const uuidLine = (uuid: string) => renderNames([uuid]);
const doneWords = { 0: 'done' };
const profile = { name: 'profile', help: 'name of a tuned profile' };

/** Methods of Matahari's Host, and its properties. */
export const hostMethods: readonly AgentMethod[] = [
  method({
    name: 'get',
    call: 'hostGet',
    description: 'properties and statistics of the machine: system, memory, processors, load, processes',
    examples: ['web', 'shop/web --json'],
    value: () => ({}),
    render: (host, { colors }) => renderHostObject(host, colors),
  }),
  method({
    name: 'set-update-interval',
    call: 'hostSetUpdateInterval',
    description: 'how often statistics are taken and a heartbeat is sent; until the agent restarts',
    examples: ['web 10', 'shop web 0'],
    arguments: () => [{ name: 'seconds', help: 'whole seconds; 0: no heartbeats' }],
    value: ({ values: [text = ''] }) => {
      const updateInterval = Number(text);
      if (/^\d{1,10}$/.test(text) && updateInterval < 2 ** 32) return { updateInterval };
      return failure(exitCodes.usage, `${text} is no number of seconds`, 'give a whole number from 0 on');
    },
    render: () => '',
  }),
  method({
    name: 'identify',
    call: 'hostIdentify',
    description: 'make the machine noticed by those who stand before it (speaker)',
    examples: ['web'],
    value: () => ({}),
    usualMs: 30_000,
    render: () => '',
  }),
  ...(['shutdown', 'reboot'] as const).map((name) =>
    method({
      name,
      call: name === 'shutdown' ? 'hostShutdown' : 'hostReboot',
      description: `${name === 'shutdown' ? 'shut down' : 'reboot'} the whole machine; what was to run in it is recovered afterwards`,
      examples: ['shop/web', 'shop/web --yes'],
      options: (command: Command) => command.option('--yes', 'do not ask'),
      value: () => ({}),
      danger: `is to be ${name === 'shutdown' ? 'shut down' : 'rebooted'}: everything in it ends, and is recovered like after any other end (cpectl assembly drain keeps it down)`,
      render: () => '',
    }),
  ),
  method({
    name: 'get-uuid',
    call: 'hostGetUuid',
    description: 'an identity of the machine, by how long it lasts',
    examples: ['web', 'shop web Reboot', 'web --lifetime Hardware'],
    arguments: () => [
      {
        name: 'lifetime',
        help: 'Filesystem (default), Hardware, Reboot, Agent or Custom',
        isOne: (word) => lifetimes.includes(word.toLowerCase()),
      },
    ],
    options: (command) => command.option('--lifetime <name>', 'the same as an option'),
    value: ({ values: [word = ''], given }) => ({ lifetime: given.lifetime ?? word }),
    render: ({ uuid }) => uuidLine(uuid),
  }),
  method({
    name: 'set-uuid',
    call: 'hostSetUuid',
    description: 'give the machine an identity of your own; it lasts',
    examples: ['web rack-7-left', 'shop web 6f1c2b1e-1c39-4f5c-9d59-3d4a0c8e5b11'],
    arguments: () => [{ name: 'uuid', help: 'the identity' }],
    options: (command) => command.option('--lifetime <name>', 'Custom is the only one that can be set', 'Custom'),
    value: ({ values: [uuid = ''], given }) => ({ lifetime: given.lifetime ?? 'Custom', uuid }),
    render: ({ rc }, { colors }) => renderCode(rc, doneWords, colors),
    isExpected: ({ rc }) => rc === 0,
  }),
  method({
    name: 'set-power-profile',
    call: 'hostSetPowerProfile',
    description: 'choose a power profile (tuned)',
    examples: ['web powersave'],
    arguments: () => [profile],
    value: ({ values: [name = ''] }) => ({ profile: name }),
    usualMs: 60_000,
    render: ({ rc }, { colors }) => renderCode(rc, doneWords, colors),
    isExpected: ({ rc }) => rc === 0,
  }),
  method({
    name: 'get-power-profile',
    call: 'hostGetPowerProfile',
    description: 'the power profile in force (tuned)',
    examples: ['web'],
    value: () => ({}),
    usualMs: 60_000,
    render: (answer) => renderNames([answer.profile]),
  }),
  method({
    name: 'list-power-profiles',
    call: 'hostListPowerProfiles',
    description: 'the power profiles that there are (tuned)',
    examples: ['web'],
    value: () => ({}),
    usualMs: 60_000,
    render: ({ names }) => renderNames(names),
  }),
];
