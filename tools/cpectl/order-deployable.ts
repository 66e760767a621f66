import { awaitOrder, changeJson, type Order } from './change-deployable.js';
import type { Answered, Coordinator } from './coordinator.js';
import { withCoordinator } from './coordinator.js';
import { type CommandOutcome, done } from './exit-code.js';
import { explainError } from './explain-error.js';
import type { GlobalOptions } from './global-options.js';
import { printJson } from './run-command.js';
import type { Terminal } from './terminal.js';

export interface OrderRequest {
  readonly wait: boolean;
  readonly desired: 'running' | 'stopped';
  readonly words: Order['words'];
  readonly order: (coordinator: Coordinator) => Promise<Answered<'startDeployable'>>;
}

/** Gives an order for the desired state, and waits for what it leads to unless told not to. */
export function orderDeployable(
  terminal: Terminal,
  options: GlobalOptions,
  { wait, desired, words, order }: OrderRequest,
): Promise<CommandOutcome> {
  return withCoordinator(options, async (coordinator) => {
    const ordered = await order(coordinator);
    if (ordered.kind === 'error') return explainError(ordered.error);
    const changed = ordered.value;
    if (wait) return awaitOrder(coordinator, { changed, desired, words }, { terminal, options });
    if (options.json) printJson(terminal, changeJson(changed));
    else terminal.out.write(`${words.underWay}; watch it with: cpectl events -f --deployable ${changed.name}\n`);
    return done;
  });
}
