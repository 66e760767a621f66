import type { EventJson } from '../cpectl/views/event-view.js';
import type { Cpectl } from './cpectl-child.js';

/** The events of the deployable as `cpectl events --follow --json` tells them, from the first on. */
export interface EventLog {
  lastSeq(): number;
  since(seq: number): readonly EventJson[];
  /** Resolves once an event after `seq` is such a one. */
  next(seq: number, isIt: (event: EventJson) => boolean): Promise<EventJson>;
  close(): void;
}

export function followEvents(cpectl: Cpectl, deployable: string): EventLog {
  const events: EventJson[] = [];
  const waiting = new Set<() => void>();
  const child = cpectl.follow(['events', '--follow', '--since', '0', '--deployable', deployable], (line) => {
    events.push(JSON.parse(line) as EventJson);
    for (const look of waiting) look();
  });
  const since = (seq: number) => events.filter((event) => event.seq > seq);
  return {
    lastSeq: () => events.at(-1)?.seq ?? 0,
    since,
    next: (seq, isIt) =>
      new Promise((resolve) => {
        const look = () => {
          const found = since(seq).find(isIt);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    close: child.close,
  };
}
