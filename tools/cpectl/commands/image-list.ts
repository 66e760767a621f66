import type { Command } from 'commander';
import { listImages } from '../../../launcher/images/image-store.js';
import { done } from '../exit-code.js';
import { addImagesOption, type ImageOptions, imagesOf } from '../image-options.js';
import { printJson, runCommand } from '../run-command.js';
import { lookUp, requireImage } from '../show-image.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { imageJson, renderImage, renderImageList } from '../views/image-view.js';
import { printable } from '../views/printable.js';

export function registerImageList(group: Command, terminal: Terminal): void {
  addImagesOption(group.command('list'))
    .description('all images, and how many instances use each')
    .addHelpText('after', examplesText(['cpectl image list', 'cpectl image list --json --images /srv/images']))
    .action((given: ImageOptions, command: Command) =>
      runCommand(terminal, command, async (options) => {
        const directory = imagesOf(given, options);
        const { images, broken } = await listImages(directory);
        const shown = await Promise.all(images.map((image) => lookUp(directory, image)));
        for (const { problem } of broken) terminal.err.write(`warning: ${printable(problem)}\n`);
        if (options.json) printJson(terminal, shown.map(imageJson));
        else if (shown.length > 0) terminal.out.write(renderImageList(shown, terminal.out.colors));
        else terminal.err.write(`there is no image in ${directory}; make one with: cpectl image bake debian-12\n`);
        return done;
      }),
    );
}

export function registerImageInspect(group: Command, terminal: Terminal): void {
  addImagesOption(group.command('inspect'))
    .description('what an image is made of, where it is, and who uses it')
    .argument('<name>', 'name or alias of the image')
    .option('--packages', 'the version of every package in it')
    .option('--recipe', 'the recipe that makes it again')
    .addHelpText('after', examplesText(['cpectl image inspect debian-12', 'cpectl image inspect debian-12 --packages']))
    .action((name: string, given: InspectOptions, command: Command) =>
      runCommand(terminal, command, async (options) => {
        const directory = imagesOf(given, options);
        const found = await requireImage(directory, name);
        if (found.kind === 'failure') return found;
        const shown = await lookUp(directory, found);
        if (options.json) printJson(terminal, imageJson(shown));
        else if (given.recipe === true) terminal.out.write(await recipeText(found.image.directory));
        else if (given.packages === true) terminal.out.write(`${found.record.packages.join('\n')}\n`);
        else terminal.out.write(renderImage(shown));
        return done;
      }),
    );
}

interface InspectOptions extends ImageOptions {
  readonly packages?: boolean;
  readonly recipe?: boolean;
}

async function recipeText(directory: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(`${directory}/recipe/recipe.yaml`, 'utf8');
}
