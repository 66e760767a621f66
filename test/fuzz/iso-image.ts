/** A minimal ISO 9660 volume with one directory of small files (ECMA-119), to be mutated. */
export function isoImage(label: string, directory: string, files: readonly (readonly [string, string])[]): Buffer {
  const sector = 2048;
  const at = { root: 18, directory: 19, files: 20 };
  const image = Buffer.alloc((at.files + files.length) * sector);
  const descriptor = image.subarray(16 * sector);
  descriptor[0] = 1;
  descriptor.write('CD001', 1, 'latin1');
  descriptor.write(label.padEnd(32), 40, 'latin1');
  directoryRecord('\u0000', at.root, sector, true).copy(descriptor, 156);
  const end = image.subarray(17 * sector);
  end[0] = 255;
  end.write('CD001', 1, 'latin1');
  const self = directoryRecord('\u0000', at.directory, sector, true);
  Buffer.concat([
    directoryRecord('\u0000', at.root, sector, true),
    directoryRecord(directory.toUpperCase(), at.directory, sector, true),
  ]).copy(image, at.root * sector);
  const records = files.map(([name, text], index) =>
    directoryRecord(`${name.toUpperCase()}.;1`, at.files + index, Buffer.byteLength(text), false),
  );
  Buffer.concat([self, ...records]).copy(image, at.directory * sector);
  for (const [index, [, text]] of files.entries()) image.write(text, (at.files + index) * sector);
  return image;
}

function directoryRecord(name: string, sector: number, length: number, isDirectory: boolean): Buffer {
  const record = Buffer.alloc(33 + name.length + ((name.length + 1) % 2));
  record[0] = record.length;
  record.writeUInt32LE(sector, 2);
  record.writeUInt32BE(sector, 6);
  record.writeUInt32LE(length, 10);
  record.writeUInt32BE(length, 14);
  record[25] = isDirectory ? 2 : 0;
  record[32] = name.length;
  record.write(name, 33, 'latin1');
  return record;
}
