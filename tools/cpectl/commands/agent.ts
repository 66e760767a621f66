import type { Command } from 'commander';
import { type AgentMethod, registerMethod } from '../agent-method.js';
import type { Terminal } from '../terminal.js';
import { registerAgentDescribe } from './agent-describe.js';
import { registerAgentEvents } from './agent-events.js';
import { hostMethods } from './agent-host.js';
import { registerAgentList } from './agent-list.js';
import { networkMethods } from './agent-network.js';
import { resourcesMethods } from './agent-resources.js';
import { servicesMethods } from './agent-services.js';
import { sysconfigMethods } from './agent-sysconfig.js';

/** Matahari's objects, with their methods as commands. */
const objects: readonly (readonly [name: string, description: string, methods: readonly AgentMethod[]])[] = [
  ['host', 'the machine: facts, identities, power, shutdown, reboot', hostMethods],
  ['services', 'services of the machine: list, start, stop, enable', servicesMethods],
  ['resources', 'resource agents: list, describe, invoke, cancel, fail', resourcesMethods],
  ['network', 'network interfaces: list, up, down, addresses', networkMethods],
  ['sysconfig', 'configuration of the machine: puppet, augeas, scripts', sysconfigMethods],
];

/** `cpectl agent ...`: the agents inside of the instances, asked directly. */
export function registerAgent(program: Command, terminal: Terminal): void {
  const group = program
    .command('agent')
    .description('the agents in the machines: look at, and act on a machine (Matahari)');
  registerAgentList(group, terminal);
  registerAgentDescribe(group, terminal);
  registerAgentEvents(group, terminal);
  for (const [name, description, methods] of objects) {
    const object = group.command(name).description(description);
    for (const method of methods) registerMethod(object, terminal, method);
  }
}
