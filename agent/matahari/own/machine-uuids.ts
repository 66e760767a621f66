import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Done, done, problem } from '../matahari.js';
import { checkCustomUuid, type Lifetime } from '../uuid-lifetime.js';
import { readDurable, writeDurable } from './durable-file.js';
import type { Machine } from './machine.js';

/** The names that a machine has, each for another time. */
export interface MachineUuids {
  get(lifetime: Lifetime): Promise<Done<string>>;
  /** Persistent. */
  setCustom(uuid: string): Promise<Done<number>>;
}

const nil = '00000000-0000-0000-0000-000000000000';
const allOnes = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** @param directory where it is kept what the machine itself does not keep */
export function machineUuids(machine: Machine, directory: string): MachineUuids {
  const agentUuid = randomUUID();
  const customPath = join(directory, 'custom-uuid');
  let filesystem: Promise<string> | undefined;
  let writing: Promise<unknown> = Promise.resolve();

  const get = async (lifetime: Lifetime): Promise<Done<string>> => {
    switch (lifetime) {
      case 'Filesystem':
        filesystem ??= filesystemUuid(machine, join(directory, 'filesystem-uuid'));
        return done(await filesystem);
      case 'Hardware':
        return hardwareUuid(machine);
      case 'Reboot':
        return rebootUuid(machine);
      case 'Agent':
        return done(agentUuid);
      case 'Custom': {
        const text = (await readDurable(customPath))?.trim() ?? '';
        return text === '' ? problem('not-found', 'no Custom uuid has been set') : done(text);
      }
    }
  };
  const setCustom = async (uuid: string): Promise<Done<number>> => {
    const objection = checkCustomUuid(uuid);
    if (objection !== undefined) return objection;
    const written = writing.then(() => writeDurable(customPath, uuid === '' ? '' : `${uuid}\n`));
    writing = written.catch(() => undefined);
    await written;
    return done(0);
  };
  return { get: (lifetime) => failing(get(lifetime)), setCustom: (uuid) => failing(setCustom(uuid)) };
}

/** machine-id(5) where there is one; else one of our own, made at the first need and kept. */
async function filesystemUuid(machine: Machine, ownPath: string): Promise<string> {
  for (const path of ['/etc/machine-id', '/var/lib/dbus/machine-id']) {
    const found = toUuid(machine.read(path));
    if (found !== undefined) return found;
  }
  const kept = toUuid(await readDurable(ownPath));
  if (kept !== undefined) return kept;
  const fresh = randomUUID();
  await writeDurable(ownPath, `${fresh}\n`);
  return fresh;
}

/** System UUID of SMBIOS (System Management BIOS 3, 7.2.1: all zeros and all ones mean that there is none), or Xen's. */
function hardwareUuid(machine: Machine): Done<string> {
  for (const path of ['/sys/class/dmi/id/product_uuid', '/sys/hypervisor/uuid']) {
    const found = toUuid(machine.read(path));
    if (found !== undefined && found !== nil && found !== allOnes) return done(found);
  }
  return problem('not-found', 'this machine has no Hardware uuid: no DMI, or none that the agent may read');
}

function rebootUuid(machine: Machine): Done<string> {
  const found = toUuid(machine.read('/proc/sys/kernel/random/boot_id'));
  return found === undefined ? problem('not-found', 'the kernel shows no boot_id') : done(found);
}

/** In the form of RFC 9562, lower case; undefined for what is none (`uninitialized` in a machine-id). */
function toUuid(text: string | undefined): string | undefined {
  const digits = text?.trim().toLowerCase().replaceAll('-', '') ?? '';
  const parts = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(digits);
  return parts?.slice(1).join('-');
}

async function failing<T>(work: Promise<Done<T>>): Promise<Done<T>> {
  try {
    return await work;
  } catch (error) {
    return problem('failed', `the agent's state directory: ${(error as Error).message}`);
  }
}
