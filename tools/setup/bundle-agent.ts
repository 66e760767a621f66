/**
 * Makes the agent that is shipped, agent/cpe-agent.mjs of the directory that this was compiled to (dist): all of it in
 * one file that needs Node 20.15 and nothing else. What the sources import lazily is evaluated lazily in there too.
 * Names stay as they are and lines stay short, so that a stack trace from the field says where it was. Beside it: the
 * map back to the sources, and the licences of the packages that are in it.
 *
 * Of the protocol it has what an agent is told and says; more of it would be a tenth of what the agent weighs.
 */
import { execFileSync } from 'node:child_process';
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
import { join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { agentNodeFlags } from '../../launcher/agent-program.js';
import { packageRoot } from '../../launcher/package-root.js';

const root = packageRoot();
const directory = join(import.meta.dirname, '..', '..', 'agent');
const name = 'cpe-agent.mjs';

/** Packages in CommonJS ask for Node's own modules by `require`, which a module has to be given. */
const banner = `#!/usr/bin/env -S node ${agentNodeFlags.join(' ')}
import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);`;

/** The .proto files whose messages an agent knows. Another body than these is to it one of a newer version. */
const agentProtocol = ['envelope.proto', 'common.proto', 'agent.proto', 'matahari.proto'];

const leanProtocol: Plugin = {
  name: 'lean protocol',
  setup({ onLoad }) {
    onLoad({ filter: /\/proto\/generated\/cpe\.js$/ }, () => ({ contents: generateLean(), loader: 'js' }));
  },
};

const fresh = mkdtempSync(join(directory, '.bundle-'));
try {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['agent/main.ts'],
    outfile: join(fresh, name),
    bundle: true,
    platform: 'node',
    target: 'node20.15',
    format: 'esm',
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    legalComments: 'none',
    sourcemap: 'external',
    sourcesContent: false,
    banner: { js: banner },
    metafile: true,
    plugins: [leanProtocol],
    logLevel: 'warning',
  });
  writeFileSync(join(fresh, 'cpe-agent.LICENSES.txt'), licences(bundledPackages(metafile)));
  chmodSync(join(fresh, name), 0o755);
  // The bundle last, and by renaming: an agent that is being started reads all of the old one or all of the new one.
  const files = readdirSync(fresh).sort((a, b) => Number(a === name) - Number(b === name));
  for (const file of files) renameSync(join(fresh, file), join(directory, file));
} finally {
  rmSync(fresh, { recursive: true, force: true });
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
