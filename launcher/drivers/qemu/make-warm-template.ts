import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitingForIdentity } from '../../../proto/guest-credentials.js';
import type { Image } from '../../images/image.js';
import { imageFiles } from '../../images/image-record.js';
import { type Accelerator, probeAccelerator, readQemuVersion } from './accelerator.js';
import { templateFiles } from './guest-credentials.js';
import { guestFiles, readTail } from './guest-directory.js';
import { planMachine } from './machine.js';
import { prepareGuest } from './prepare-guest.js';
import { qemuArguments } from './qemu-arguments.js';
import { connectQmp, type QmpConnection } from './qmp-connection.js';
import { isObject } from './qmp-message.js';
import { bootOf } from './root-disk.js';
import { imageTool, qemuBinary } from './start-machine.js';
import { machineDigest, type TemplateRecord, templateRecordFile, templateStateFile } from './warm-template.js';

export interface TemplateOptions {
  /** Of the machine; instances of other sizes boot. Defaults are those of instances. */
  readonly cpus?: number;
  readonly memoryMiB?: number;
  /** Default: what works here. */
  readonly accelerator?: Accelerator['kind'];
  /** For the guest to boot; default 5 minutes. */
  readonly bootDeadlineMs?: number;
  readonly onProgress?: (what: string) => void;
  readonly signal?: AbortSignal;
}

const BOOT_DEADLINE_MS = 300_000;
const SAVE_DEADLINE_MS = 120_000;
const ANSWER_MS = 10_000;
const POLL_MS = 50;
const CONSOLE_BYTES = 64 * 1024;
/** Relative to the template's directory, which moves with the image's. */
const BASE = join('..', imageFiles.qcow2);

/**
 * Boots an image without an identity, until its agent waits for one, and saves the guest in the image's directory: from
 * then on instances of the same size are restored from there instead of booting (warm-template.ts). Replaces an earlier
 * template. Rejects with what went wrong, and then leaves what was there.
 */
export async function makeWarmTemplate(image: Image, options: TemplateOptions = {}): Promise<void> {
  const { onProgress = () => undefined } = options;
  const final = join(image.directory, imageFiles.warm);
  const fresh = join(image.directory, `.${imageFiles.warm}`);
  const qemu = await readQemuVersion(qemuBinary);
  const accelerator = options.accelerator ?? (await probeAccelerator(qemuBinary)).kind;
  const spec = { cpus: options.cpus, memoryMiB: options.memoryMiB, disks: [], networks: [] };
  const plan = planMachine(spec, image, { accelerator, root: 'virtio' });
  if (plan.kind === 'problem') throw new Error(plan.problem);
  const { machine } = plan;
  const credentials = templateFiles();
  try {
    await prepareGuest({ directory: fresh, machine, base: BASE, credentials, user: undefined, imageTool });
    const command = qemuArguments({
      ...{ binary: qemuBinary, machine, instance: 'template', uuid: TEMPLATE_UUID, network: { kind: 'later' } },
      boot: bootOf(image, machine.root),
      credentials: [...credentials.keys()],
    });
    await runTemplate(fresh, withoutSandbox(command), { ...options, onProgress });
    const record: TemplateRecord = { version: 1, qemu, machine: await machineDigest(image, machine) };
    for (const name of NOT_KEPT) await rm(join(fresh, name), { force: true });
    for (const name of credentials.keys()) await rm(join(fresh, name), { force: true });
    await writeFile(join(fresh, templateRecordFile), `${JSON.stringify(record)}\n`);
    // Guests' QEMUs are users of their own (guest-user.ts); nothing in it is secret.
    await chmod(fresh, 0o755);
    await chmod(join(fresh, guestFiles.root), 0o644);
    await rm(final, { recursive: true, force: true });
    await rename(fresh, final);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw error;
  }
}

const TEMPLATE_UUID = '00000000-0000-8000-8000-000000000000';
const NOT_KEPT = [
  guestFiles.control,
  guestFiles.operator,
  guestFiles.recordInput,
  guestFiles.recordOutput,
  guestFiles.console,
];

/** It would keep QEMU from starting the process that writes the stream. No part of the machine. */
function withoutSandbox(command: readonly string[]): string[] {
  const at = command.indexOf('-sandbox');
  return command.filter((_, index) => index !== at && index !== at + 1);
}

async function runTemplate(
  directory: string,
  [program = '', ...args]: readonly string[],
  options: TemplateOptions & { readonly onProgress: (what: string) => void },
): Promise<void> {
  const log = openSync(join(directory, 'qemu.log'), 'wx', 0o600);
  const child = spawn(program, args, { cwd: directory, stdio: ['ignore', log, log] });
  closeSync(log);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const end = () => void child.kill('SIGKILL');
  options.signal?.addEventListener('abort', end, { once: true });
  try {
    options.onProgress('booting');
    await awaitConsole(directory, child, options.bootDeadlineMs ?? BOOT_DEADLINE_MS);
    options.onProgress('saving');
    await save(directory, child);
  } finally {
    options.signal?.removeEventListener('abort', end);
    end();
    await exited;
    await rm(join(directory, 'qemu.log'), { force: true });
  }
}

async function awaitConsole(directory: string, child: ChildProcess, deadlineMs: number): Promise<void> {
  const read = () => readTail(join(directory, guestFiles.console), CONSOLE_BYTES);
  await until(deadlineMs, 'the agent in the guest did not ask for an identity', async () => {
    if (hasEnded(child)) throw new Error(`QEMU ended: ${await readTail(join(directory, 'qemu.log'), 1_000)}`);
    return (await read()).includes(waitingForIdentity);
  });
}

async function save(directory: string, child: ChildProcess): Promise<void> {
  const connected = await connectQmp({ directory, name: guestFiles.control, deadlineMs: ANSWER_MS });
  if (connected.kind === 'silent') throw new Error(`QEMU does not answer: ${connected.reason}`);
  const { connection } = connected;
  try {
    await order(connection, 'stop');
    await order(connection, 'migrate-set-parameters', { 'max-bandwidth': 0 });
    await order(connection, 'migrate', { uri: `exec:cat > ${templateStateFile}` });
    await until(SAVE_DEADLINE_MS, 'the guest was not saved', async () => {
      const answer = await order(connection, 'query-migrate');
      const status = isObject(answer) ? answer.status : undefined;
      if (status === 'failed' || hasEnded(child))
        throw new Error(`the guest cannot be saved: ${JSON.stringify(answer)}`);
      return status === 'completed';
    });
    // Writes what is left of the disk.
    await connection.execute('quit', {}, ANSWER_MS);
    await until(ANSWER_MS, 'QEMU did not end', async () => hasEnded(child));
  } finally {
    connection.close();
  }
}

async function order(
  connection: QmpConnection,
  command: string,
  given: Record<string, unknown> = {},
): Promise<unknown> {
  const answer = await connection.execute(command, given, ANSWER_MS);
  if (answer.kind === 'returned') return answer.value;
  throw new Error(`QEMU did not do ${command}: ${answer.reason}`);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

async function until(deadlineMs: number, failure: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${failure} in ${deadlineMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
