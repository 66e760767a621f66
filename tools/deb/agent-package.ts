import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { agentNodeFlags, agentProgram, builtAgent } from '../../launcher/agent-program.js';
import { packageRoot } from '../../launcher/package-root.js';
import type { DebFile, DebPackage } from './make-deb.js';

export interface PackageOptions {
  readonly version: string;
  /** Debian's name of it: amd64. */
  readonly architecture: string;
  /** Time of the build, seconds since 1970. */
  readonly epoch: number;
}

/** Who answers for the packages; DEBFULLNAME and DEBEMAIL say otherwise (dpkg-buildpackage's own variables). */
export function maintainer(): string {
  const { DEBFULLNAME: name = 'Pacemaker Cloud maintainers', DEBEMAIL: mail = 'maintainers@pacemaker-cloud.invalid' } =
    process.env;
  return `${name} <${mail}>`;
}

/** The oldest Node that runs the agent: that of `engines` in package.json. */
const nodeVersion = '20.15';

/**
 * The agent for machines that are not baked with it: an existing server, or a cloud image. Throws when it was not built.
 */
export function agentPackage({ version, architecture, epoch }: PackageOptions): DebPackage {
  const bundle = agentProgram();
  const built = builtAgent();
  const sources = join(packageRoot(), 'tools', 'deb', 'cpe-agent');
  const source = (name: string): string => readFileSync(join(sources, name), 'utf8');
  const unit = readFileSync(join(packageRoot(), 'agent', 'cpe-agent.service'), 'utf8');
  const basics = readFileSync(join(packageRoot(), 'agent', 'cpe-agent.service.d', 'after-basics.conf'), 'utf8');
  const licences = readFileSync(join(dirname(bundle), 'cpe-agent.LICENSES.txt'), 'utf8');
  const command = source('cpe-agent').replace('@FLAGS@', agentNodeFlags.join(' '));
  return {
    name: 'cpe-agent',
    version,
    fields: {
      Architecture: architecture,
      Maintainer: maintainer(),
      // The agent brings a program for its own use with it, which is linked statically.
      Depends: `nodejs (>= ${nodeVersion}) | cpe-agent-node, init-system-helpers (>= 1.54), systemd, iproute2, kmod`,
      Recommends: 'resource-agents',
      Section: 'admin',
      Priority: 'optional',
    },
    summary: 'agent of Pacemaker Cloud for virtual machines',
    description: [
      'Runs in every virtual machine that Pacemaker Cloud looks after: starts,',
      'monitors and stops the resources of the machine as its decider orders, and',
      'repairs by itself what was delegated to it. Resources outlive the agent, and',
      'updates of it.',
      '',
      'It needs a newer Node.js than some releases of Debian have; the package',
      'cpe-agent-node brings one for the agent alone.',
    ].join('\n'),
    scripts: { postinst: source('postinst'), prerm: source('prerm'), postrm: source('postrm') },
    files: [
      { kind: 'directory', path: 'etc/cpe-agent' },
      ...built.map(
        ({ name, path, mode }): DebFile => ({
          kind: 'file',
          path: `usr/lib/cpe-agent/${name}`,
          content: readFileSync(path),
          mode,
        }),
      ),
      { kind: 'file', path: 'lib/systemd/system/cpe-agent.service', content: unit, mode: 0o644 },
      {
        kind: 'file',
        path: 'lib/systemd/system/cpe-agent.service.d/after-basics.conf',
        content: basics,
        mode: 0o644,
      },
      { kind: 'file', path: 'usr/sbin/cpe-agent', content: command, mode: 0o755 },
      {
        kind: 'file',
        path: 'usr/share/man/man8/cpe-agent.8.gz',
        content: compressed(source('cpe-agent.8')),
        mode: 0o644,
      },
      ...documentation('cpe-agent', { version, epoch, copyright: `${ownCopyright}\n${licences}` }),
    ],
  };
}

export interface Documentation {
  readonly version: string;
  readonly epoch: number;
  readonly copyright: string;
}

/** What every package of Debian has below /usr/share/doc. */
export function documentation(name: string, { version, epoch, copyright }: Documentation): readonly DebFile[] {
  const date = new Date(epoch * 1000).toUTCString().replace('GMT', '+0000');
  const changes = `${name} (${version}) unstable; urgency=medium\n\n  * Version ${version}.\n\n -- ${maintainer()}  ${date}\n`;
  const directory = `usr/share/doc/${name}`;
  return [
    { kind: 'file', path: `${directory}/changelog.gz`, content: compressed(changes), mode: 0o644 },
    { kind: 'file', path: `${directory}/copyright`, content: copyright, mode: 0o644 },
  ];
}

/** Without name and time of the file, as `gzip -9n`. */
function compressed(text: string): Uint8Array {
  return gzipSync(text, { level: 9 });
}

const ownCopyright = `cpe-agent is part of the Pacemaker Cloud Policy Engine.

It is free software; you can redistribute it and/or modify it under the terms
of the GNU General Public License as published by the Free Software
Foundation; either version 2 of the License, or (at your option) any later
version.

On Debian systems, the text of version 2 of the GNU General Public License is
in /usr/share/common-licenses/GPL-2.
`;
