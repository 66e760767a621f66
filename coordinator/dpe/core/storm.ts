/** Many silent at once: then it is not they who died, and their recovery is held. */
import type { DpeEvent } from './dpe-event.js';
import type { Work } from './work.js';

export function onSilenceCount(_work: Work, _event: Extract<DpeEvent, { kind: 'silence-count' }>): void {}
