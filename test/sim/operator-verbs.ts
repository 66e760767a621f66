import type { BodyDraft } from '../../proto/messages.js';
import type { SimOperator } from './sim-operator.js';
import type { SimWorld } from './world.js';

/** A verb, and what takes it back when everything heals. */
interface Wish {
  readonly body: BodyDraft;
  readonly undo?: BodyDraft;
}

interface Subjects {
  readonly deployable: string;
  /** CIB ids. */
  readonly resource: string;
  readonly assembly: string;
}

/** What an operator may ask of a deployable at any moment, wise or not. */
const wishes: readonly ((subjects: Subjects) => Wish)[] = [
  ({ deployable, resource }) => ({ body: { kind: 'resourceRestart', value: { deployable, resource } } }),
  ({ deployable, resource }) => ({ body: { kind: 'resourceFail', value: { deployable, resource } } }),
  ({ deployable, resource }) => ({ body: { kind: 'resourceCleanup', value: { deployable, resource } } }),
  ({ deployable }) => ({ body: { kind: 'resourceCleanup', value: { deployable, resource: '' } } }),
  ({ deployable, resource }) => ({
    body: { kind: 'resourceStop', value: { deployable, resource } },
    undo: { kind: 'resourceStart', value: { deployable, resource } },
  }),
  ({ deployable, resource }) => ({ body: { kind: 'resourceStart', value: { deployable, resource } } }),
  ({ deployable, resource }) => ({
    body: { kind: 'resourceUnmanage', value: { deployable, resource } },
    undo: { kind: 'resourceManage', value: { deployable, resource } },
  }),
  ({ deployable, resource }) => ({ body: { kind: 'resourceManage', value: { deployable, resource } } }),
  ({ deployable, assembly }) => ({
    body: { kind: 'resourceBan', value: { deployable, resource: `${assembly}.vm` } },
    undo: { kind: 'resourceClear', value: { deployable, resource: `${assembly}.vm` } },
  }),
  ({ deployable, assembly }) => ({
    body: { kind: 'resourceClear', value: { deployable, resource: `${assembly}.vm` } },
  }),
  ({ deployable, assembly }) => ({ body: { kind: 'assemblyRestart', value: { deployable, assembly } } }),
  ({ deployable, assembly }) => ({ body: { kind: 'assemblyDestroy', value: { deployable, assembly } } }),
  ({ deployable, assembly }) => ({
    body: { kind: 'assemblyStandby', value: { deployable, assembly } },
    undo: { kind: 'assemblyUnstandby', value: { deployable, assembly } },
  }),
  ({ deployable, assembly }) => ({
    body: { kind: 'assemblyDrain', value: { deployable, assembly } },
    undo: { kind: 'assemblyUnstandby', value: { deployable, assembly } },
  }),
  ({ deployable, assembly }) => ({ body: { kind: 'assemblyUnstandby', value: { deployable, assembly } } }),
  ({ deployable }) => ({
    body: { kind: 'deployableMaintenance', value: { deployable, on: true } },
    undo: { kind: 'deployableMaintenance', value: { deployable, on: false } },
  }),
  ({ deployable }) => ({ body: { kind: 'deployableMaintenance', value: { deployable, on: false } } }),
  ({ deployable }) => ({
    body: { kind: 'deployableHold', value: { deployable, reason: 'a look at it' } },
    undo: { kind: 'deployableResume', value: { deployable } },
  }),
  ({ deployable }) => ({ body: { kind: 'deployableResume', value: { deployable } } }),
];

/** Any verb on anything. */
export async function wishAnything({ chance }: SimWorld, operator: SimOperator): Promise<void> {
  const resource = chance.pick(operator.document?.resources ?? []);
  const wish = chance.pick(wishes);
  if (resource === undefined || wish === undefined) return;
  const { body, undo } = wish({ deployable: operator.name, resource, assembly: resource.split('.')[0] ?? '' });
  await operator.verb(body, undo);
}

/** A launcher host is drained, or takes instances again. */
export async function drainHost({ chance, hosts }: SimWorld, operator: SimOperator): Promise<void> {
  const host = chance.pick(hosts)?.name;
  if (host === undefined) return;
  const undo = { kind: 'hostDrain', value: { host, off: true } } as const;
  if (chance.happens(0.5)) await operator.verb(undo);
  else await operator.verb({ kind: 'hostDrain', value: { host, off: false } }, undo);
}

/** One after the other, as of somebody who tries to help. */
export async function wishMuch(world: SimWorld, operator: SimOperator): Promise<void> {
  for (let count = world.chance.between(2, 6); count > 0; count--) {
    await wishAnything(world, operator);
    await world.time.pause(world.chance.between(0, 3_000));
  }
}

/** An operator who has seen it says that a launcher host is dead, until it is believed; nobody says so of one that lives. */
export async function confirmDeath({ chance, hosts, time }: SimWorld, operator: SimOperator): Promise<void> {
  const host = chance.pick(hosts);
  if (host === undefined) return;
  if (host.isPowered) host.powerOff();
  time.after(chance.between(10_000, 40_000), () => {
    if (!host.isPowered) host.powerOn();
  });
  const evidence = 'its power supply is out';
  while (!host.isPowered) {
    const body = { kind: 'hostConfirmDead', value: { host: host.name, evidence, force: true } } as const;
    if ((await operator.verb(body)) === 'done') return;
    await time.pause(1_000);
  }
}
