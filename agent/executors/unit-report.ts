import { existsSync } from 'node:fs';
import type { UnitState } from '../systemd/systemd-manager.js';
import { baseEnvironment } from './environment.js';
import { runScript } from './run-script.js';

const programs = ['/usr/bin/journalctl', '/bin/journalctl'] as const;
const lines = 15;
const journalMs = 2000;

/** One line on a unit's state, with how its main process ended. */
export function describeUnit({ name, activeState, subState, result, exitStatus }: UnitState): string {
  const state = subState === '' || subState === activeState ? activeState : `${activeState}, ${subState}`;
  return `${name} is ${state}${describeResult(result, exitStatus)}`;
}

/** Results of services (systemd.exec(5), SERVICE_RESULT). */
function describeResult(result: string, exitStatus: number): string {
  switch (result) {
    case '':
    case 'success':
      return '';
    case 'exit-code':
      return ` (exit status ${exitStatus})`;
    case 'signal':
    case 'core-dump':
      return ` (${result === 'signal' ? 'ended by signal' : 'core dump, signal'} ${exitStatus})`;
    case 'timeout':
      return ' (a time limit of the unit has passed)';
    case 'watchdog':
      return ' (its watchdog was not served)';
    case 'start-limit-hit':
      return ' (started too often, systemd refuses more)';
    case 'oom-kill':
      return ' (out of memory)';
    default:
      return ` (${result})`;
  }
}

/** The last lines of a unit's journal; empty where there is none, or none in time. */
export async function unitJournal(unit: string): Promise<string> {
  const path = programs.find((program) => existsSync(program));
  if (path === undefined) return '';
  const end = await runScript({
    path,
    arguments: ['--no-pager', '--quiet', '--output=cat', `--lines=${lines}`, `--unit=${unit}`],
    environment: baseEnvironment(),
    timeoutMs: journalMs,
    token: `journal/${unit}`,
  });
  return end.kind === 'exited' ? end.output : '';
}
