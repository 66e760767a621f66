import type { Command } from 'commander';
import { imagesDirectory } from '../../launcher/images/images-directory.js';
import type { GlobalOptions } from './global-options.js';

export interface ImageOptions {
  readonly images?: string;
}

export function addImagesOption(command: Command): Command {
  return command.option(
    '--images <directory>',
    'where images are (environment: CPE_IMAGES; default: images in the home)',
  );
}

/** Absolute path of the directory with the images. */
export function imagesOf(given: ImageOptions, { home }: Pick<GlobalOptions, 'home'>): string {
  return imagesDirectory({ option: given.images, environment: process.env, home });
}
