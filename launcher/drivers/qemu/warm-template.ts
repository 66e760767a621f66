import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Image } from '../../images/image.js';
import { templateSizes } from './guest-credentials.js';
import { guestFiles } from './guest-directory.js';
import type { Machine } from './machine.js';
import { qemuArguments } from './qemu-arguments.js';
import { isObject } from './qmp-message.js';
import { bootOf } from './root-disk.js';

/**
 * A template of a booted guest, which waits for an identity:
 *
 *     <image>/warm/template.json   which machine it fits (TemplateRecord)
 *                  root.qcow2      its disk at that moment: an overlay on the image's
 *                  state           its memory and devices: QEMU's migration stream
 */
export interface WarmTemplate {
  readonly disk: string;
  readonly state: string;
}

export interface TemplateRecord {
  readonly version: 1;
  /** Of QEMU: a stream is only read by the version that wrote it. */
  readonly qemu: string;
  /** Of everything that the guest could tell its machine by (machineDigest). */
  readonly machine: string;
}

export type FoundTemplate =
  | { readonly kind: 'template'; readonly template: WarmTemplate }
  | { readonly kind: 'none'; readonly reason: string };

export const templateRecordFile = 'template.json';
export const templateStateFile = 'state';

/** The image's template, if it has one that fits. */
export async function findTemplate(image: Image, machine: Machine, qemuVersion: string): Promise<FoundTemplate> {
  if (image.warm === undefined) return none('the image has none');
  const record = await readRecord(join(image.warm, templateRecordFile));
  if (record === undefined) return none('its record cannot be read');
  if (record.qemu !== qemuVersion) return none(`it was made by QEMU ${record.qemu}, and this is ${qemuVersion}`);
  if (record.machine !== (await machineDigest(image, machine))) return none('it is of another machine');
  const template = { disk: join(image.warm, guestFiles.root), state: join(image.warm, templateStateFile) };
  return { kind: 'template', template };
}

/**
 * Two machines with the same digest have the same devices at the same places, and the same processors. What is peculiar
 * to an instance is left out: a guest that waits for its identity has not asked for it.
 */
export async function machineDigest(image: Image, machine: Machine): Promise<string> {
  const args = qemuArguments({
    binary: '',
    machine,
    instance: '',
    uuid: '',
    boot: { ...bootOf(image, machine.root), kernel: '' },
    network: { kind: 'later' },
    credentials: [...templateSizes].map(([name, bytes]) => `${name}=${bytes}`),
  });
  const processor = machine.accelerator === 'kvm' ? await readProcessor() : '';
  return createHash('sha256')
    .update(JSON.stringify([image.name, args, processor]))
    .digest('hex');
}

/** With KVM a guest has the processor of its launcher host. */
async function readProcessor(): Promise<string> {
  const [first = ''] = (await readFile('/proc/cpuinfo', 'utf8')).split('\n\n');
  const isOfModel = (line: string) => /^(vendor_id|cpu family|model|stepping|microcode|flags)\b/.test(line);
  return first.split('\n').filter(isOfModel).join('\n');
}

async function readRecord(path: string): Promise<TemplateRecord | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (!isObject(value) || value.version !== 1) return undefined;
    const { qemu, machine } = value;
    return typeof qemu === 'string' && typeof machine === 'string' ? { version: 1, qemu, machine } : undefined;
  } catch {
    return undefined;
  }
}

function none(reason: string): FoundTemplate {
  return { kind: 'none', reason };
}
