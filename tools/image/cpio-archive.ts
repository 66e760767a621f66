/** An archive of files as the Linux kernel unpacks it at boot (Documentation/driver-api/early-userspace/buffer-format.rst). */

export type CpioEntry =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly content: Buffer; readonly mode: number }
  | { readonly kind: 'character-device'; readonly path: string; readonly major: number; readonly minor: number };

/** The newc format: owner root, times of 1970, so that the same entries make the same bytes. Paths without a leading /. */
export function renderCpio(entries: readonly CpioEntry[]): Buffer {
  const parts = entries.map((entry, index) => renderEntry(entry, index + 1));
  return Buffer.concat([...parts, render({ inode: 0, mode: 0, path: 'TRAILER!!!', content: Buffer.alloc(0) })]);
}

function renderEntry(entry: CpioEntry, inode: number): Buffer {
  const empty = Buffer.alloc(0);
  switch (entry.kind) {
    case 'directory':
      return render({ inode, mode: 0o040755, path: entry.path, content: empty });
    case 'file':
      return render({ inode, mode: 0o100000 | entry.mode, path: entry.path, content: entry.content });
    case 'character-device':
      return render({ inode, mode: 0o020600, path: entry.path, content: empty, device: [entry.major, entry.minor] });
  }
}

interface Member {
  readonly inode: number;
  readonly mode: number;
  readonly path: string;
  readonly content: Buffer;
  readonly device?: readonly [number, number];
}

function render({ inode, mode, path, content, device = [0, 0] }: Member): Buffer {
  const name = Buffer.from(`${path}\0`, 'utf8');
  // inode mode uid gid links mtime size, device of the file system (2), device (2), length of the name, checksum
  const fields = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, ...device, name.length, 0];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`, 'latin1');
  return Buffer.concat([padded(Buffer.concat([header, name])), padded(content)]);
}

function padded(bytes: Buffer): Buffer {
  const rest = bytes.length % 4;
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - rest)]);
}
