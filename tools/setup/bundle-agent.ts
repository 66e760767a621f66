/**
 * Makes the agent that is shipped, agent/cpe-agent.mjs of the directory that this was compiled to (dist): all of it in
 * one file that needs Node 20.15 and nothing else. What the sources import lazily is evaluated lazily in there too. Names stay as they are and lines stay short, so
 * that a stack trace from the field says where it was. Beside it: the map back to the sources, and the licences of the
 * packages that are in it.
 */
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { agentNodeFlags } from '../../launcher/agent-program.js';
import { packageRoot } from '../../launcher/package-root.js';

const root = packageRoot();
const directory = join(import.meta.dirname, '..', '..', 'agent');
const name = 'cpe-agent.mjs';

/** Packages in CommonJS ask for Node's own modules by `require`, which a module has to be given. */
const banner = `#!/usr/bin/env -S node ${agentNodeFlags.join(' ')}
import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);`;

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
