/** A message bus of a test's own: a real dbus-daemon on a socket in a temporary directory. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PrivateBus {
  readonly address: string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** After `kill`, on the same address. */
  start(): Promise<void>;
  /** Removed with its directory. */
  close(): Promise<void>;
}

/** Everybody may own every name on it, and call everything; calls are limited as they are on a system bus. */
export async function startPrivateBus(): Promise<PrivateBus> {
  const directory = mkdtempSync(join(tmpdir(), 'private-bus-'));
  const socket = join(directory, 'bus');
  const configuration = join(directory, 'bus.conf');
  writeFileSync(configuration, configurationText(socket));
  let daemon: ChildProcess | undefined;

  async function start(): Promise<void> {
    rmSync(socket, { force: true });
    const child = spawn(
      'dbus-daemon',
      [`--config-file=${configuration}`, '--nofork', '--nopidfile', '--print-address'],
      {
        // It complains of limits that it may not raise.
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    daemon = child;
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`dbus-daemon ended with ${String(code)}`);
    });
    failed.catch(() => undefined);
    await Promise.race([once(child.stdout, 'data'), failed]);
  }

  async function kill(): Promise<void> {
    const child = daemon;
    daemon = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  process.on('exit', () => {
    daemon?.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });
  await start();
  return {
    address: `unix:path=${socket}`,
    kill,
    start,
    async close() {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function configurationText(socket: string): string {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
  <limit name="max_replies_per_connection">128</limit>
</busconfig>
`;
}
