import type { Command } from 'commander';
import { asRootOfNamespace } from '../as-root-of-namespace.js';
import { type CommandOutcome, done, exitCodes, failure } from '../exit-code.js';
import { addImagesOption, type ImageOptions, imagesOf } from '../image-options.js';
import { printJson, runCommand } from '../run-command.js';
import { requireImage } from '../show-image.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { printable } from '../views/printable.js';

export function registerImageDelete(group: Command, terminal: Terminal): void {
  addImagesOption(group.command('delete'))
    .description('remove an image; refused while an instance uses it')
    .argument('<name>', 'name or alias of the image')
    .addHelpText(
      'after',
      `${examplesText(['cpectl image delete web-3f2a91c04d7e'])}

The disks of instances rest on that of their image: it stays as long as one of them is there, also a stopped one.`,
    )
    .action((name: string, given: ImageOptions, command: Command) =>
      runCommand(terminal, command, async (options) => {
        const images = imagesOf(given, options);
        const found = await requireImage(images, name);
        if (found.kind === 'failure') return found;
        return asRootOfNamespace(terminal, { home: options.home, images }, () =>
          remove(terminal, { images, name: found.image.name, json: options.json }),
        );
      }),
    );
}

interface Removal {
  /** Absolute path of the directory with the images. */
  readonly images: string;
  readonly name: string;
  readonly json: boolean;
}

async function remove(terminal: Terminal, { images, name, json }: Removal): Promise<CommandOutcome> {
  const { openImages } = await import('../../image/images-claim.js');
  const claim = await openImages(images, { onWait: () => terminal.err.write(`waiting for a bake in ${images}\n`) });
  try {
    const removed = await claim.remove(name);
    if (removed.kind === 'used') {
      const why = `image ${name} is used by ${printable(removed.users.join(', '))}`;
      return failure(exitCodes.failed, why, 'stop the deployables that they belong to, or destroy them');
    }
    for (const user of removed.stale) terminal.err.write(`${printable(user)} is gone and did not count\n`);
    if (json) printJson(terminal, { name, outcome: 'removed', stale: removed.stale });
    else terminal.out.write(`image ${name} is removed\n`);
    return done;
  } finally {
    await claim.release();
  }
}
