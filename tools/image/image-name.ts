import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../launcher/package-root.js';
import type { AgentParts } from './agent-parts.js';
import { filesBelow } from './files-below.js';
import { canonical, type LoadedRecipe, sha256 } from './load-recipe.js';

/** To be raised when the same inputs make another image. */
const revision = 3;

/** What an image is made from, apart from the versions that the packages have on the day. */
export function inputsDigest(loaded: LoadedRecipe, agent: AgentParts | undefined): string {
  const parts = agent && { digest: agent.digest, node: agent.node.version };
  return sha256(canonical({ revision, own: ownFilesDigest(), recipe: loaded.digest, agent: parts ?? null }));
}

/** `<recipe>-<12 hex digits>`: what went into it, down to the version of every package. */
export function imageName(recipe: string, inputs: string, packages: readonly string[]): string {
  return `${recipe}-${sha256(canonical({ inputs, packages })).slice(0, 12)}`;
}

/** What every image has from this package besides the agent. */
function ownFilesDigest(): string {
  const directory = join(packageRoot(), 'tools', 'image');
  const units = filesBelow(join(directory, 'units')).map((name) => `units/${name}`);
  return sha256(['initrd-init.sh', ...units].map((name) => readFileSync(join(directory, name), 'utf8')).join('\0'));
}
