import type { Image } from '../../../launcher/images/image.js';
import type { ImageRecord } from '../../../launcher/images/image-record.js';
import type { FoundUser } from '../../../launcher/images/image-users.js';
import type { Colors } from '../terminal.js';
import { printable } from './printable.js';
import { renderTable } from './table.js';
import { localDateTime } from './times.js';

/** An image with all that is shown of it. */
export interface ShownImage {
  readonly image: Image;
  readonly record: ImageRecord;
  readonly aliases: readonly string[];
  readonly users: readonly FoundUser[];
}

export function renderImageList(images: readonly ShownImage[], colors: Colors): string {
  const columns = [
    { title: 'IMAGE' },
    { title: 'ALIAS' },
    { title: 'SUITE' },
    { title: 'DISK', align: 'right' as const },
    { title: 'AGENT' },
    { title: 'MADE' },
    { title: 'USED BY', align: 'right' as const },
  ];
  const rows = images.map(({ image, record, aliases, users }) => [
    image.name,
    aliases.join(' '),
    `${record.suite} ${record.architecture}`,
    renderBytes(image.diskBytes),
    record.agent?.version ?? 'none',
    localDateTime(Date.parse(record.madeAt)).slice(0, 16),
    String(inUse(users).length),
  ]);
  return renderTable(columns, rows, colors);
}

/** One line for each fact. */
export function renderImage(shown: ShownImage): string {
  const { image, record, aliases, users } = shown;
  const stale = users.filter(({ isStale }) => isStale);
  const lines: readonly (readonly [string, string])[] = [
    ['image', image.name],
    ['alias', aliases.join(', ')],
    ['directory', image.directory],
    ['recipe', `${record.recipe} (${image.directory}/recipe/recipe.yaml)`],
    ['cloned from', record.clonedFrom ?? ''],
    ['made', localDateTime(Date.parse(record.madeAt)).slice(0, 19)],
    ['system', `Debian ${record.suite}, ${record.architecture}, ${record.packages.length} packages`],
    ['kernel', record.kernelVersion],
    ['kernel arguments', record.kernelArguments.join(' ')],
    ['disk', renderBytes(image.diskBytes)],
    ['agent', record.agent === undefined ? 'none' : `${record.agent.version}, Node ${record.agent.node}`],
    ['warm start', image.warm === undefined ? 'no' : 'yes'],
    ['used by', inUse(users).map(renderUser).join(', ') || 'nothing'],
    ['no longer', stale.map(renderUser).join(', ')],
  ];
  return lines
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${`${key}:`.padEnd(18)}${printable(value)}\n`)
    .join('');
}

/** As `--json` prints an image. */
export function imageJson({ image, record, aliases, users }: ShownImage): Record<string, unknown> {
  const { name, directory, tree, raw, qcow2, kernel } = image;
  return {
    name,
    directory,
    aliases,
    recipe: record.recipe,
    clonedFrom: record.clonedFrom ?? null,
    made: record.madeAt,
    madeUnixMs: Date.parse(record.madeAt),
    suite: record.suite,
    architecture: record.architecture,
    diskBytes: image.diskBytes,
    files: { tree, raw, qcow2, kernel, initrd: image.initrd ?? null, warm: image.warm ?? null },
    kernelVersion: record.kernelVersion,
    kernelArguments: record.kernelArguments,
    agent: record.agent ?? null,
    packages: record.packages,
    users: users.map(({ sinceUnixMs, ...user }) => ({ ...user, sinceUnixMs })),
  };
}

/** `2GiB`, `1.5GiB`, `300MiB`. */
export function renderBytes(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  if (mebibytes < 1024) return `${Math.round(mebibytes)}MiB`;
  return `${(mebibytes / 1024).toFixed(1).replace(/\.0$/, '')}GiB`;
}

function inUse(users: readonly FoundUser[]): readonly FoundUser[] {
  return users.filter(({ isStale }) => !isStale);
}

function renderUser({ instance, launcherHost }: FoundUser): string {
  return `${instance} on ${launcherHost}`;
}
