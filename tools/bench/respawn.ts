/** `node respawn.js COMMANDS` (JSON, a list of argvs): keeps programs running, and is as quick about it as Node can be. */
import { type ChildProcess, spawn } from 'node:child_process';

const commands = JSON.parse(process.argv[2] ?? '[]') as readonly (readonly string[])[];
const children = new Map<readonly string[], ChildProcess>();
for (const command of commands) start(command);
process.once('SIGTERM', () => {
  for (const child of children.values()) {
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
  }
});

function start(command: readonly string[]): void {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: 'ignore' });
  children.set(command, child);
  child.once('exit', () => start(command));
}
