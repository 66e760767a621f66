/** Numbers that go on where they were when another source takes over that counts from its own beginning. */
export interface ContinuedSequence<Source extends object> {
  /** The next number of a source, as it is to be told. */
  tell(source: Source, value: number): number;
  /** From now on this source is told as what follows on all that was told. */
  continueWith(source: Source): void;
}

export function continuedSequence<Source extends object>(): ContinuedSequence<Source> {
  const offsets = new WeakMap<Source, number>();
  let last = 0;
  return {
    tell(source, value) {
      const offset = offsets.get(source) ?? (last === 0 ? 0 : last + 1 - value);
      offsets.set(source, offset);
      last = Math.max(last, value + offset);
      return value + offset;
    },
    continueWith: (source) => void offsets.delete(source),
  };
}
