import type { Deployable } from '../model/deployable.js';

/** Who repairs a failed resource: its agent at once, or the transition graph in order. */
export type Containment = { readonly kind: 'delegated' } | { readonly kind: 'kept'; readonly reason: string };

/** By CIB id of the resource. */
export function containment(_deployable: Deployable): ReadonlyMap<string, Containment> {
  return new Map();
}
