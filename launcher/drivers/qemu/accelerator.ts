import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from '../../durable-file.js';
import { hasErrorCode } from '../../error-code.js';
import { isObject } from './qmp-message.js';

/** What executes the guests' instructions: the machine's processor, or QEMU's emulation of one, many times slower. */
export type Accelerator = { readonly kind: 'kvm' } | { readonly kind: 'tcg'; readonly reason: string };

const DEVICE = '/dev/kvm';
const PROBE_DEADLINE_MS = 10_000;
/** Of the times of a guest that mostly waits, by KVM and without. Where KVM was no good, 25 to 70 was seen. */
const MOST_RATIO = 10;
/** QEMU's isa-debug-exit ends it with (value << 1) | 1. */
const PROBE_VALUE = 42;
const PROBE_EXIT_CODE = (PROBE_VALUE << 1) | 1;
const PROBE_PORT = 0xf4;
const SECTOR_BYTES = 512;
/** Firmware reads more than the one sector. */
const DISK_BYTES = 1024 * 1024;

/**
 * What probeAccelerator says, remembered in a file for as long as nothing has changed that it depends on: where KVM is
 * there and does not work, a guest hangs for the whole time that it is given.
 */
export async function chooseAccelerator(binary: string, version: string, memory: string): Promise<Accelerator> {
  const problem = await findDeviceProblem();
  if (problem !== undefined) return { kind: 'tcg', reason: problem };
  const { ino, ctimeMs } = await stat(DEVICE);
  const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const conditions = JSON.stringify({ binary, version, bootId, device: [ino, ctimeMs] });
  const before = await readMemory(memory, conditions);
  if (before !== undefined) return before;
  const accelerator = await probeAccelerator(binary);
  await replaceFile(memory, `${JSON.stringify({ conditions, accelerator })}\n`).catch(() => undefined);
  return accelerator;
}

/**
 * Finds out by running a guest with KVM on the very machine and processor that guests get: a device node alone says
 * little, in containers and in virtual machines that cannot nest it is often there and guests fail at once. The guest is
 * QEMU's own firmware, which then boots a sector that ends QEMU with a number that nothing else ends it with. KVM that is
 * many times slower at that than emulation is not used.
 *
 * @param binary path of qemu-system-x86_64
 */
export async function probeAccelerator(binary: string): Promise<Accelerator> {
  let directory: string | undefined;
  try {
    directory = await mkdtemp(join(tmpdir(), 'cpe-kvm-'));
    const disk = join(directory, 'disk');
    await writeFile(disk, bootDisk());
    const byKvm = await runProbe(binary, disk, ['-accel', 'kvm', '-cpu', 'host']);
    if (byKvm.problem !== undefined) return { kind: 'tcg', reason: `a guest with KVM ${byKvm.problem}` };
    // Inside virtual machines that cannot nest it well, guests come so far at a crawl, and hang later on.
    const byTcg = await runProbe(binary, disk, ['-accel', 'tcg', '-cpu', 'max']);
    if (byTcg.problem !== undefined || byKvm.elapsedMs < MOST_RATIO * byTcg.elapsedMs) return { kind: 'kvm' };
    const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
    const reason = `a guest with KVM takes ${seconds(byKvm.elapsedMs)} for what takes ${seconds(byTcg.elapsedMs)} without`;
    return { kind: 'tcg', reason };
  } catch (error) {
    return { kind: 'tcg', reason: `KVM cannot be tried: ${String(error)}` };
  } finally {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  }
}

/** For people, and for logs. */
export function describeAccelerator(accelerator: Accelerator): string {
  switch (accelerator.kind) {
    case 'kvm':
      return 'KVM';
    case 'tcg':
      return `TCG, emulation without KVM and many times slower (${accelerator.reason})`;
  }
}

/** The version of QEMU, "7.2.22"; rejects when it cannot be run. */
export function readQemuVersion(binary: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(binary, ['--version'], { timeout: PROBE_DEADLINE_MS }, (error, stdout) => {
      const version = /version (\d+(?:\.\d+)*)/.exec(stdout)?.[1];
      if (version !== undefined) resolve(version);
      else reject(new Error(`${binary} cannot be run: ${error?.message ?? 'it did not tell its version'}`));
    });
  });
}

interface Probe {
  /** Why the guest did not come to its end; undefined when it did. */
  readonly problem: string | undefined;
  readonly elapsedMs: number;
}

function runProbe(binary: string, disk: string, accelerator: readonly string[]): Promise<Probe> {
  const args = [
    ...['-no-user-config', '-nodefaults', '-display', 'none', '-no-reboot'],
    ...['-machine', 'q35', ...accelerator, '-m', '32M'],
    ...['-device', `isa-debug-exit,iobase=${PROBE_PORT},iosize=1`],
    ...['-drive', `if=none,id=disk,format=raw,readonly=on,file=${disk.replaceAll(',', ',,')}`],
    ...['-device', 'virtio-blk-pci,drive=disk,bootindex=1'],
  ];
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const end = (problem: string | undefined) => resolve({ problem, elapsedMs: performance.now() - startedAt });
    const options = { timeout: PROBE_DEADLINE_MS, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 } as const;
    execFile(binary, args, options, (error, _, stderr) => {
      if (error?.code === PROBE_EXIT_CODE) return end(undefined);
      const said = stderr.split('\n').find((line) => line.trim() !== '');
      if (said !== undefined) return end(`fails: ${said.trim().slice(0, 200)}`);
      end(error?.killed ? 'hangs' : 'does not boot');
    });
  });
}

/** mov al, VALUE; out PORT, al; hlt; and back to hlt. */
function bootDisk(): Buffer {
  const disk = Buffer.alloc(DISK_BYTES);
  disk.set([0xb0, PROBE_VALUE, 0xe6, PROBE_PORT, 0xf4, 0xeb, 0xfd]);
  disk.set([0x55, 0xaa], SECTOR_BYTES - 2);
  return disk;
}

async function findDeviceProblem(): Promise<string | undefined> {
  try {
    await access(DEVICE, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    return hasErrorCode(error, 'ENOENT') ? `there is no ${DEVICE}` : `${DEVICE} may not be used by this user`;
  }
}

async function readMemory(path: string, conditions: string): Promise<Accelerator | undefined> {
  try {
    const memory: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (!isObject(memory) || memory.conditions !== conditions || !isObject(memory.accelerator)) return undefined;
    const { kind, reason } = memory.accelerator;
    if (kind === 'kvm') return { kind };
    return kind === 'tcg' && typeof reason === 'string' ? { kind, reason } : undefined;
  } catch {
    // Not probed yet, or not by this version.
    return undefined;
  }
}
