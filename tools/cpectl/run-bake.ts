import { findImage, type RecordedImage } from '../../launcher/images/image-store.js';
import type { BakeOutcome } from '../image/bake-image.js';
import type { LoadedRecipe } from '../image/load-recipe.js';
import type { TemplateSize, WarmOutcome } from '../image/warm-image.js';
import { asRootOfNamespace } from './as-root-of-namespace.js';
import { type CommandOutcome, done, exitCodes, failure } from './exit-code.js';
import type { GlobalOptions } from './global-options.js';
import { bakeDisplay, noBakeDisplay } from './image-progress.js';
import { printJson } from './run-command.js';
import { lookUp } from './show-image.js';
import type { Terminal } from './terminal.js';
import { imageJson } from './views/image-view.js';
import { renderElapsed } from './views/times.js';

export interface BakeOrder {
  readonly loaded: LoadedRecipe;
  /** Absolute path of the directory with the images. */
  readonly images: string;
  readonly force: boolean;
  readonly update: boolean;
  readonly clonedFrom: string | undefined;
  /** Keep the booted guest too, as a template of this size. */
  readonly template?: TemplateSize;
}

/** Bakes, shows how far it is, and says what came of it. Ctrl-C ends it, and leaves nothing behind. */
export function runBake(terminal: Terminal, options: GlobalOptions, order: BakeOrder): Promise<CommandOutcome> {
  const { home } = options;
  return asRootOfNamespace(terminal, { home, images: order.images }, () => bake(terminal, options, order));
}

async function bake(terminal: Terminal, options: GlobalOptions, order: BakeOrder): Promise<CommandOutcome> {
  const [{ bakeImage }, { baseCache }] = await Promise.all([
    import('../image/bake-image.js'),
    import('../image/cache-directory.js'),
  ]);
  const startedAt = performance.now();
  const controller = new AbortController();
  const stopListening = terminal.onInterrupt(() => controller.abort());
  const { timeoutMs } = options;
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => controller.abort('timeout'), timeoutMs);
  const progress = options.json ? noBakeDisplay : bakeDisplay(terminal.err);
  const { signal } = controller;
  let outcome: BakeOutcome;
  let warmed: WarmOutcome | undefined;
  try {
    outcome = await bakeImage({ ...order, cache: baseCache(), progress, signal });
    if (order.template !== undefined && 'image' in outcome) {
      const { warmImage } = await import('../image/warm-image.js');
      const { name } = outcome.image;
      warmed = await warmImage({ ...order, name, size: order.template, progress, signal });
    }
  } finally {
    clearTimeout(timer);
    stopListening();
  }
  progress.end(warmed === undefined ? outcome.kind === 'baked' : warmed.kind === 'made');
  const isTimeout = signal.reason === 'timeout';
  switch (outcome.kind) {
    case 'failed':
      return failure(exitCodes.failed, outcome.reason, outcome.next);
    case 'interrupted':
      return endedEarly(isTimeout, 'nothing of the image is left', '; what was fetched is kept');
    case 'baked':
    case 'already-there': {
      const seconds = Math.round(performance.now() - startedAt) / 1000;
      const { image, record } = outcome;
      const template = warmed === undefined ? {} : { template: warmed.kind };
      if (options.json) {
        const shown = imageJson(await lookUp(order.images, await lookAgain(order.images, outcome)));
        printJson(terminal, { ...shown, outcome: outcome.kind, ...template, seconds });
      } else if (outcome.kind === 'baked') {
        terminal.out.write(`image ${image.name} is made (${renderElapsed(seconds * 1000)}), alias ${record.recipe}\n`);
      } else {
        terminal.out.write(`image ${image.name} is already there, made ${record.madeAt.slice(0, 10)} of the same; `);
        terminal.out.write('--update asks for newer packages, --force makes it again\n');
      }
      return warmed === undefined ? done : afterTemplate(terminal, options, { warmed, isTimeout });
    }
  }
}

function afterTemplate(
  terminal: Terminal,
  { json }: GlobalOptions,
  { warmed, isTimeout }: { readonly warmed: WarmOutcome; readonly isTimeout: boolean },
): CommandOutcome {
  switch (warmed.kind) {
    case 'failed':
      return failure(exitCodes.failed, `no template was made: ${warmed.reason}`, warmed.next);
    case 'interrupted':
      return endedEarly(isTimeout, 'the image is there, and no new template of it');
    case 'made':
    case 'already-there':
      if (!json) terminal.out.write(`its template is ${warmed.kind === 'made' ? 'made' : 'already there'}\n`);
      return done;
  }
}

function endedEarly(isTimeout: boolean, left: string, kept = ''): CommandOutcome {
  return isTimeout
    ? failure(exitCodes.timedOut, 'timed out', `${left}${kept}`)
    : failure(exitCodes.interrupted, 'interrupted', left);
}

/** A template has changed what it has. */
async function lookAgain(images: string, made: RecordedImage): Promise<RecordedImage> {
  const found = await findImage(images, made.image.name);
  return found.kind === 'image' ? found : made;
}
