import type { CibInput } from '../state/cib-input.js';

/** The CIB of a deployable: everything the scheduler decides from. */
export function renderCib(_input: CibInput): string {
  throw new Error('not written yet');
}
