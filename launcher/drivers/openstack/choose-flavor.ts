import type { CloudImage } from './glance.js';
import type { Flavor } from './nova.js';

export type FlavorChoice =
  | { readonly kind: 'flavor'; readonly flavor: Flavor }
  | { readonly kind: 'problem'; readonly problem: string };

export interface FlavorNeeds {
  /** Name or id: then nothing else is asked. */
  readonly flavor: string | undefined;
  readonly cpus: number | undefined;
  readonly memoryMiB: number | undefined;
  readonly image: Pick<CloudImage, 'name' | 'minDiskGiB' | 'minMemoryMiB'>;
  /** Then a flavor needs no disk of its own. */
  readonly hasRootVolume: boolean;
}

/** The flavor that is named, or the smallest that fits: by memory, then processors, then disk. */
export function chooseFlavor(flavors: readonly Flavor[], needs: FlavorNeeds): FlavorChoice {
  const { flavor: wanted, image, hasRootVolume } = needs;
  if (wanted !== undefined) {
    const named = flavors.find(({ name }) => name === wanted) ?? flavors.find(({ id }) => id === wanted);
    return named === undefined
      ? { kind: 'problem', problem: `the cloud has no flavor "${wanted}"; it has ${names(flavors)}` }
      : { kind: 'flavor', flavor: named };
  }
  const cpus = needs.cpus ?? 1;
  const memoryMiB = Math.max(needs.memoryMiB ?? 0, image.minMemoryMiB);
  const diskGiB = hasRootVolume ? 0 : Math.max(1, image.minDiskGiB);
  const fitting = flavors
    .filter((flavor) => !flavor.isSpecial && flavor.cpus >= cpus && flavor.memoryMiB >= memoryMiB)
    .filter((flavor) => flavor.diskGiB >= diskGiB)
    .sort((a, b) => a.memoryMiB - b.memoryMiB || a.cpus - b.cpus || a.diskGiB - b.diskGiB || compare(a.name, b.name));
  const [smallest] = fitting;
  if (smallest !== undefined) return { kind: 'flavor', flavor: smallest };
  const need = `${cpus} processors, ${memoryMiB} MiB of memory and ${diskGiB} GiB of disk`;
  return { kind: 'problem', problem: `no flavor of the cloud has ${need}; it has ${names(flavors)}` };
}

function names(flavors: readonly Flavor[]): string {
  const all = flavors.map(({ name }) => name);
  return all.length > 20 ? `${all.slice(0, 20).join(', ')} and ${all.length - 20} more` : all.join(', ') || 'none';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
