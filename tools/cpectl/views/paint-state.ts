import type { Colors } from '../terminal.js';
import type { Cell } from './table.js';

/** The word for a state of a deployable, assembly, resource, transition or process, in the colour of its urgency. */
export function paintState(word: string, colors: Colors): Cell {
  return { text: word, paint: colors[stateColors[word] ?? 'reset'] };
}

const stateColors: Readonly<Record<string, 'green' | 'yellow' | 'red' | 'dim'>> = {
  running: 'green',
  'in-service': 'green',
  succeeded: 'green',
  complete: 'green',
  online: 'green',
  starting: 'yellow',
  stopping: 'yellow',
  recovering: 'yellow',
  fencing: 'yellow',
  suspect: 'yellow',
  paused: 'yellow',
  'not-answering': 'yellow',
  waiting: 'yellow',
  'back-off': 'yellow',
  draining: 'yellow',
  drained: 'yellow',
  silent: 'yellow',
  pending: 'yellow',
  'failure-ignored': 'yellow',
  unknown: 'yellow',
  aborted: 'yellow',
  failed: 'red',
  panicked: 'red',
  'timed-out': 'red',
  unclean: 'red',
  dead: 'red',
  lost: 'red',
  held: 'red',
  blocked: 'red',
  errored: 'red',
  'not running': 'red',
  stopped: 'dim',
};

/** The kind of an event, in the colour of what it means for an operator. */
export function paintEventKind(kind: string, colors: Colors): (text: string) => string {
  if (/(-failed|-dead|-halted|-held|-lost|-panicked)$|^escalated$/.test(kind)) return colors.red;
  if (/(-running|-recovered|-started|-heard|-working|-rebooted)$/.test(kind)) return colors.green;
  return /(-suspect|-silent|-back-off|-restarting|-paused|-not-answering|-no-room|-rebooting)$/.test(kind)
    ? colors.yellow
    : String;
}
