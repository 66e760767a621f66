import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ImageRecord, imageFiles, renderImageRecord } from './image-record.js';

export const sampleRecord: ImageRecord = {
  version: 1,
  name: 'web-0123456789ab',
  recipe: 'web',
  madeAt: '2026-11-22T20:00:00.000Z',
  inputs: 'abc',
  clonedFrom: undefined,
  suite: 'bookworm',
  architecture: 'amd64',
  diskBytes: 2 ** 31,
  kernelVersion: '6.1.0-1-cloud-amd64',
  kernelArguments: ['quiet'],
  hasInitrd: true,
  agent: { version: '0.1.0', digest: 'def', node: '20.20.2' },
  packages: ['dbus=1.14', 'systemd=252'],
};

/** Makes a directory look like an image, for tests: the files are there and empty. */
export function writeSampleImage(directory: string, changes: Readonly<Record<string, unknown>> = {}): void {
  for (const name of [imageFiles.tree, imageFiles.recipe]) mkdirSync(join(directory, name), { recursive: true });
  for (const file of [imageFiles.raw, imageFiles.qcow2, imageFiles.kernel, imageFiles.initrd]) {
    writeFileSync(join(directory, file), '');
  }
  writeFileSync(join(directory, imageFiles.record), renderImageRecord({ ...sampleRecord, ...changes }));
}
