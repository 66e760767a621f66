import { configureSuffix } from '../model/names.js';

/** CIB id of the configure step of a resource, from the resource's own. */
export function configureId(resource: string): string {
  return `${resource}${configureSuffix}`;
}

/** The resource that a configure step is for; undefined for the id of anything else. */
export function configuredResource(id: string): string | undefined {
  return id.endsWith(configureSuffix) ? id.slice(0, -configureSuffix.length) : undefined;
}
