import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { runTool } from './run-tool.js';

/** HOST_NAME_MAX of Linux, and nothing in it that a shell, a log or a resolver would stumble over. */
const usable = /^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?$/;

/** Gives the guest the name, until its next boot. Rejects when it is none, or the kernel refuses it. */
export async function setHostname(name: string): Promise<void> {
  if (name === hostname()) return;
  if (!usable.test(name)) throw new Error(`not a host name: ${JSON.stringify(name.slice(0, 100))}`);
  try {
    writeFileSync('/proc/sys/kernel/hostname', name);
  } catch {
    // Read-only in a container, which has a name of its own to change all the same.
    await runTool('hostname', [name]);
  }
}
