import { readDurable, writeDurable } from './durable-file.js';
import type { OwnLog } from './own-options.js';

/** Numbers that grow, over restarts of the agent too; after one, some are left out. */
export interface SequenceNumbers {
  /** Never rejects: what cannot be written to disk is logged, and only a restart would repeat its numbers. */
  next(): Promise<number>;
}

/** So many are taken at once, so that the disk is not asked for each. */
const block = 1000;

/** @param path of the file that knows up to which number all may have been used */
export function sequenceNumbers(path: string, log: OwnLog): SequenceNumbers {
  let last = 0;
  let reserved: number | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const reserve = async (): Promise<void> => {
    try {
      if (reserved === undefined) last = Number(await readDurable(path)) || 0;
      reserved = last + block;
      await writeDurable(path, `${reserved}\n`);
    } catch (error) {
      reserved = last + block;
      log('warn', 'sequence numbers cannot be kept', { reason: (error as Error).message });
    }
  };
  return {
    next() {
      const number = turn.then(async () => {
        if (reserved === undefined || last >= reserved) await reserve();
        last += 1;
        return last;
      });
      turn = number;
      return number;
    },
  };
}
