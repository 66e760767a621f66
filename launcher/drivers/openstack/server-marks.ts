import { createHash } from 'node:crypto';
import type { InstanceRecord } from '../journal.js';
import type { Server } from './server.js';

/** By which our servers are found again: metadata for the whole truth, tags because Nova can search for them. */
export const metadataKeys = {
  instance: 'cpe-instance',
  deployable: 'cpe-deployable',
  assembly: 'cpe-assembly',
  launcherHost: 'cpe-launcher-host',
  /** Of the one start that made it (CloudRecord.token). */
  start: 'cpe-start',
} as const;

/** Longest tag of Nova (nova/objects/tag.py, MAX_TAG_LENGTH). */
const TAG_LIMIT = 60;

export function launcherHostTag(launcherHost: string): string {
  return tag('cpe-host', launcherHost);
}

export function instanceTag(instance: string): string {
  return tag('cpe-instance', instance);
}

/** What a server is created with. Nova allows 255 characters of metadata each, and no `,` or `/` in a tag. */
export function renderMarks(
  { instance, deployable, assembly }: Pick<InstanceRecord, 'instance' | 'deployable' | 'assembly'>,
  { launcherHost, token }: { readonly launcherHost: string; readonly token: string },
): { readonly metadata: Readonly<Record<string, string>>; readonly tags: readonly string[] } {
  return {
    metadata: {
      [metadataKeys.instance]: instance,
      [metadataKeys.deployable]: deployable,
      [metadataKeys.assembly]: assembly,
      [metadataKeys.launcherHost]: launcherHost,
      [metadataKeys.start]: token,
    },
    tags: [launcherHostTag(launcherHost), instanceTag(instance)],
  };
}

/**
 * Whether it does not tell whose it is: Nova lists every server of the project in a cell that does not answer, whatever
 * was searched for, with an id and the status UNKNOWN (nova/compute/api.py, _generate_minimal_construct_for_down_cells).
 */
export function isNameless({ status, metadata }: Server): boolean {
  return status === 'UNKNOWN' && Object.keys(metadata).length === 0;
}

/** Of which instance this is a server; undefined for what others have made, and for what does not tell. */
export function instanceOf(server: Server): string | undefined {
  return server.metadata[metadataKeys.instance];
}

export function portName(token: string): string {
  return `cpe-${token}`;
}

/** A digest where the name itself would be too long; the metadata have the name. */
function tag(key: string, value: string): string {
  const plain = `${key}=${value}`;
  if (plain.length <= TAG_LIMIT) return plain;
  const digest = createHash('sha256').update(value).digest('hex');
  return `${key}~${digest}`.slice(0, TAG_LIMIT);
}
