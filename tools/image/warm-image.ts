import { probeAccelerator, readQemuVersion } from '../../launcher/drivers/qemu/accelerator.js';
import { planMachine } from '../../launcher/drivers/qemu/machine.js';
import { makeWarmTemplate } from '../../launcher/drivers/qemu/make-warm-template.js';
import { qemuBinary } from '../../launcher/drivers/qemu/start-machine.js';
import { findTemplate } from '../../launcher/drivers/qemu/warm-template.js';
import type { Image } from '../../launcher/images/image.js';
import { findImage } from '../../launcher/images/image-store.js';
import { bakeFailure, isBakeFailure } from './bake-failure.js';
import type { BakeProgress } from './bake-progress.js';
import { openImages } from './images-claim.js';

/** Of the machine that is saved: instances of another size boot. Undefined: what an assembly without a size has. */
export interface TemplateSize {
  readonly cpus: number | undefined;
  readonly memoryMiB: number | undefined;
  /** What executes its instructions, and those of the instances; undefined: what works here. */
  readonly accelerator: 'kvm' | 'tcg' | undefined;
}

export interface WarmOptions {
  /** Name of the image. */
  readonly name: string;
  /** Absolute path of the directory with the images. */
  readonly images: string;
  readonly size: TemplateSize;
  /** Make it although there is one that fits. */
  readonly force: boolean;
  readonly progress: BakeProgress;
  readonly signal: AbortSignal;
}

export type WarmOutcome =
  | { readonly kind: 'made' }
  /** Nothing was done: there is one that fits this size, and QEMU. */
  | { readonly kind: 'already-there' }
  | { readonly kind: 'failed'; readonly reason: string; readonly next: string }
  | { readonly kind: 'interrupted' };

/**
 * Boots an image and keeps the guest as a template in its directory (makeWarmTemplate). Nobody else changes the images
 * meanwhile. A template that something was restored from stays: disks rest on it.
 */
export async function warmImage(options: WarmOptions): Promise<WarmOutcome> {
  try {
    return await warm(options);
  } catch (error) {
    if (options.signal.aborted) return { kind: 'interrupted' };
    if (isBakeFailure(error)) return { kind: 'failed', reason: error.message, next: error.next };
    const { message } = error as Error;
    return { kind: 'failed', reason: message, next: 'the image is there, and its instances boot' };
  }
}

async function warm({ name, images, size, force, progress, signal }: WarmOptions): Promise<WarmOutcome> {
  progress.phase('warm');
  const version = await readQemuVersion(qemuBinary).catch((error: Error) => {
    throw bakeFailure(error.message, 'a template is made by QEMU: install qemu-system-x86 and qemu-utils');
  });
  const onWait = () => progress.note(`waiting for another bake in ${images}`);
  const claim = await openImages(images, { onWait, signal });
  try {
    const found = await findImage(images, name);
    if (found.kind === 'problem') throw bakeFailure(found.problem);
    const { image } = found;
    if (!image.hasAgent) throw bakeFailure(`in ${name} is no agent that could be given its identity afterwards`);
    progress.at(0, 'whether KVM works');
    const accelerator = size.accelerator ?? (await probeAccelerator(qemuBinary)).kind;
    if (!force && (await fits(image, { version, accelerator, size }))) return { kind: 'already-there' };
    if (image.warm !== undefined) await claim.checkUnused(name);
    signal.throwIfAborted();
    const onProgress = (what: string) => progress.at(0, `${what}, with ${accelerator.toUpperCase()}`);
    await makeWarmTemplate(image, { ...definedOf(size), accelerator, onProgress, signal });
    return { kind: 'made' };
  } finally {
    await claim.release();
  }
}

interface Conditions {
  readonly version: string;
  readonly accelerator: 'kvm' | 'tcg';
  readonly size: TemplateSize;
}

async function fits(image: Image, { version, accelerator, size }: Conditions): Promise<boolean> {
  const plan = planMachine({ ...size, disks: [], networks: [] }, image, { accelerator, root: 'virtio' });
  if (plan.kind === 'problem') throw bakeFailure(plan.problem);
  return (await findTemplate(image, plan.machine, version)).kind === 'template';
}

function definedOf({ cpus, memoryMiB }: TemplateSize) {
  return { ...(cpus === undefined ? {} : { cpus }), ...(memoryMiB === undefined ? {} : { memoryMiB }) };
}
