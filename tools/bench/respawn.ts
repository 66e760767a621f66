/** `node respawn.js COMMAND [ARGUMENT...]`: keeps a program running, and is as quick about it as Node can be. */
import { type ChildProcess, spawn } from 'node:child_process';

const [program = '', ...args] = process.argv.slice(2);
let child: ChildProcess;
const start = () => {
  child = spawn(program, args, { stdio: 'ignore' });
  child.once('exit', start);
};
start();
process.once('SIGTERM', () => {
  child.off('exit', start);
  child.kill('SIGKILL');
});
