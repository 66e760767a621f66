import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../launcher/package-root.js';
import { documentation, maintainer, type PackageOptions } from './agent-package.js';
import type { DebPackage } from './make-deb.js';

/**
 * A Node for the agent alone, for releases of Debian that have an older one: the program that runs this. Its version is
 * that of Node, so it need not be replaced with every agent. Throws when its licence is nowhere to be found.
 */
export function nodePackage({ architecture, epoch }: Omit<PackageOptions, 'version'>): DebPackage {
  const program = realpathSync(process.execPath);
  const version = process.versions.node;
  const sources = join(packageRoot(), 'tools', 'deb', 'cpe-agent-node');
  return {
    name: 'cpe-agent-node',
    version,
    fields: {
      Architecture: architecture,
      Maintainer: maintainer(),
      // What Node's own builds for Linux want (BUILDING.md of Node.js 20).
      Depends: 'libc6 (>= 2.28), libgcc-s1 (>= 4.2), libstdc++6 (>= 8)',
      Enhances: 'cpe-agent',
      Section: 'admin',
      Priority: 'optional',
    },
    summary: 'Node.js for the agent of Pacemaker Cloud',
    description: [
      'The agent of Pacemaker Cloud needs a newer Node.js than some releases of',
      'Debian have. This package has one for it, out of the way of any other.',
    ].join('\n'),
    scripts: {
      postinst: readFileSync(join(sources, 'postinst'), 'utf8'),
      postrm: readFileSync(join(sources, 'postrm'), 'utf8'),
    },
    files: [
      { kind: 'file', path: 'usr/lib/cpe-agent/node', content: readFileSync(program), mode: 0o755 },
      { kind: 'file', path: 'lib/systemd/system/cpe-agent.service.d/node.conf', content: override(), mode: 0o644 },
      ...documentation('cpe-agent-node', { version, epoch, copyright: readLicence(program) }),
    ],
  };
}

/** The unit's own command line with this Node in place of the machine's. */
function override(): string {
  const unit = readFileSync(join(packageRoot(), 'agent', 'cpe-agent.service'), 'utf8');
  const command = /^ExecStart=\/usr\/bin\/node (.*)$/m.exec(unit)?.[1];
  if (command === undefined) throw new Error('agent/cpe-agent.service is not run by /usr/bin/node');
  return `[Service]\nExecStart=\nExecStart=/usr/lib/cpe-agent/node ${command}\n`;
}

/** Debian's packages, those of NodeSource, and the archives of nodejs.org each have it elsewhere. */
function readLicence(program: string): string {
  const prefix = dirname(dirname(program));
  const places = ['share/doc/nodejs/copyright', 'share/doc/nodejs/LICENSE', 'LICENSE'].map((path) =>
    join(prefix, path),
  );
  const found = places.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`the licence of Node.js is in none of ${places.join(', ')}`);
  return readFileSync(found, 'utf8');
}
