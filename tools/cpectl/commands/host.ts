import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { registerConfirmDead } from './host-confirm-dead.js';
import { registerHostDrain } from './host-drain.js';
import { registerFencer } from './host-fencer.js';
import { registerHostList, registerHostStatus } from './host-list.js';
import { registerOrphans } from './host-orphans.js';

/** `cpectl host ...`: launcher hosts, for all deployables alike. */
export function registerHost(program: Command, terminal: Terminal): void {
  const group = program
    .command('host')
    .description('launcher hosts: look at, drain, fence, declare dead, find orphans');
  registerHostList(group, terminal);
  registerHostStatus(group, terminal);
  registerHostDrain(group, terminal);
  registerConfirmDead(group, terminal);
  registerFencer(group, terminal);
  registerOrphans(group, terminal);
}
