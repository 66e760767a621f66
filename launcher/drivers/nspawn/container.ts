import { createHash } from 'node:crypto';
import type { InstanceSpec } from '../../driver.js';

/** By what a container is known on its machine. */
export interface ContainerNames {
  /**
   * Of the machine, as systemd-nspawn calls it, and of its control groups. Short enough for the name of its network
   * interface, `vb-` and this, to need no shortening (IFNAMSIZ).
   */
  readonly machine: string;
  /** Its machine-id(5) inside, unless the image has one. */
  readonly uuid: string;
  /** The launcher host's end of its network connection. */
  readonly interface: string;
}

/** The same for an instance at all times; two launcher hosts of one machine, or two homes, do not share any. */
export function containerNames(home: string, launcherHost: string, instance: string): ContainerNames {
  const digest = createHash('sha256').update(`container\0${home}\0${launcherHost}\0${instance}`).digest('hex');
  const machine = `cpe${digest.slice(0, 9)}`;
  // RFC 9562, version 8: made by rules of its own.
  const parts = [digest.slice(0, 8), digest.slice(8, 12), `8${digest.slice(13, 16)}`, `8${digest.slice(17, 20)}`];
  return { machine, uuid: [...parts, digest.slice(20, 32)].join('-'), interface: `vb-${machine}` };
}

/** The one network there is, by the name that means it in a document. */
const networks = ['default'];

/** Why there can be no such container; undefined when there can. */
export function findProblem({ image, disks, networks: wanted, cpus, memoryMiB }: InstanceSpec): string | undefined {
  if (image === undefined) return 'a container needs an image, and the document names none';
  if (disks.length > 0) {
    return 'containers have no disks of their own: what they write is in files of their launcher host, of any size';
  }
  const unknown = wanted.find((name) => !networks.includes(name));
  if (unknown !== undefined)
    return `there is no network ${unknown} on this launcher host, only: ${networks.join(', ')}`;
  if (cpus !== undefined && !(cpus > 0)) return `${cpus} CPUs are none`;
  if (memoryMiB !== undefined && !(memoryMiB > 0)) return `${memoryMiB} MiB are no memory`;
  return undefined;
}
