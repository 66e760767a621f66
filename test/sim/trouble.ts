import type { SimWorld } from './dpe-sim.js';
import type { SimEndpoint } from './sim-bus.js';

type Trouble = (world: SimWorld) => void;

/** One thing that goes wrong, by name. */
const troubles: Readonly<Record<string, Trouble>> = {
  'instance dies': (world) => {
    const instance = world.chance.pick(world.alive);
    if (instance !== undefined) world.kill(instance, 'kernel panic');
  },
  'resource crashes': crash,
  'resource crashes often': crash,
  'agent crashes': (world) => {
    const instance = world.chance.pick(world.alive);
    if (instance === undefined) return;
    world.ledger.note(`fault: the agent of ${instance.id} crashes`);
    instance.killAgent();
    world.time.after(world.chance.between(50, 3_000), () => {
      if (instance.isAlive && !instance.isAgentUp) instance.launchAgent();
    });
  },
  'agent is cut off': (world) => {
    const instance = world.chance.pick(world.alive);
    if (instance?.endpoint !== undefined) cutOff(world, instance.endpoint, { what: instance.id, longestMs: 25_000 });
  },
  'launcher is cut off': (world) => {
    const host = world.chance.pick(world.hosts);
    if (host?.endpoint !== undefined) cutOff(world, host.endpoint, { what: host.name, longestMs: 20_000 });
  },
  'launcher crashes': (world) => {
    const host = world.chance.pick(world.hosts);
    if (host === undefined || !host.isUp) return;
    world.ledger.note(`fault: launcherd ${host.name} crashes`);
    host.kill();
    world.time.after(world.chance.between(50, 8_000), () => {
      if (!host.isUp) host.launch();
    });
  },
  'DPE crashes': (world) => {
    if (!world.dpe.isUp) return;
    world.ledger.note('fault: the DPE crashes');
    void world.dpe.kill(world.store);
    world.time.after(world.chance.between(50, 4_000), () => {
      if (!world.dpe.isUp) world.dpe.launch();
    });
  },
  'DPE is succeeded while it lives': (world) => {
    if (!world.dpe.isUp) return;
    world.ledger.note('fault: another DPE takes over while the old one goes on');
    void world.dpe.succeed(world.store);
  },
  'DPE is cut off': (world) => {
    if (world.dpe.endpoint !== undefined) cutOff(world, world.dpe.endpoint, { what: 'the DPE', longestMs: 10_000 });
  },
  'operator stops and starts': (world) => {
    void world.setDesired('stopped');
    world.time.after(world.chance.between(100, 8_000), () => void world.setDesired('running'));
  },
  'operator reloads': (world) => void world.defineNext(),
};

function crash(world: SimWorld): void {
  const instance = world.chance.pick(world.alive);
  const running = [...(instance?.resources ?? [])].filter(([, { isRunning }]) => isRunning);
  const resource = world.chance.pick(running)?.[0];
  if (instance === undefined || resource === undefined) return;
  world.ledger.note(`fault: ${resource} crashes in ${instance.id}`);
  instance.crash(resource, world.chance.happens(0.8));
}

function cutOff(
  world: SimWorld,
  endpoint: SimEndpoint,
  { what, longestMs }: { readonly what: string; readonly longestMs: number },
): void {
  const isNoticed = world.chance.happens(0.5);
  const forMs = world.chance.between(200, longestMs);
  world.ledger.note(`fault: ${what} is cut off for ${forMs} ms${isNoticed ? ', and notices' : ''}`);
  if (isNoticed) endpoint.setConnected(false);
  else endpoint.isSilent = true;
  world.time.after(forMs, () => {
    endpoint.isSilent = false;
    endpoint.setConnected(true);
  });
}

/**
 * Begins a seed's own mixture of faults: some kinds often, others never, so that long runs of one kind are met as well
 * as everything at once. Returns what ends it.
 */
export function beginTrouble(world: SimWorld, endsAt: number): () => void {
  const { chance, time, network, faults } = world;
  const kinds = Object.entries(troubles).filter(([kind]) => kind === 'operator reloads' || chance.happens(0.45));
  const pauseMs = chance.pick([1_000, 4_000, 15_000]) ?? 4_000;
  if (chance.happens(0.5)) {
    network.faults = {
      drop: chance.next() * 0.1,
      double: chance.next() * 0.2,
      delay: chance.next() * 0.2,
      delayMs: 3_000,
    };
  }
  if (chance.happens(0.4)) faults.startFails = chance.next() * 0.3;
  if (chance.happens(0.2)) faults.stopFails = chance.next() * 0.2;
  if (chance.happens(0.2)) faults.hangs = chance.next() * 0.1;
  for (const host of world.hosts) {
    if (chance.happens(0.3)) host.faults.startFails = chance.next() * 0.3;
    if (chance.happens(0.2)) host.faults.unproven = chance.next() * 0.3;
    if (chance.happens(0.2)) host.faults.slow = chance.next() * 0.3;
  }
  world.ledger.note(`trouble every ${pauseMs} ms: ${kinds.map(([kind]) => kind).join(', ')}`);
  let isOver = false;
  const next = () => {
    if (isOver || time.now >= endsAt) return;
    const found = chance.pick(kinds);
    if (found !== undefined) found[1](world);
    time.after(chance.between(1, 2 * pauseMs), next);
  };
  time.after(chance.between(1, 2 * pauseMs), next);
  return () => {
    isOver = true;
  };
}
