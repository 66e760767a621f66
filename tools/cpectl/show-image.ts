import { didYouMean } from '../../coordinator/model/names.js';
import {
  type FoundRecord,
  findImage,
  listAliases,
  listImages,
  type RecordedImage,
} from '../../launcher/images/image-store.js';
import { usersOf } from '../../launcher/images/image-users.js';
import { exitCodes, type Failure, failure } from './exit-code.js';
import type { ShownImage } from './views/image-view.js';

/** An image by name or alias, or why there is none. */
export async function requireImage(
  directory: string,
  nameOrAlias: string,
): Promise<Extract<FoundRecord, { kind: 'image' }> | Failure> {
  const found = await findImage(directory, nameOrAlias);
  if (found.kind === 'image') return found;
  const names = [
    ...(await listAliases(directory)).keys(),
    ...(await listImages(directory)).images.map(({ image }) => image.name),
  ];
  const hint = names.includes(nameOrAlias) ? '' : didYouMean(nameOrAlias, names);
  return failure(exitCodes.failed, `${found.problem}${hint}`);
}

/** With its aliases and users. */
export async function lookUp(directory: string, { image, record }: RecordedImage): Promise<ShownImage> {
  const aliases = [...(await listAliases(directory))].filter(([, target]) => target === image.name);
  return { image, record, aliases: aliases.map(([alias]) => alias), users: await usersOf(image) };
}
