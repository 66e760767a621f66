import { join, resolve } from 'node:path';

/** What the choice of the images directory depends on. */
export interface ImagesDirectoryChoice {
  /** `--images`. */
  readonly option: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the coordinator's state directory. */
  readonly home: string;
}

/** Absolute path of the directory with the images: `--images`, then CPE_IMAGES, then `images` in the home. */
export function imagesDirectory({ option, environment, home }: ImagesDirectoryChoice): string {
  const chosen = option || environment.CPE_IMAGES;
  return chosen ? resolve(chosen) : join(home, 'images');
}
