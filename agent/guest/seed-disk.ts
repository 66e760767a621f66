import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import {
  configDriveUserData,
  guestCredentials,
  seedDiskDirectory,
  seedDiskLabels,
} from '../../proto/guest-credentials.js';
import { gatherGuestFiles, type Look, maxGuestFileBytes, type PlainSource } from './identity-source.js';
import { type IsoVolume, openIso, type ReadDisk } from './iso9660.js';

export interface SeedDiskSettings {
  /** Directory with an entry for each block device; sysfs' own when left out. */
  readonly blocks?: string;
  /** Directory of the device nodes. */
  readonly devices?: string;
  /** How long what was seen on the disks is believed: looking at an empty drive takes a while. */
  readonly lookEveryMs?: number;
}

/** Made inside of the guest: no launcher hands over anything on them. */
const ownDevices = /^(loop|ram|zram|dm-|md|nbd|fd)\d*/;

/**
 * A disk with one of the labels of cloud-init's NoCloud (`CIDATA`) and of OpenStack's config drive (`config-2`), which has
 * the files in a directory of their own, or, as who starts instances of OpenStack can hand over nothing else, as members
 * of a JSON object in its user data. Two disks that say different things are none that can be used.
 */
export function seedDiskSource(settings: SeedDiskSettings = {}): PlainSource {
  const { blocks = '/sys/class/block', devices = '/dev', lookEveryMs = 400 } = settings;
  let lookedAt = Number.NEGATIVE_INFINITY;
  return {
    name: `a disk with the label ${seedDiskLabels.join(' or ')} (${join(seedDiskDirectory, guestCredentials.identity)})`,
    look() {
      if (performance.now() - lookedAt < lookEveryMs) return { kind: 'nothing' };
      const looks = listDirectory(blocks)
        .filter((name) => !ownDevices.test(name))
        .map((name) => lookAtDisk(join(devices, name.replaceAll('!', '/'))));
      lookedAt = performance.now();
      return agree(looks.filter(({ kind }) => kind !== 'nothing'));
    },
  };
}

function agree(looks: readonly Look[]): Look {
  const [first, ...others] = looks;
  if (first === undefined) return { kind: 'nothing' };
  const broken = looks.find(({ kind }) => kind === 'unusable');
  if (broken !== undefined) return broken;
  for (const other of others) {
    if (first.kind !== 'found' || other.kind !== 'found' || first.files.identity === other.files.identity) continue;
    return { kind: 'unusable', problem: `${first.origin} and ${other.origin} have different identities` };
  }
  return first;
}

function lookAtDisk(device: string): Look {
  let file: number;
  try {
    file = openSync(device, constants.O_RDONLY | constants.O_NOCTTY);
  } catch {
    // An empty drive, or one that is gone again.
    return { kind: 'nothing' };
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isBlockDevice() && !stat.isFile()) return { kind: 'nothing' };
    const volume = openVolume(file);
    if (volume === undefined || !isSeedLabel(volume.label)) return { kind: 'nothing' };
    const origin = `the disk ${volume.label} (${device})`;
    const look = gatherGuestFiles(origin, (name) => volume.readFile([seedDiskDirectory, name], maxGuestFileBytes));
    return look.kind === 'nothing' ? lookAtUserData(origin, volume) : look;
  } finally {
    closeSync(file);
  }
}

/** A medium that cannot be read is like none: it may be one that is just being put in. */
function openVolume(file: number): IsoVolume | undefined {
  try {
    return openIso(readFrom(file));
  } catch {
    return undefined;
  }
}

function lookAtUserData(origin: string, volume: IsoVolume): Look {
  let members: Record<string, unknown>;
  try {
    const text = volume.readFile(configDriveUserData.split('/'), maxGuestFileBytes) ?? '';
    // Everything else is meant for others: scripts, cloud-config, archives.
    if (!text.trimStart().startsWith('{')) return { kind: 'nothing' };
    members = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { kind: 'nothing' };
  }
  return gatherGuestFiles(`${origin}, ${configDriveUserData}`, (name) => {
    const value = members[name];
    return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
  });
}

function isSeedLabel(label: string): boolean {
  return seedDiskLabels.some((known) => known.toLowerCase() === label.toLowerCase());
}

function readFrom(file: number): ReadDisk {
  return (offset, length) => {
    const bytes = Buffer.alloc(length);
    let read = 0;
    while (read < length) {
      const count = readSync(file, bytes, read, length - read, offset + read);
      if (count === 0) break;
      read += count;
    }
    return bytes.subarray(0, read);
  };
}

function listDirectory(path: string): readonly string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}
