import type { Bus } from '../../proto/bus.js';
import type { InstanceState } from '../../proto/messages.js';
import { launcherList } from '../../proto/subjects.js';
import type { Coordinator } from './coordinator.js';
import { exitCodes, type Failure, failure } from './exit-code.js';
import { explainError } from './explain-error.js';

const answerMs = 3_000;

export interface FoundInstance {
  readonly kind: 'found';
  readonly host: string;
  readonly instance: string;
  readonly state: string;
}

/**
 * The newest instance of an assembly that any launcher host knows, the one that runs before those that have ended: by
 * the launchers' own word, so that one which has just failed is found as well.
 */
export async function findNewestInstance(
  coordinator: Coordinator,
  bus: Bus,
  { deployable, assembly }: { readonly deployable: string; readonly assembly: string },
): Promise<FoundInstance | Failure> {
  const answered = await coordinator.ask('hostList', {});
  if (answered.kind === 'error') return explainError(answered.error);
  const lists = await Promise.all(
    answered.value.hosts.map(async ({ name: host }) => {
      const draft = { body: { kind: 'listInstances', value: {} }, deployable } as const;
      const outcome = await bus.request(launcherList(host), draft, { deadlineMs: answerMs });
      const body = outcome.kind === 'reply' ? outcome.envelope.body : undefined;
      return { host, instances: body?.kind === 'launcherInventory' ? body.value.instances : undefined };
    }),
  );
  const all = lists.flatMap(({ host, instances = [] }) =>
    instances
      .filter((each) => each.deployable === deployable && each.assembly === assembly)
      .map((each) => ({ host, each })),
  );
  const [newest] = all.toSorted((a, b) => rankOf(b.each) - rankOf(a.each));
  if (newest !== undefined) {
    return { kind: 'found', host: newest.host, instance: newest.each.instance, state: newest.each.state };
  }
  const silent = lists.filter(({ instances }) => instances === undefined).map(({ host }) => host);
  const where = silent.length === 0 ? '' : ` (launcher hosts that do not answer: ${silent.join(', ')})`;
  const message = `no launcher host knows an instance of ${deployable}/${assembly}${where}`;
  return failure(exitCodes.failed, message, `see why: cpectl explain ${deployable}/${assembly}`);
}

/** What may run comes before what is dead; among the dead the one that died last. */
function rankOf({ state, atUnixMs }: InstanceState): number {
  if (state === 'running') return Number.MAX_VALUE;
  return state === 'unknown' ? Number.MAX_VALUE / 2 : atUnixMs;
}
