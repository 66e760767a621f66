/** Keeps the last bytes of what a process writes. */
export interface OutputTail {
  push(chunk: Uint8Array): void;
  /** As text; a line that was cut off at the front is left out. */
  text(): string;
}

export function outputTail(limitBytes: number): OutputTail {
  let chunks: Uint8Array[] = [];
  let size = 0;
  let wasCut = false;
  return {
    push(chunk) {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= limitBytes * 2) return;
      chunks = [Buffer.concat(chunks).subarray(-limitBytes)];
      size = limitBytes;
      wasCut = true;
    },
    text() {
      const all = Buffer.concat(chunks);
      const kept = all.subarray(-limitBytes);
      const text = kept.toString('utf8');
      return wasCut || kept.length < all.length ? text.slice(text.indexOf('\n') + 1) : text;
    },
  };
}
