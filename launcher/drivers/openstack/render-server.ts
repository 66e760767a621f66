import { configDriveUserData, guestCredentials } from '../../../proto/guest-credentials.js';
import type { InstanceSpec } from '../../driver.js';
import type { InstanceRecord } from '../journal.js';
import type { PlacementWords } from './placement-words.js';
import { renderMarks } from './server-marks.js';

export interface ServerParts {
  readonly spec: Pick<InstanceSpec, 'disks'>;
  readonly record: InstanceRecord;
  readonly launcherHost: string;
  readonly token: string;
  readonly image: string;
  readonly flavor: string;
  readonly ports: readonly { readonly id: string }[];
  readonly words: PlacementWords;
  /** Id, where words name a server group. */
  readonly serverGroup: string | undefined;
  /** Microversion 2.52. */
  readonly hasTags: boolean;
  readonly userData: string;
}

/** The body of POST /servers (nova/api/openstack/compute/schemas/servers.py, create_v242 to create_v274). */
export function renderServer(parts: ServerParts): unknown {
  const { record, launcherHost, token, image, flavor, ports, words, serverGroup, hasTags, userData } = parts;
  const { metadata, tags } = renderMarks(record, { launcherHost, token });
  const disks = renderDisks(parts);
  return {
    server: {
      name: record.instance,
      flavorRef: flavor,
      imageRef: words.rootVolumeGiB === undefined ? image : '',
      networks: ports.map(({ id }) => ({ port: id })),
      metadata,
      config_drive: true,
      user_data: userData,
      min_count: 1,
      max_count: 1,
      ...(hasTags ? { tags } : {}),
      ...(words.key === undefined ? {} : { key_name: words.key }),
      ...(words.availabilityZone === undefined ? {} : { availability_zone: words.availabilityZone }),
      ...(disks.length === 0 ? {} : { block_device_mapping_v2: disks }),
    },
    ...(serverGroup === undefined ? {} : { 'os:scheduler_hints': { group: serverGroup } }),
  };
}

const GIB_IN_MIB = 1024;

/** With any device of its own a server needs its root disk listed too. Volumes go with the server. */
function renderDisks({ spec, image, words }: ServerParts): readonly unknown[] {
  if (spec.disks.length === 0 && words.rootVolumeGiB === undefined) return [];
  const gone = { delete_on_termination: true };
  const type = words.volumeType === undefined ? {} : { volume_type: words.volumeType };
  const root =
    words.rootVolumeGiB === undefined
      ? { destination_type: 'local' }
      : { destination_type: 'volume', volume_size: words.rootVolumeGiB, ...type };
  return [
    { boot_index: 0, source_type: 'image', uuid: image, ...gone, ...root },
    ...spec.disks.map(({ name, sizeMiB }) => ({
      boot_index: -1,
      source_type: 'blank',
      destination_type: 'volume',
      volume_size: Math.ceil(sizeMiB / GIB_IN_MIB),
      tag: name,
      ...gone,
      ...type,
    })),
  ];
}

/** Longest user_data of Nova, in base64. */
const USER_DATA_LIMIT = 65_535;

/**
 * The user data that a guest finds on its config drive (proto/guest-credentials.ts, configDriveUserData), in base64.
 * Throws when they are too long for Nova.
 */
export function renderUserData({ identity, bus }: { readonly identity: string; readonly bus: string }): string {
  const text = JSON.stringify({ [guestCredentials.identity]: identity, [guestCredentials.bus]: bus });
  const encoded = Buffer.from(text).toString('base64');
  if (encoded.length > USER_DATA_LIMIT) {
    throw new Error(`${configDriveUserData}: ${encoded.length} characters of base64; Nova takes ${USER_DATA_LIMIT}`);
  }
  return encoded;
}
