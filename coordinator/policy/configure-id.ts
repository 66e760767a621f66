import { configureSuffix } from '../model/names.js';

/** CIB id of the configure step of a resource, from the resource's own. */
export function configureId(resource: string): string {
  return `${resource}${configureSuffix}`;
}
