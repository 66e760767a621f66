/**
 * Makes the agent that is shipped, in the directory agent of what this was compiled to (dist): cpe-agent.mjs, which is
 * started, and cpe-agent.body.cjs, all of the program (agent/start.ts says why they are two). They need Node 20.15 and
 * nothing else. What the sources import lazily is evaluated lazily in there too. Names stay as they are and lines stay
 * short, so that a stack trace from the field says where it was. Beside them: the map back to the sources, the licences
 * of the packages that are in it, and, for the Node that builds, the compiled code.
 *
 * Of the protocol it has what an agent is told and says; more of it would be a tenth of what the agent weighs.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { agentNodeFlags } from '../../launcher/agent-program.js';
import { packageRoot } from '../../launcher/package-root.js';

const root = packageRoot();
const directory = join(import.meta.dirname, '..', '..', 'agent');
const starter = 'cpe-agent.mjs';
const program = 'cpe-agent.body.cjs';

/** In the first line of the program until it is known what is in it. */
const unnamed = '0'.repeat(64);

/** The .proto files whose messages an agent knows. Another body than these is to it one of a newer version. */
const agentProtocol = ['envelope.proto', 'common.proto', 'agent.proto', 'matahari.proto'];

const leanProtocol: Plugin = {
  name: 'lean protocol',
  setup({ onLoad }) {
    onLoad({ filter: /\/proto\/generated\/cpe\.js$/ }, () => ({ contents: generateLean(), loader: 'js' }));
  },
};

/** The program that starts commands, in the bundle itself: the agent is one file. */
const spawnerProgram: Plugin = {
  name: 'spawner program',
  setup({ onLoad }) {
    onLoad({ filter: /\/agent\/executors\/spawner-binary\.ts$/ }, () => {
      const text = readFileSync(join(root, '.native', 'cpe-spawner')).toString('base64');
      return { contents: `export const readSpawnerBinary = () => Buffer.from('${text}', 'base64');`, loader: 'js' };
    });
  },
};

/**
 * Modules of Node that packages load at once and an agent uses late, or never: what `require` gives for them loads them
 * with the first property that is asked for. On an emulated processor they are half a second of every start.
 */
const lateModules: Plugin = {
  name: 'late modules of Node',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^(?:node:)?(?:dns|readline|tls)$/ }, ({ path, namespace }) =>
      namespace === 'late' ? { path, external: true } : { path, namespace: 'late' },
    );
    onLoad({ filter: /./, namespace: 'late' }, ({ path }) => {
      const names = Object.keys(createRequire(import.meta.url)(path) as object);
      const load = `const load = () => require(${JSON.stringify(path)});`;
      const property = 'Object.defineProperty(exports, name, { enumerable: true, get: () => load()[name] })';
      return { contents: `${load} for (const name of ${JSON.stringify(names)}) ${property};`, loader: 'js' };
    });
  },
};

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.15',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
};

const fresh = mkdtempSync(join(directory, '.bundle-'));
try {
  const { metafile } = await build({
    ...common,
    entryPoints: ['agent/main.ts'],
    outfile: join(fresh, program),
    format: 'cjs',
    charset: 'ascii',
    lineLimit: 160,
    // A script has `require` instead.
    supported: { 'dynamic-import': false },
    sourcemap: 'external',
    sourcesContent: false,
    banner: { js: `// ${unnamed}\n(function (require, module, exports) {` },
    footer: { js: '})' },
    metafile: true,
    plugins: [leanProtocol, spawnerProgram, lateModules],
  });
  nameProgram(join(fresh, program));
  await build({
    ...common,
    entryPoints: ['agent/start.ts'],
    outfile: join(fresh, starter),
    format: 'esm',
    banner: { js: `#!/usr/bin/env -S node ${agentNodeFlags.join(' ')}` },
  });
  writeFileSync(join(fresh, 'cpe-agent.LICENSES.txt'), licences(bundledPackages(metafile)));
  chmodSync(join(fresh, starter), 0o755);
  execFileSync(process.execPath, [...agentNodeFlags, join(fresh, starter), '--prepare'], { stdio: 'inherit' });
  // What is started last, and by renaming: an agent that is being started reads all of the old one or all of the new one.
  const files = readdirSync(fresh).sort((a, b) => Number(a === starter) - Number(b === starter));
  for (const file of files) renameSync(join(fresh, file), join(directory, file));
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

/** Puts its digest into its first line, by which compiled code is known to be that of this program. */
function nameProgram(path: string): void {
  const text = readFileSync(path, 'latin1');
  writeFileSync(path, text.replace(unnamed, createHash('sha256').update(text).digest('hex')), 'latin1');
}

/** The code of the protocol, without the bodies that other files than those of the agent define. */
function generateLean(): string {
  const source = join(root, 'proto', 'cpe', 'v1');
  const copy = join(fresh, 'proto');
  const lean = join(copy, 'cpe', 'v1');
  mkdirSync(lean, { recursive: true });
  const known = new Set<string>();
  for (const file of agentProtocol) {
    const text = readFileSync(join(source, file), 'utf8');
    for (const [, message = ''] of text.matchAll(/^message (\w+)/gm)) known.add(message);
    writeFileSync(join(lean, file), text);
  }
  const envelope = readFileSync(join(source, 'envelope.proto'), 'utf8');
  const isForAgents = (line: string): boolean => {
    const imported = /^import "cpe\/v1\/(.+)";$/.exec(line)?.[1];
    const type = /^ {4}([A-Z]\w+) \w+ = \d+;/.exec(line)?.[1];
    return (imported === undefined || agentProtocol.includes(imported)) && (type === undefined || known.has(type));
  };
  writeFileSync(join(lean, 'envelope.proto'), envelope.split('\n').filter(isForAgents).join('\n'));
  const code = join(fresh, 'protocol.js');
  execFileSync(join(root, 'proto', 'generate.sh'), ['--code', copy, code], { stdio: 'inherit' });
  const text = readFileSync(code, 'utf8');
  for (const path of [copy, code]) rmSync(path, { recursive: true });
  return text;
}

/** Directories of the packages below node_modules of which something is in the bundle. */
function bundledPackages({ outputs }: Metafile): readonly string[] {
  const found = new Set<string>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const packageDirectory = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
      if (packageDirectory !== undefined && bytesInOutput > 0) found.add(packageDirectory);
    }
  }
  return [...found].sort();
}

/** Most licences want their text to go along with the code. A package without one is named with what it says of itself. */
function licences(packages: readonly string[]): string {
  const parts = packages.map((path) => {
    const about = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as Record<string, unknown>;
    const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license'].find((each) => existsSync(join(root, path, each)));
    const text = file === undefined ? '' : `\n${readFileSync(join(root, path, file), 'utf8').trim()}\n`;
    return `${about.name} ${about.version} (${String(about.license)})\n${text}`;
  });
  return `cpe-agent contains, besides its own code, parts of these packages.\n\n${parts.join(`\n${'-'.repeat(78)}\n\n`)}`;
}
