/** Keeps the last bytes of what a process writes. */
export interface OutputTail {
  push(chunk: Uint8Array): void;
  /** As text; a line that was cut off at the front is left out, unless it is all there is. */
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
      if (!wasCut && kept.length === all.length) return kept.toString('utf8');
      const text = kept.subarray(firstCharacter(kept)).toString('utf8');
      const nextLine = text.indexOf('\n') + 1;
      return nextLine === text.length ? text : text.slice(nextLine);
    },
  };
}

/** Where the first whole character of UTF-8 begins: after at most three bytes of one that was cut through. */
function firstCharacter(bytes: Uint8Array): number {
  let at = 0;
  while (at < 3 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at += 1;
  return at;
}
