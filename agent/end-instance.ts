import { readFileSync } from 'node:fs';
import type { Log } from './log.js';

/** As the kernel shortens the name of launcher/native/instance-init.c (TASK_COMM_LEN, 15 characters). */
const initName = 'cpe-instance-init'.slice(0, 15);

/**
 * Ends the instance that this agent runs in, at once: its init is told to end (it starts no agent any more, and ends
 * when nothing is left in its PID namespace), and everything else in the namespace is killed. Only where the first
 * process is our own init: from a signal to -1 in any other place the whole machine would suffer.
 */
export function endInstance(log: Log): void {
  if (!isInInstance()) {
    log('error', 'an instance without our init cannot be ended from inside; its decider has to destroy it');
    return;
  }
  try {
    process.kill(1, 'SIGTERM');
    // kill(2): everything that we may signal but init and, on Linux, this process.
    process.kill(-1, 'SIGKILL');
  } catch (error) {
    log('error', 'the instance cannot be ended', { reason: String(error) });
    return;
  }
  process.kill(process.pid, 'SIGKILL');
}

function isInInstance(): boolean {
  try {
    return process.ppid === 1 && readFileSync('/proc/1/comm', 'latin1').trim() === initName;
  } catch {
    return false;
  }
}
