import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { agentProgram, builtAgent } from '../../launcher/agent-program.js';
import { packageRoot } from '../../launcher/package-root.js';
import { bakeFailure } from './bake-failure.js';
import { filesBelow } from './files-below.js';

/** The agent as it is put into an image. */
export interface AgentParts {
  readonly files: readonly AgentFile[];
  /** Units that say by themselves when they are wanted. */
  readonly enabled: readonly string[];
  /** SHA-256 of all of it, in hex. */
  readonly digest: string;
  readonly version: string;
  /** The Node that runs it: the one that runs this. */
  readonly node: { readonly program: string; readonly version: string };
}

export interface AgentFile {
  /** As the guest sees it. */
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
}

/** Where an image has it. */
export const agentDirectory = '/usr/lib/cpe-agent';

/** What a quick boot begins with (agent/native/boot.c). */
export const bootProgram = `${agentDirectory}/cpe-boot`;

/** The built agent of this package with its units. @throws BakeFailure when it was not built */
export function agentParts(): AgentParts {
  const bundle = agentProgram();
  if (!bundle.endsWith('.mjs')) throw bakeFailure('the agent that goes into images was not built', 'run: make build');
  const licences = join(dirname(bundle), 'cpe-agent.LICENSES.txt');
  const units = unitFiles(join(packageRoot(), 'agent'));
  const files: AgentFile[] = [
    ...builtAgent().map(({ name, path, mode }) => ({
      path: `${agentDirectory}/${name}`,
      content: readFileSync(path),
      mode,
    })),
    { path: bootProgram, content: readFileSync(nativeProgram('cpe-boot')), mode: 0o755 },
    ...(existsSync(licences)
      ? [{ path: `${agentDirectory}/cpe-agent.LICENSES.txt`, content: readFileSync(licences), mode: 0o644 }]
      : []),
    ...units.map(({ name, content }) => ({ path: `/usr/lib/systemd/system/${name}`, content, mode: 0o644 })),
  ];
  const digest = createHash('sha256');
  for (const { path, content, mode } of files) digest.update(`${path} ${mode} ${content.length}\n`).update(content);
  return {
    files,
    enabled: units.filter(({ content }) => /^\[Install\]/m.test(content.toString('utf8'))).map(({ name }) => name),
    digest: digest.digest('hex'),
    version: packageVersion(),
    node: { program: process.execPath, version: process.versions.node },
  };
}

function nativeProgram(name: string): string {
  const path = join(packageRoot(), '.native', name);
  if (!existsSync(path)) throw bakeFailure(`${path} was not built`, 'run: make build');
  return path;
}

/** Units and what is added to them. */
function unitFiles(directory: string): readonly { readonly name: string; readonly content: Buffer }[] {
  return filesBelow(directory)
    .filter((name) => /^[^/]+\.(?:service|socket|target|path|timer)(?:\.d\/[^/]+\.conf)?$/.test(name))
    .map((name) => ({ name, content: readFileSync(join(directory, name)) }));
}

function packageVersion(): string {
  const about = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { readonly version: string };
  return about.version;
}
