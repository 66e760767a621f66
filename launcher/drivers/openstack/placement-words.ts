import type { InstanceSpec } from '../../driver.js';

/**
 * What can be said of where and how a server is made: by a deployable's placement words, or for the whole launcher host
 * by the section `cpe` of its cloud in clouds.yaml. Lists are separated by commas.
 */
export interface PlacementWords {
  /** Names or ids; in order the server's interfaces. */
  readonly networks: readonly string[];
  readonly securityGroups: readonly string[] | undefined;
  /** Name or id; undefined: the smallest that fits. */
  readonly flavor: string | undefined;
  /** Name of a key pair of the user. */
  readonly key: string | undefined;
  readonly availabilityZone: string | undefined;
  /** Name or id. */
  readonly serverGroup: string | undefined;
  /** The root disk is a volume of this size; undefined: the flavor's own disk. */
  readonly rootVolumeGiB: number | undefined;
  /** Of the root volume and the instance's disks. */
  readonly volumeType: string | undefined;
}

const WORDS = [
  'network',
  'security-groups',
  'flavor',
  'key',
  'availability-zone',
  'server-group',
  'root-volume',
  'volume-type',
] as const;

export type PlacementDefaults = Readonly<Partial<Record<(typeof WORDS)[number], string>>>;

/** Reads the section `cpe`. Throws with what is wrong in it. */
export function readPlacementDefaults(section: unknown): PlacementDefaults {
  if (section === undefined || section === null) return {};
  if (typeof section !== 'object' || Array.isArray(section)) throw new Error('"cpe" is no mapping');
  const words: Record<string, string> = {};
  for (const [name, value] of Object.entries(section)) {
    if (!isWord(name)) throw new Error(`"cpe" has ${name}, which is none of ${WORDS.join(', ')}`);
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (!values.every((item) => typeof item === 'string' || typeof item === 'number')) {
      throw new Error(`${name} of "cpe" is neither text nor a list of text`);
    }
    words[name] = values.join(',');
  }
  return words;
}

/** The words for one instance: its own before those of the launcher host. Words of other platforms say nothing here. */
export function choosePlacement(
  { networks, placement }: Pick<InstanceSpec, 'networks' | 'placement'>,
  defaults: PlacementDefaults,
): PlacementWords {
  const word = (name: (typeof WORDS)[number]) => placement[name] ?? defaults[name];
  const rootVolume = Number(word('root-volume'));
  return {
    networks: networks.length > 0 ? networks : (list(word('network')) ?? []),
    securityGroups: list(word('security-groups')),
    flavor: word('flavor'),
    key: word('key'),
    availabilityZone: word('availability-zone'),
    serverGroup: word('server-group'),
    rootVolumeGiB: Number.isInteger(rootVolume) && rootVolume > 0 ? rootVolume : undefined,
    volumeType: word('volume-type'),
  };
}

function list(text: string | undefined): readonly string[] | undefined {
  const items = (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return items.length === 0 ? undefined : items;
}

function isWord(name: string): name is (typeof WORDS)[number] {
  return WORDS.some((word) => word === name);
}
