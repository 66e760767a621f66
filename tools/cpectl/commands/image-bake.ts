import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseSize, sizeForm } from '../../../coordinator/model/quantities.js';
import { done, exitCodes, failure } from '../exit-code.js';
import { addImagesOption, type ImageOptions, imagesOf } from '../image-options.js';
import { printProblems } from '../print-problems.js';
import { readRecipe } from '../read-recipe.js';
import { runBake } from '../run-bake.js';
import { runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';

interface BakeCommandOptions extends ImageOptions {
  readonly force?: boolean;
  readonly update?: boolean;
  readonly check?: boolean;
  readonly warm?: boolean;
  readonly cpus?: number;
  readonly memory?: number;
  readonly accelerator?: 'kvm' | 'tcg';
}

export function registerImageBake(group: Command, terminal: Terminal): void {
  addImagesOption(group.command('bake'))
    .description('make an image of a recipe: a bootable Debian with the agent inside')
    .argument('<recipe>', 'a file, or the name of a recipe that is shipped: debian-12')
    .option('--update', 'ask the mirror for newer packages')
    .option('--force', 'make it again although it is there')
    .option('--check', 'only check the recipe, and print every problem of it')
    .option('--warm', 'keep the booted guest too: instances of its size start from there, without booting (QEMU)')
    .option('--cpus <count>', 'processors of that guest (default: those of an assembly without a size)', parseCpus)
    .option('--memory <size>', 'its memory: 512MiB', parseMemory)
    .addOption(new Option('--accelerator <name>', 'what runs it (default: what works here)').choices(['kvm', 'tcg']))
    .addHelpText(
      'after',
      `${examplesText([
        'cpectl image bake debian-12',
        'cpectl image bake ./web.yaml --images /srv/images',
        'cpectl image bake web.yaml --check',
        'cpectl image bake web.yaml --warm --cpus 2 --memory 1GiB',
      ])}

An image is named by its recipe and twelve digits of all that went into it; the recipe's name alone means the newest.
An unchanged recipe is not baked again. docs/images.md tells everything that a recipe can say.`,
    )
    .action((recipe: string, given: BakeCommandOptions, command: Command) =>
      runCommand(terminal, command, async (options) => {
        const read = await readRecipe(recipe);
        if (read.kind === 'failure') return read;
        if (read.kind === 'problems') {
          printProblems(terminal.err, read.label, read.problems);
          return failure(exitCodes.failed, `${read.label} is no recipe that can be baked`, 'nothing was done');
        }
        if (given.warm !== true && (given.cpus ?? given.memory ?? given.accelerator) !== undefined) {
          return failure(
            exitCodes.usage,
            '--cpus, --memory and --accelerator are those of a template',
            'say --warm too',
          );
        }
        printProblems(terminal.err, read.label, read.warnings);
        if (given.check === true) {
          if (!options.json) terminal.out.write(`${read.label}: recipe ${read.loaded.recipe.name} is valid\n`);
          return done;
        }
        return runBake(terminal, options, {
          loaded: read.loaded,
          images: imagesOf(given, options),
          force: given.force === true,
          update: given.update === true,
          clonedFrom: undefined,
          ...(given.warm === true
            ? { template: { cpus: given.cpus, memoryMiB: given.memory, accelerator: given.accelerator } }
            : {}),
        });
      }),
    );
}

/** How much of it there may be is the driver's to say. */
function parseCpus(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('a number of processors, from 1 on');
  return Number(text);
}

function parseMemory(text: string): number {
  const memoryMiB = parseSize(text);
  if (memoryMiB === undefined) throw new InvalidArgumentError(`${sizeForm}.`);
  return memoryMiB;
}
