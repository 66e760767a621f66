import { existsSync } from 'node:fs';
import { lastWords } from '../../executors/last-words.js';
import { type Done, done, problem } from '../matahari.js';
import type { Machine } from './machine.js';
import type { OwnLog } from './own-options.js';
import { runFile } from './run-program.js';

export type MachineEnd = 'poweroff' | 'reboot';

export interface EndCommand {
  readonly path: string;
  readonly argv: readonly string[];
}

/** Whoever asked gets the answer before the network goes. */
const answerFirstMs = 300;
const commandTimeoutMs = 60_000;

/**
 * Has the init system of the machine end or restart it, a moment after this was answered: what goes wrong then is
 * logged. Where no init system of ours is the first process (a container, a PID namespace) nothing is done: whose
 * machine would it be?
 */
export function endMachine(machine: Machine, how: MachineEnd, log: OwnLog): Done<void> {
  const command = endCommand(machine, how);
  if (command.kind === 'problem') return command;
  const { path, argv } = command.value;
  log('warn', 'the machine is ended on request', { command: [path, ...argv] });
  setTimeout(() => {
    void runFile(path, argv, { timeoutMs: commandTimeoutMs }).then((end) => {
      if (end.kind === 'problem') log('error', 'the machine could not be ended', { reason: end.problem.message });
      else if (end.value.code !== 0) {
        log('error', 'the machine could not be ended', {
          reason: `${path}: exit code ${end.value.code}${lastWords(end.value.output)}`,
        });
      }
    });
  }, answerFirstMs);
  return done(undefined);
}

/** What ends this machine, if anything does: systemd's systemctl(1), or shutdown(8) of sysvinit. */
export function endCommand(machine: Machine, how: MachineEnd): Done<EndCommand> {
  const init = machine.read('/proc/1/comm')?.trim() ?? '';
  if (init === 'systemd' && machine.isDirectory('/run/systemd/system')) {
    return programOf(machine, 'systemctl', ['--no-ask-password', '--no-wall', how]);
  }
  const hasInitctl = existsSync(machine.path('/run/initctl')) || existsSync(machine.path('/dev/initctl'));
  if (init === 'init' && hasInitctl) {
    return programOf(machine, 'shutdown', how === 'reboot' ? ['-r', 'now'] : ['-h', '-P', 'now']);
  }
  const found = init === '' ? 'it cannot be seen' : `it is ${init}`;
  return problem('unavailable', `no init system that could end this machine is its first process: ${found}`);
}

function programOf(machine: Machine, name: string, argv: readonly string[]): Done<EndCommand> {
  const path = machine.program(name);
  return path === undefined
    ? problem('not-installed', `${name} is not installed on this machine`)
    : done({ path, argv });
}
