/** Launcher hosts as everybody knows them: drained, proven dead, with a fencer or without. */
import type { DpeEvent } from './dpe-event.js';
import type { Work } from './work.js';

export function onHostFacts(_work: Work, _event: Extract<DpeEvent, { kind: 'host-facts' }>): void {}

export function onHostFenced(_work: Work, _event: Extract<DpeEvent, { kind: 'host-fenced' }>): void {}
