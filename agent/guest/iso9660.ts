/**
 * Reads single small files of an ISO 9660 volume (ECMA-119, with the names of Joliet or Rock Ridge where it has them)
 * without mounting it. So no module of the kernel but the disk's own driver is needed, no mount can be left behind, and
 * nothing on the disk is trusted: every length is checked, no link is followed, and only the named directories are read.
 */
export interface IsoVolume {
  /** Volume identifier, without the blanks that fill it. */
  readonly label: string;
  /**
   * Text of a file; undefined where there is none. Names are compared without regard to case.
   *
   * @throws Error when the file is larger than `maxBytes`, or the volume is not what it claims to be.
   */
  readFile(path: readonly string[], maxBytes: number): string | undefined;
}

/** Reads up to `length` bytes; fewer only at the end. */
export type ReadDisk = (offset: number, length: number) => Buffer;

const sectorBytes = 2048;
const firstDescriptor = 16;
const maxDescriptors = 32;
const maxDirectoryBytes = 262_144;
/** Types of descriptors, ECMA-119 8.1.1. */
const [primary, supplementary, terminator] = [1, 2, 255];
/** Escape sequences of UCS-2, levels 1 to 3 (Joliet). */
const joliet = ['%/@', '%/C', '%/E'];
/** File flags, ECMA-119 9.1.6. */
const [isDirectory, isContinued] = [0x02, 0x80];

interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly offset: number;
  readonly length: number;
}

/** Undefined when this is no ISO 9660 volume. */
export function openIso(read: ReadDisk): IsoVolume | undefined {
  const descriptors = readDescriptors(read);
  const first = descriptors.find((sector) => sector[0] === primary);
  if (first === undefined) return undefined;
  const unicode = descriptors.find(
    (sector) => sector[0] === supplementary && joliet.includes(sector.toString('latin1', 88, 91)),
  );
  const chosen = unicode ?? first;
  const root = parseRecord(chosen.subarray(156, 190), unicode !== undefined);
  return {
    label: first.toString('latin1', 40, 72).trimEnd(),
    readFile(path, maxBytes) {
      let entry = root;
      for (const name of path) {
        if (entry === undefined || (entry.flags & isDirectory) === 0) return undefined;
        entry = readDirectory(read, entry, unicode !== undefined).find(
          (candidate) => candidate.name.toLowerCase() === name.toLowerCase(),
        );
      }
      if (entry === undefined || (entry.flags & isDirectory) !== 0) return undefined;
      if ((entry.flags & isContinued) !== 0 || entry.length > maxBytes) {
        throw new Error(`${path.join('/')}: larger than ${maxBytes} bytes`);
      }
      return readWhole(read, entry).toString('utf8');
    },
  };
}

function readDescriptors(read: ReadDisk): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let index = firstDescriptor; index < firstDescriptor + maxDescriptors; index += 1) {
    const sector = read(index * sectorBytes, sectorBytes);
    const isDescriptor = sector.length === sectorBytes && sector.toString('latin1', 1, 6) === 'CD001';
    if (!isDescriptor || sector[0] === terminator) break;
    found.push(sector);
  }
  return found;
}

/** Records lie behind one another, none across the end of a sector (ECMA-119 6.8.1.1). */
function readDirectory(read: ReadDisk, directory: Entry, isUnicode: boolean): readonly Entry[] {
  if (directory.length > maxDirectoryBytes) throw new Error(`a directory of ${directory.length} bytes`);
  const bytes = readWhole(read, directory);
  const entries: Entry[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const length = bytes[offset] ?? 0;
    if (length === 0) {
      offset = (Math.floor(offset / sectorBytes) + 1) * sectorBytes;
      continue;
    }
    const entry = parseRecord(bytes.subarray(offset, offset + length), isUnicode);
    if (entry !== undefined) entries.push(entry);
    offset += length;
  }
  return entries;
}

/** A directory record, ECMA-119 9.1; undefined when it is shorter than it says. */
function parseRecord(record: Buffer, isUnicode: boolean): Entry | undefined {
  const nameLength = record[32] ?? 0;
  const nameEnd = 33 + nameLength;
  if (record.length < nameEnd || record.length < 34) return undefined;
  const identifier = record.subarray(33, nameEnd);
  const plain = isUnicode
    ? Buffer.from(identifier.subarray(0, nameLength & ~1))
        .swap16()
        .toString('utf16le')
    : undefined;
  const name = plain ?? rockRidgeName(record.subarray(nameEnd + (nameEnd % 2))) ?? identifier.toString('latin1');
  return {
    // The version number, and the full stop of a name without an extension.
    name: name.replace(/;\d+$/, '').replace(/\.$/, ''),
    flags: record[25] ?? 0,
    offset: record.readUInt32LE(2) * sectorBytes,
    length: record.readUInt32LE(10),
  };
}

/** The NM entries of the system use field (IEEE P1282 4.1.4). */
function rockRidgeName(field: Buffer): string | undefined {
  let name: string | undefined;
  let offset = 0;
  while (offset + 4 <= field.length) {
    const length = field[offset + 2] ?? 0;
    if (length < 4 || offset + length > field.length) break;
    if (field.toString('latin1', offset, offset + 2) === 'NM' && length >= 5) {
      name = (name ?? '') + field.toString('utf8', offset + 5, offset + length);
    }
    offset += length;
  }
  return name;
}

function readWhole(read: ReadDisk, { offset, length }: Entry): Buffer {
  const bytes = read(offset, length);
  if (bytes.length < length) throw new Error(`the disk ends before a file does (${offset + length} bytes)`);
  return bytes;
}
