import { confirmDeath, drainHost, wishAnything, wishMuch } from './operator-verbs.js';
import type { SimOperator } from './sim-operator.js';
import type { SimWorld } from './world.js';

type Trouble = (world: SimWorld) => void;

/** One thing that goes wrong, by name. */
const troubles: Readonly<Record<string, Trouble>> = {
  'instance dies': (world) => {
    const instance = world.chance.pick(world.alive);
    if (instance === undefined) return;
    note(world, `${instance.id} dies`);
    world.kill(instance, 'kernel panic');
  },
  'resource crashes': crash,
  'resource crashes often': crash,
  'agent crashes': (world) => {
    const instance = world.chance.pick(world.alive);
    if (instance === undefined) return;
    note(world, `the agent of ${instance.id} crashes`);
    instance.killAgent();
    world.time.after(world.chance.between(50, 3_000), () => {
      if (instance.isAlive && !instance.isAgentUp) instance.launchAgent();
    });
  },
  'agent or VM freezes': (world) => {
    const instance = world.chance.pick(world.alive);
    if (instance === undefined) return;
    const forMs = world.chance.between(200, 25_000);
    if (forMs % 2 === 0) {
      note(world, `the VM of ${instance.id} is paused for ${forMs} ms`);
      world.pause(instance, forMs);
      return;
    }
    note(world, `the agent of ${instance.id} freezes for ${forMs} ms`);
    instance.freezeAgent(forMs);
  },
  'clock of an instance steps': (world) => {
    const instance = world.chance.pick(world.alive);
    if (instance === undefined) return;
    const stepMs = world.chance.pick([-7_200_000, -90_000, -1_000, 1_000, 60_000, 3_600_000]) ?? 0;
    note(world, `the clock of ${instance.id} steps by ${stepMs} ms`);
    instance.stepClock(stepMs);
  },
  'launcher crashes': (world) => {
    const host = world.chance.pick(world.hosts);
    if (host === undefined || !host.isUp) return;
    note(world, `launcherd ${host.name} crashes`);
    host.kill();
    world.time.after(world.chance.between(50, 8_000), () => {
      if (!host.isUp) host.launch();
    });
  },
  'launcher freezes': (world) => {
    const host = world.chance.pick(world.hosts);
    if (host === undefined) return;
    const forMs = world.chance.between(200, 20_000);
    note(world, `launcherd ${host.name} freezes for ${forMs} ms`);
    host.freeze(forMs);
  },
  'launcher host loses its power': (world) => {
    const host = world.chance.pick(world.hosts);
    if (host === undefined || !host.isPowered) return;
    const forMs = world.chance.between(500, 30_000);
    note(world, `launcher host ${host.name} is without power for ${forMs} ms`);
    host.powerOff();
    world.time.after(forMs, () => {
      if (!host.isPowered) host.powerOn();
    });
  },
  'launcher host is cut off': (world) => {
    const host = world.chance.pick(world.hosts);
    if (host !== undefined) cutOff(world, [host.name], 25_000);
  },
  'launcher host is cut off for long': (world) => {
    const host = world.chance.pick(world.hosts);
    if (host !== undefined) cutOff(world, [host.name], 80_000);
  },
  'DPE is cut off': (world) => {
    const dped = world.chance.pick(world.dpeds);
    if (dped !== undefined) cutOff(world, [dped.name], 15_000);
  },
  'all are cut off': (world) => {
    const places = [...world.hosts, ...world.dpeds].map(({ name }) => name);
    cutOff(world, ['cped', ...places], 20_000);
  },
  'DPE crashes': (world) => {
    const dped = world.chance.pick(world.dpeds);
    if (dped === undefined || !dped.isUp) return;
    note(world, `${dped.name} crashes`);
    world.dpes.crash(dped, world.chance.between(50, 4_000));
  },
  'DPE freezes': (world) => {
    const dped = world.chance.pick(world.dpeds);
    if (dped === undefined) return;
    const forMs = world.chance.between(200, 25_000);
    note(world, `${dped.name} freezes for ${forMs} ms`);
    dped.freeze(forMs);
  },
  'DPE is succeeded while it lives': (world) => {
    const dped = world.chance.pick(world.dpeds);
    if (dped === undefined || !dped.isUp) return;
    const isFrozen = world.chance.happens(0.5);
    note(world, `${dped.name} is succeeded by another while it ${isFrozen ? 'is frozen' : 'goes on'}`);
    if (isFrozen) dped.freeze(world.chance.between(1_000, 15_000));
    dped.succeed();
  },
  'CPE crashes': (world) => {
    if (!world.cped.isUp) return;
    note(world, 'cped crashes');
    world.cped.kill();
    world.time.after(world.chance.between(50, 4_000), () => {
      if (!world.cped.isUp) world.cped.launch();
    });
  },
  'coordinator loses its power': (world) => {
    const forMs = world.chance.between(500, 20_000);
    note(world, `the coordinator is without power for ${forMs} ms`);
    world.cped.kill();
    world.dpes.powerOff();
    world.time.after(forMs, () => {
      if (!world.cped.isUp) world.cped.launch();
      world.dpes.powerOn();
    });
  },
  'store is full': (world) => {
    const forMs = world.chance.between(500, 8_000);
    note(world, `the store takes no writes for ${forMs} ms`);
    world.storeFaults.isFull = true;
    world.time.after(forMs, () => {
      world.storeFaults.isFull = false;
    });
  },
  'operator stops and starts': (world) =>
    operate(world, async (operator) => {
      await operator.stop();
      await world.time.pause(world.chance.between(100, 8_000));
      await operator.start();
    }),
  'operator deletes and creates': (world) => operate(world, (operator) => operator.remove(true)),
  'operator wishes': (world) => operate(world, (operator) => wishAnything(world, operator)),
  'operator wishes much': (world) => operate(world, (operator) => wishMuch(world, operator)),
  'operator drains a host': (world) => operate(world, (operator) => drainHost(world, operator)),
  'a launcher host dies, and an operator confirms it': (world) =>
    operate(world, (operator) => confirmDeath(world, operator)),
  'operator reloads': (world) => operate(world, (operator) => operator.reload()),
};

function operate(world: SimWorld, job: (operator: SimOperator) => Promise<void>): void {
  const operator = world.chance.pick(world.operators);
  operator?.attempt(async () => {
    if (operator.isCreated) await job(operator);
  });
}

function crash(world: SimWorld): void {
  const instance = world.chance.pick(world.alive);
  const resource = world.chance.pick(instance?.resources.running() ?? []);
  if (instance === undefined || resource === undefined) return;
  note(world, `${resource} crashes in ${instance.id}`);
  instance.crash(resource, world.chance.happens(0.8));
}

function cutOff(world: SimWorld, places: readonly string[], longestMs: number): void {
  const cut = world.chance.pick(['lost', 'held', 'closed'] as const) ?? 'lost';
  const forMs = world.chance.between(200, longestMs);
  note(world, `${places.join(', ')} cut off for ${forMs} ms (${cut})`);
  const concerned = places.filter((place) => world.network.cutOf(place) === undefined);
  for (const place of concerned) world.network.cut(place, cut);
  world.time.after(forMs, () => {
    for (const place of concerned) world.network.heal(place);
  });
}

function note(world: SimWorld, text: string): void {
  world.ledger.note(`fault: ${text}`);
}

/**
 * Begins a seed's own mixture of faults: some kinds often, others never, so that long runs of one kind are met as well
 * as everything at once. Returns what ends it.
 */
export function beginTrouble(world: SimWorld, endsAt: number): () => void {
  const { chance, time } = world;
  const share = chance.pick([0.1, 0.25, 0.5]) ?? 0.25;
  const kinds = Object.entries(troubles).filter(([kind]) => kind === 'operator reloads' || chance.happens(share));
  const pauseMs = chance.pick([1_000, 4_000, 15_000]) ?? 4_000;
  spoil(world);
  world.ledger.note(`trouble every ${pauseMs} ms: ${kinds.map(([kind]) => kind).join(', ')}`);
  let isOver = false;
  const next = () => {
    if (isOver || time.now >= endsAt) return;
    chance.pick(kinds)?.[1](world);
    time.after(chance.between(1, 2 * pauseMs), next);
  };
  time.after(chance.between(1, 2 * pauseMs), next);
  return () => {
    isOver = true;
  };
}

/** What goes wrong now and then all the time. */
function spoil({ chance, network, resourceFaults, launcherFaults }: SimWorld): void {
  if (chance.happens(0.5)) {
    network.faults = {
      drop: chance.next() * 0.1,
      double: chance.next() * 0.2,
      delay: chance.next() * 0.2,
      delayMs: 3_000,
    };
  }
  if (chance.happens(0.4)) resourceFaults.startFails = chance.next() * 0.3;
  if (chance.happens(0.2)) resourceFaults.stopFails = chance.next() * 0.2;
  if (chance.happens(0.2)) resourceFaults.hangs = chance.next() * 0.1;
  if (chance.happens(0.2)) resourceFaults.late = chance.next() * 0.2;
  if (chance.happens(0.2)) resourceFaults.lies = chance.next() * 0.1;
  if (chance.happens(0.3)) launcherFaults.startFails = chance.next() * 0.3;
  if (chance.happens(0.2)) launcherFaults.unproven = chance.next() * 0.3;
  if (chance.happens(0.2)) launcherFaults.slow = chance.next() * 0.3;
  if (chance.happens(0.1)) launcherFaults.hangs = chance.next() * 0.2;
  if (chance.happens(0.1)) launcherFaults.unreadable = chance.next() * 0.3;
}
