import { stringify } from 'yaml';
import { renderSize } from '../../coordinator/model/quantities.js';
import type { LoadedRecipe } from './load-recipe.js';
import { sha256 } from './load-recipe.js';

/** A recipe as it is kept in its image: complete, with the files that it names beside it. */
export interface RenderedRecipe {
  readonly yaml: string;
  /** Content by path relative to the YAML file. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/** The recipe that makes the same image again, wherever it is read: every default is written out. */
export function renderRecipe({ recipe, files }: LoadedRecipe): RenderedRecipe {
  const beside = new Map<string, Buffer>();
  const rendered = files.map(({ path, content, mode, owner }, index) => {
    const given = recipe.files[index]?.content;
    const permissions = { mode: mode.toString(8).padStart(4, '0'), owner };
    if (given?.kind === 'text') return { path, content: given.text, ...permissions };
    const source = `files/${sha256(content).slice(0, 16)}`;
    beside.set(source, content);
    return { path, source, ...permissions };
  });
  const { kernel, services, users } = recipe;
  const document = {
    name: recipe.name,
    suite: recipe.suite,
    architecture: recipe.architecture,
    packages: recipe.packages,
    sources: recipe.sources,
    files: rendered,
    users,
    commands: recipe.commands,
    services,
    kernel: { package: kernel.package, modules: kernel.modules },
    'kernel-arguments': recipe.kernelArguments,
    disk: renderSize(recipe.diskMiB),
    ...(recipe.hostname === undefined ? {} : { hostname: recipe.hostname }),
    agent: recipe.agent,
    'quick-boot': recipe.quickBoot,
  };
  return { yaml: stringify(document, { lineWidth: 120 }), files: beside };
}
