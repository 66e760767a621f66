import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What goes into a binary package of Debian (deb(5), deb-control(5)). */
export interface DebPackage {
  readonly name: string;
  readonly version: string;
  /** Fields of the control file besides package, version and size, in the order in which they shall stand. */
  readonly fields: Readonly<Record<string, string>>;
  /** The first line of the description and the rest of it. */
  readonly summary: string;
  readonly description: string;
  readonly scripts: Readonly<Partial<Record<'preinst' | 'postinst' | 'prerm' | 'postrm', string>>>;
  readonly files: readonly DebFile[];
}

/** By its path below the root, without a leading slash. */
export type DebFile =
  | { readonly kind: 'file'; readonly path: string; readonly content: Uint8Array | string; readonly mode: number }
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

export interface MakeOptions {
  /** Where the package is put. */
  readonly directory: string;
  /** Time of everything in it, seconds since 1970 (SOURCE_DATE_EPOCH). */
  readonly epoch: number;
  /** Of dpkg-deb(1). */
  readonly compression?: 'xz' | 'gzip' | 'none';
}

/**
 * Writes `<name>_<version>_<architecture>.deb` and returns its path. The same content and time make the same bytes,
 * whoever makes it and wherever; everything in it belongs to root. An older file of that name is replaced, by renaming.
 */
export function makeDeb(contents: DebPackage, { directory, epoch, compression = 'xz' }: MakeOptions): string {
  const { name, version, fields, scripts, files } = contents;
  const stage = mkdtempSync(join(tmpdir(), 'deb-'));
  try {
    const root = join(stage, 'root');
    for (const file of files) put(root, file);
    const control = join(root, 'DEBIAN');
    mkdirSync(control);
    write(join(control, 'control'), controlFile(contents), 0o644);
    write(join(control, 'md5sums'), checksums(files), 0o644);
    for (const [script, text] of Object.entries(scripts)) write(join(control, script), text, 0o755);
    settleTimes(root, epoch);
    mkdirSync(directory, { recursive: true });
    const file = `${name}_${version}_${fields.Architecture}.deb`;
    const fresh = join(directory, `.${file}.new`);
    execFileSync('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', root, fresh], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: process.env.PATH, SOURCE_DATE_EPOCH: String(epoch), LC_ALL: 'C.UTF-8' },
    });
    renameSync(fresh, join(directory, file));
    return join(directory, file);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function put(root: string, file: DebFile): void {
  const path = join(root, file.path);
  mkdirSync(file.kind === 'directory' ? path : dirname(path), { recursive: true });
  if (file.kind === 'file') write(path, file.content, file.mode);
  else if (file.kind === 'link') symlinkSync(file.target, path);
}

/** Whatever the umask is. */
function write(path: string, content: Uint8Array | string, mode: number): void {
  writeFileSync(path, content);
  chmodSync(path, mode);
}

/** Links keep the time at which they were made: dpkg-deb takes back what is later than the epoch. */
function settleTimes(root: string, epoch: number): void {
  const listed = execFileSync('find', [root, '-depth', '-printf', '%y %p\\0'], { encoding: 'utf8' });
  for (const line of listed.split('\0').filter(Boolean)) {
    const [kind, path] = [line[0], line.slice(2)];
    if (kind === 'd') chmodSync(path, 0o755);
    if (kind !== 'l') utimesSync(path, epoch, epoch);
  }
}

function controlFile({ name, version, fields, summary, description, files }: DebPackage): string {
  const bytes = files.reduce((sum, file) => sum + (file.kind === 'file' ? Buffer.byteLength(file.content) : 1024), 0);
  const lines = Object.entries({ ...fields, 'Installed-Size': String(Math.ceil(bytes / 1024)) });
  const paragraphs = description.split('\n').map((line) => ` ${line === '' ? '.' : line}\n`);
  return [
    `Package: ${name}\nVersion: ${version}\n`,
    ...lines.map(([field, value]) => `${field}: ${value}\n`),
    `Description: ${summary}\n`,
    ...paragraphs,
  ].join('');
}

function checksums(files: readonly DebFile[]): string {
  return files
    .flatMap((file) => (file.kind === 'file' ? [{ path: file.path, content: file.content }] : []))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, content }) => `${createHash('md5').update(content).digest('hex')}  ${path}\n`)
    .join('');
}
