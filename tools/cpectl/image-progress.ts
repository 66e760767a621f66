import { type BakePhase, type BakeProgress, overallShare, phaseTitles } from '../image/bake-progress.js';
import type { OutputStream } from './terminal.js';
import { printable } from './views/printable.js';
import { renderElapsed } from './views/times.js';

export interface BakeDisplay extends BakeProgress {
  /** Takes the status line away; the last phase is told only where it was finished. */
  end(isFinished: boolean): void;
}

const tickMs = 500;

/**
 * A line for each phase when it is over, with its time; on a terminal a status line below them with the share of the
 * whole, what is being done, and since when.
 */
export function bakeDisplay(stream: OutputStream): BakeDisplay {
  const startedAt = performance.now();
  let current: { readonly phase: BakePhase; readonly since: number } | undefined;
  let at = { share: 0, detail: '' };
  const clear = () => stream.isTerminal && stream.write('\r\x1b[K');
  const show = () => {
    if (!stream.isTerminal || current === undefined) return;
    const percent = `${Math.floor(100 * overallShare(current.phase, at.share))}%`.padStart(4);
    const detail = at.detail === '' ? '' : `: ${at.detail}`;
    const elapsed = renderElapsed(Math.floor((performance.now() - startedAt) / 100) * 100);
    const line = printable(`${percent}  ${phaseTitles[current.phase]}${detail} (${elapsed})`);
    stream.write(`\r\x1b[K${stream.colors.dim(line.slice(0, stream.columns() - 1))}`);
  };
  const finish = () => {
    if (current === undefined) return;
    clear();
    stream.write(
      `${phaseTitles[current.phase].padEnd(32)}${renderElapsed(performance.now() - current.since).padStart(7)}\n`,
    );
  };
  const timer = stream.isTerminal ? setInterval(show, tickMs) : undefined;
  return {
    phase: (phase) => {
      finish();
      current = { phase, since: performance.now() };
      at = { share: 0, detail: '' };
      show();
    },
    at: (share, detail) => {
      at = { share, detail };
      show();
    },
    note: (text) => {
      clear();
      stream.write(`${printable(text)}\n`);
      show();
    },
    end: (isFinished) => {
      clearInterval(timer);
      if (isFinished) finish();
      else clear();
    },
  };
}

/** For programs that want data only. */
export const noBakeDisplay: BakeDisplay = { phase: () => {}, at: () => {}, note: () => {}, end: () => {} };
