import type { Command } from 'commander';
import { type PlainVerb, registerPlainVerb } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { registerConsole } from './assembly-console.js';
import { registerDestroy } from './assembly-destroy.js';
import { registerReboot } from './assembly-reboot.js';

const verbs: readonly PlainVerb[] = [
  {
    name: 'standby',
    kind: 'assembly',
    question: 'assemblyStandby',
    goal: 'settled',
    description: 'stop what runs in an assembly, in order; its VM stays up',
    examples: ['cpectl assembly standby web', 'cpectl assembly standby shop/web'],
  },
  {
    name: 'unstandby',
    kind: 'assembly',
    question: 'assemblyUnstandby',
    goal: 'settled',
    description: 'end standby or drain: what belongs into the assembly runs again',
    examples: ['cpectl assembly unstandby web'],
  },
  {
    name: 'restart',
    kind: 'assembly',
    question: 'assemblyRestart',
    goal: 'running',
    description: 'stop an assembly in order (resources, then its VM) and start it again',
    examples: ['cpectl assembly restart web'],
  },
  {
    name: 'drain',
    kind: 'assembly',
    question: 'assemblyDrain',
    goal: 'settled',
    description: 'stop what runs in an assembly, then its VM, in order; it stays down until unstandby',
    examples: ['cpectl assembly drain web'],
  },
];

/** `cpectl assembly ...`: an operator's hand on single assemblies. */
export function registerAssembly(program: Command, terminal: Terminal): void {
  const group = program
    .command('assembly')
    .description('standby, drain, restart, reboot and destroy single assemblies; read their consoles');
  for (const verb of verbs) registerPlainVerb(group, terminal, verb);
  registerDestroy(group, terminal);
  registerReboot(group, terminal);
  registerConsole(group, terminal);
}
