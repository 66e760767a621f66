import type { DeployableStatus, Event } from '../../proto/messages.js';
import type { OutputStream } from './terminal.js';
import { renderProgressEvent } from './views/event-view.js';
import { printable } from './views/printable.js';
import { renderElapsed } from './views/times.js';

/** What a person sees while an order is carried out. */
export interface ProgressDisplay {
  event(event: Event): void;
  status(status: DeployableStatus | undefined, elapsedMs: number): void;
  /** Takes the status line away. */
  end(): void;
}

/** Events as lines; on a terminal a status line below them, which is the only thing that is ever overwritten. */
export function progressDisplay(stream: OutputStream): ProgressDisplay {
  let shown = '';
  const replaceLine = (line: string) => {
    if (!stream.isTerminal || line === shown) return;
    stream.write(`\r\x1b[K${stream.colors.dim(line)}`);
    shown = line;
  };
  return {
    event(event) {
      const line = shown;
      replaceLine('');
      stream.write(`${renderProgressEvent(event, stream.colors)}\n`);
      replaceLine(line);
    },
    status: (status, elapsedMs) => replaceLine(renderStatusLine(status, elapsedMs).slice(0, stream.columns() - 1)),
    end: () => replaceLine(''),
  };
}

/** For programs that want data only. */
export const noProgress: ProgressDisplay = { event: () => {}, status: () => {}, end: () => {} };

/** `shop is starting: 2 of 3 assemblies, 4 of 9 resources run, 4 of 11 actions done (3.4s)`. */
export function renderStatusLine(status: DeployableStatus | undefined, elapsedMs: number): string {
  const elapsed = `(${renderElapsed(Math.floor(elapsedMs / 100) * 100)})`;
  if (status === undefined) return `waiting for the coordinator ${elapsed}`;
  const { name, condition, assemblies, actionsDone, actionsTotal } = status;
  const resources = assemblies.flatMap((assembly) => assembly.resources);
  const counts = [
    `${countRunning(assemblies)} of ${assemblies.length} assemblies`,
    `${countRunning(resources)} of ${resources.length} resources run`,
  ];
  if (actionsTotal > 0) counts.push(`${actionsDone} of ${actionsTotal} actions done`);
  return printable(`${name} is ${condition}: ${counts.join(', ')} ${elapsed}`);
}

function countRunning(those: readonly { readonly state: string }[]): number {
  return those.filter(({ state }) => state === 'running').length;
}
