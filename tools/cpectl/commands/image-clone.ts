import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { imageNameForm, imageNamePattern } from '../../../launcher/images/image-record.js';
import type { RecipeFile } from '../../image/recipe.js';
import { forms } from '../../image/recipe-limits.js';
import { type CommandOutcome, exitCodes, failure } from '../exit-code.js';
import type { GlobalOptions } from '../global-options.js';
import { addImagesOption, type ImageOptions, imagesOf } from '../image-options.js';
import { printProblems } from '../print-problems.js';
import { readRecipe } from '../read-recipe.js';
import { runBake } from '../run-bake.js';
import { runCommand } from '../run-command.js';
import { requireImage } from '../show-image.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';

interface CloneOptions extends ImageOptions {
  readonly package?: readonly string[];
  readonly file?: readonly RecipeFile[];
  readonly command?: readonly string[];
  readonly hostname?: string;
  readonly disk?: string;
}

export function registerImageClone(group: Command, terminal: Terminal): void {
  addImagesOption(group.command('clone'))
    .description('make an image like another one, with something added')
    .argument('<name>', 'name or alias of the image')
    .argument('<new>', 'what the new recipe, and the alias of the new image, is called', parseRecipeName)
    .option('--package <name>', 'a package of Debian; may be repeated', append<string>)
    .option('--file <path=source>', 'a file: where it goes, and where it is here; may be repeated', addFile)
    .option('--command <line>', 'run inside at the end, by /bin/sh; may be repeated', append<string>)
    .option('--hostname <name>', 'another host name')
    .option('--disk <size>', 'another size of the disk: 4GiB')
    .addHelpText(
      'after',
      `${examplesText([
        'cpectl image clone debian-12 web --package nginx-light --file /etc/nginx/nginx.conf=nginx.conf',
        "cpectl image clone web web-2 --command 'adduser --system --group app'",
      ])}

The new image is baked from the recipe that is kept in the original, with what is added. Files that are there already
are replaced; programs of yours keep their permissions.`,
    )
    .action((name: string, fresh: string, given: CloneOptions, command: Command) =>
      runCommand(terminal, command, (options) => clone(terminal, options, { name, fresh, given })),
    );
}

interface Cloning {
  readonly name: string;
  readonly fresh: string;
  readonly given: CloneOptions;
}

async function clone(
  terminal: Terminal,
  options: GlobalOptions,
  { name, fresh, given }: Cloning,
): Promise<CommandOutcome> {
  const images = imagesOf(given, options);
  const found = await requireImage(images, name);
  if (found.kind === 'failure') return found;
  const kept = `${found.image.directory}/recipe/recipe.yaml`;
  const read = await readRecipe(kept);
  if (read.kind === 'failure') return read;
  if (read.kind === 'problems') {
    printProblems(terminal.err, read.label, read.problems);
    return failure(exitCodes.failed, `${kept} is no recipe that can be baked`, 'bake a recipe of your own instead');
  }
  if (fresh === found.record.recipe) {
    return failure(exitCodes.failed, `${fresh} is the name of the original`, 'choose another name, or bake its recipe');
  }
  const changed = await readChanges({ fresh, given });
  if (changed.kind === 'failure') return changed;
  const [{ changeRecipe }, { loadRecipe }] = await Promise.all([
    import('../../image/change-recipe.js'),
    import('../../image/load-recipe.js'),
  ]);
  const loaded = await loadRecipe(changeRecipe(read.loaded.recipe, changed.changes), kept);
  if (loaded.kind === 'problem') return failure(exitCodes.failed, loaded.problem);
  const order = { loaded: loaded.loaded, images, force: false, update: false, clonedFrom: found.image.name };
  return runBake(terminal, options, order);
}

/** The options are held to what a recipe may say, by reading them as one. */
async function readChanges({ fresh, given }: Pick<Cloning, 'fresh' | 'given'>) {
  const [{ parseRecipe }, { debianArchitecture }] = await Promise.all([
    import('../../image/parse-recipe.js'),
    import('../read-recipe.js'),
  ]);
  const document = {
    name: fresh,
    packages: given.package ?? [],
    commands: given.command ?? [],
    ...(given.hostname === undefined ? {} : { hostname: given.hostname }),
    ...(given.disk === undefined ? {} : { disk: given.disk }),
  };
  const parsed = parseRecipe(JSON.stringify(document), debianArchitecture());
  if (parsed.kind === 'problems') {
    const words = parsed.problems.map(({ path, message, allowed }) => `${path}: ${message} (allowed: ${allowed})`);
    return failure(exitCodes.usage, words.join('; '));
  }
  const { recipe } = parsed;
  const changes = {
    name: fresh,
    packages: recipe.packages,
    files: given.file ?? [],
    commands: recipe.commands,
    hostname: recipe.hostname,
    diskMiB: given.disk === undefined ? undefined : recipe.diskMiB,
  };
  return { kind: 'changes' as const, changes };
}

function append<Item>(item: Item, before: readonly Item[] = []): readonly Item[] {
  return [...before, item];
}

function addFile(text: string, before: readonly RecipeFile[] = []): readonly RecipeFile[] {
  const at = text.indexOf('=');
  const [path, source] = [text.slice(0, at), text.slice(at + 1)];
  if (source === '' || !forms.path.pattern.test(path)) {
    throw new InvalidArgumentError(`Allowed: PATH=FILE; the path: ${forms.path.words}.`);
  }
  const content = { kind: 'source' as const, source: resolve(source) };
  return [...before, { path, content, mode: modeOf(source), owner: 'root' }];
}

/** A program stays one. */
function modeOf(source: string): number {
  const found = statSync(source, { throwIfNoEntry: false });
  if (found?.isFile() !== true) throw new InvalidArgumentError(`${source} is no file.`);
  return (found.mode & 0o111) === 0 ? 0o644 : 0o755;
}

function parseRecipeName(text: string): string {
  if (imageNamePattern.test(text)) return text;
  throw new InvalidArgumentError(`Allowed: ${imageNameForm}.`);
}
