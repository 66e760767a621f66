import type { Command } from 'commander';
import { type PlainVerb, registerPlainVerb } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { registerCleanup } from './resource-cleanup.js';
import { registerFailcount } from './resource-failcount.js';
import { registerBan, registerMove } from './resource-place.js';

const verbs: readonly PlainVerb[] = [
  {
    name: 'start',
    kind: 'resource',
    question: 'resourceStart',
    goal: 'running',
    description: 'start a resource that was stopped, and what it needs before it; returns when it runs',
    examples: ['cpectl resource start db.redis', 'cpectl resource start shop db.vm'],
  },
  {
    name: 'stop',
    kind: 'resource',
    question: 'resourceStop',
    goal: 'stopped',
    description: 'stop a resource, after what depends on it; it stays stopped until it is started',
    examples: ['cpectl resource stop shop/db.redis', 'cpectl resource stop web.nginx --no-wait'],
  },
  {
    name: 'restart',
    kind: 'resource',
    question: 'resourceRestart',
    goal: 'running',
    description: 'stop and start a resource in order, with what depends on it',
    examples: ['cpectl resource restart web.nginx'],
  },
  {
    name: 'clear',
    kind: 'resource',
    question: 'resourceClear',
    goal: 'settled',
    description: 'take back every move and ban of a resource',
    examples: ['cpectl resource clear web.vm'],
  },
  {
    name: 'manage',
    kind: 'resource',
    question: 'resourceManage',
    goal: 'settled',
    description: 'start, stop and recover a resource again that was unmanaged',
    examples: ['cpectl resource manage db.redis'],
  },
  {
    name: 'unmanage',
    kind: 'resource',
    question: 'resourceUnmanage',
    goal: undefined,
    description: 'leave a resource alone: neither started, stopped nor recovered; its VM may still end with it inside',
    examples: ['cpectl resource unmanage db.redis'],
  },
  {
    name: 'fail',
    kind: 'resource',
    question: 'resourceFail',
    goal: 'settled',
    description: 'treat a resource as failed, as if its monitor had said so; returns when it is recovered',
    examples: ['cpectl resource fail db.redis'],
  },
];

/** `cpectl resource ...`: an operator's hand on single resources. */
export function registerResource(program: Command, terminal: Terminal): void {
  const group = program.command('resource').description('start, stop, move and clean up single resources');
  for (const verb of verbs) registerPlainVerb(group, terminal, verb);
  registerMove(group, terminal);
  registerBan(group, terminal);
  registerCleanup(group, terminal);
  registerFailcount(group, terminal);
}
