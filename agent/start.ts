/**
 * What is started as the agent (cpe-agent.mjs): runs the program beside it (cpe-agent.body.cjs), which is a script and
 * no module because V8 takes code that it has compiled before for scripts alone. That is half of the time until an agent
 * is up, and on an emulated processor seconds.
 *
 * `--prepare` keeps the compiled code (cpe-agent.body.cache). It fits one version of the program, of Node and of its
 * flags; whatever else is there is left aside, and the program compiled as ever.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

type Program = (require: NodeJS.Require, module: { exports: unknown }, exports: unknown) => void;

const program = fileURLToPath(new URL('cpe-agent.body.cjs', import.meta.url));
const cache = program.replace(/cjs$/, 'cache');

// Its characters are those of ASCII, which is the quickest to read.
const source = readProgram();
const build = source.slice(0, source.indexOf('\n'));
const cachedData = readCache();
const script = new Script(source, { filename: program, ...(cachedData === undefined ? {} : { cachedData }) });
if (process.argv[2] === '--prepare') process.once('beforeExit', writeCache);
const module = { exports: {} };
(script.runInThisContext() as Program)(createRequire(program), module, module.exports);

function readProgram(): string {
  try {
    return readFileSync(program, 'latin1');
  } catch (error) {
    process.stderr.write(`cpe-agent: half of it cannot be read, install it again: ${(error as Error).message}\n`);
    process.exit(1);
  }
}

/** Undefined when there is none, or none of this program, or not all of it. V8 looks at the rest. */
function readCache(): Buffer | undefined {
  let file: Buffer;
  try {
    file = readFileSync(cache);
  } catch {
    return undefined;
  }
  const end = file.indexOf('\n');
  const data = file.subarray(end + 1);
  return file.toString('latin1', 0, end) === headOf(data) ? data : undefined;
}

function writeCache(): void {
  const data = script.createCachedData();
  const fresh = `${cache}.${process.pid}`;
  try {
    writeFileSync(fresh, Buffer.concat([Buffer.from(`${headOf(data)}\n`, 'latin1'), data]), { mode: 0o644 });
    renameSync(fresh, cache);
  } catch (error) {
    rmSync(fresh, { force: true });
    process.stderr.write(`cpe-agent: cannot keep the compiled program: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

function headOf(data: Buffer): string {
  return `${build} ${crc32(data)}`;
}
