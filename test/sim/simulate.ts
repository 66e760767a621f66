/**
 * One run: trouble for a while, then everything heals, and every deployable has to reach its desired state within a
 * bound, to rest there whatever is restarted, and to stop.
 */
import type { Scheduler } from '../../coordinator/scheduler/scheduler.js';
import type { DeployableStatus } from '../../proto/messages.js';
import { healthyNetwork } from './sim-bus.js';
import type { SimOperator } from './sim-operator.js';
import { healthyLauncher } from './sim-platform.js';
import { healthyResources } from './sim-resources.js';
import { beginTrouble } from './trouble.js';
import { actionsOf, type Scenario, SimWorld, startsAt } from './world.js';

export interface SimOptions {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly scheduler: Scheduler;
}

export interface SimOutcome {
  /** What was violated; empty when all is well. */
  readonly violations: readonly string[];
  readonly trace: readonly string[];
  /** By deployable. */
  readonly lastCib: ReadonlyMap<string, string>;
  readonly decisions: number;
  readonly virtualS: number;
}

const convergenceMs = 20 * 60_000;
const pollMs = 500;
const answerMs = 1_001;
/** What crashed a moment before everything healed is found by the next monitors. */
const noticedMs = 9_000;
const restMs = 9_000;
const leaseCheckMs = 5_000;

export async function simulate({ seed, scenario, scheduler }: SimOptions): Promise<SimOutcome> {
  const { featureSet, schema } = await scheduler.hello();
  const world = new SimWorld({ seed, scenario, scheduler, dialect: { featureSet, schema } });
  const restore = world.time.install(() => world.chance.next());
  try {
    await play(world);
  } catch (error) {
    world.ledger.violate(`the simulation broke: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
  } finally {
    restore();
  }
  const { violations, trace } = world.ledger;
  const virtualS = (world.time.now - startsAt) / 1000;
  return { violations, trace, lastCib: world.lastCib, decisions: world.decisions, virtualS };
}

async function play(world: SimWorld): Promise<void> {
  world.begin();
  const checkLeases = () => {
    world.judge.checkLeases(world.alive);
    world.time.after(leaseCheckMs, checkLeases);
  };
  checkLeases();
  const endsAt = world.time.now + world.scenario.troubleS * 1000;
  const end = beginTrouble(world, endsAt);
  await world.run(endsAt);
  end();
  if (world.ledger.isViolated) return;
  await heal(world);
  await world.run(world.time.now + noticedMs);
  for (const operator of world.operators) if (!world.ledger.isViolated) await comeToRest(world, operator);
  if (world.ledger.isViolated) return;
  await checkGraphs(world);
  await stayAtRest(world, 'after everything healed', () => undefined);
  await stayAtRest(world, 'after a restart of every process', () => restartEverything(world));
  if (world.ledger.isViolated) return;
  for (const operator of world.operators) await world.ask(operator.remove(false), convergenceMs);
  for (const { name, isCreated } of world.operators) {
    if (isCreated) world.ledger.violate(`${name} was not deleted in ${convergenceMs / 1000} s`);
  }
  const [left] = world.alive;
  if (left !== undefined) world.ledger.violate(`everything is stopped, but ${left.id} is alive`);
  world.judge.checkEvents();
}

/** The world heals; what was restarted late is started now. */
async function heal(world: SimWorld): Promise<void> {
  world.ledger.note('everything heals');
  world.network.faults = { ...healthyNetwork };
  Object.assign(world.resourceFaults, healthyResources);
  Object.assign(world.launcherFaults, healthyLauncher);
  world.storeFaults.isFull = false;
  world.network.healAll();
  world.time.thawAll();
  for (const host of world.hosts) {
    host.platform.heal();
    if (!host.isPowered) host.powerOn();
    else if (!host.isUp) host.launch();
  }
  world.dpes.powerOn();
  if (!world.cped.isUp) world.cped.launch();
  for (const instance of world.alive) {
    instance.resources.heal();
    if (!instance.isAgentUp) instance.launchAgent();
  }
  for (const operator of world.operators) {
    // What it is doing comes to its end now.
    for (let waited = 0; operator.isBusy && waited < convergenceMs && !world.ledger.isViolated; waited += pollMs) {
      await world.run(world.time.now + pollMs);
    }
    if (operator.isBusy) world.ledger.violate(`the operator of ${operator.name} waits for ever`);
    operator.attempt(async () => {
      if (!operator.isCreated) await operator.create();
      while (operator.hasMoreDocuments) await operator.reload();
      await operator.undoAll();
      const status = await operator.status();
      if (operator.wants !== 'running' || status?.desired !== 'running') await operator.start();
    });
  }
}

/** Everything runs, or an operator is told why not; then a start by hand has to do. */
async function comeToRest(world: SimWorld, operator: SimOperator): Promise<void> {
  const isQuiet = () => world.judge.quietMs(operator.name) > 100_000;
  const isOver = ({ condition, settled }: DeployableStatus) =>
    !operator.isBusy && ((condition === 'running' && settled) || (condition === 'failed' && isQuiet()));
  const status = await reach(world, operator, 'at rest', isOver);
  if (status?.condition === 'failed') {
    if (status.reason === '') world.ledger.violate(`${operator.name} failed without a reason`);
    world.ledger.note(`${operator.name} failed: ${status.reason}`);
    await world.ask(operator.start(), convergenceMs);
    const isRunning = ({ condition, settled }: DeployableStatus) => condition === 'running' && settled;
    await reach(world, operator, 'running after a start by hand', isRunning);
  }
  if (!world.ledger.isViolated) checkTruth(world, operator);
}

/** What everybody says is so. */
function checkTruth(world: SimWorld, { name, document }: SimOperator): void {
  for (const id of document?.resources ?? []) {
    const assembly = id.split('.')[0];
    const running = world.alive.filter((each) => each.deployable === name && each.assembly === assembly);
    if (running.length !== 1) world.ledger.violate(`${running.length} instances of ${name}.${assembly} live at rest`);
    if (running[0]?.resources.get(id)?.isRunning !== true) world.ledger.violate(`${name}: ${id} does not run at rest`);
  }
}

/** The scheduler itself finds nothing to do in the CIB as the DPE tells it. */
async function checkGraphs(world: SimWorld): Promise<void> {
  for (const operator of world.operators) {
    const cib = await world.ask(operator.cib(), answerMs);
    if (cib === undefined) return world.ledger.violate(`${operator.name}: no CIB`);
    const asked = world.scheduler.decide({ cib, nowUnixS: Math.floor(world.time.now / 1000) });
    world.time.hold(asked);
    const decision = await asked;
    if (decision.kind === 'graph' && !decision.graphXml.includes('<synapse ')) continue;
    world.lastCib.set(operator.name, cib);
    const left = decision.kind === 'graph' ? actionsOf(decision.graphXml).join(', ') : decision.message;
    world.ledger.violate(`${operator.name}: the scheduler has something left to do: ${left}`);
  }
}

function restartEverything(world: SimWorld): void {
  world.cped.kill();
  world.cped.launch();
  for (const dped of world.dpeds) {
    dped.kill();
    dped.launch();
  }
  for (const host of world.hosts) {
    host.kill();
    host.launch();
  }
  for (const instance of world.alive) instance.launchAgent();
}

async function stayAtRest(world: SimWorld, when: string, disturb: () => void): Promise<void> {
  const { ledger } = world;
  if (ledger.isViolated) return;
  const before = world.operations.length;
  const busy = world.busyDecisions;
  disturb();
  await world.run(world.time.now + restMs);
  for (const operator of world.operators) {
    const status = await world.ask(operator.status(), answerMs);
    if (status?.condition !== 'running' || !status.settled) {
      ledger.violate(`${when}: ${operator.name} is ${status?.condition}, ${status?.reason}`);
    }
    checkTruth(world, operator);
  }
  const done = world.operations.slice(before);
  if (done.length > 0) ledger.violate(`${when}: ${done.join(', ')}`);
  if (world.busyDecisions !== busy) ledger.violate(`${when}: the scheduler had something to do`);
}

async function reach(
  world: SimWorld,
  operator: SimOperator,
  what: string,
  isOver: (status: DeployableStatus) => boolean,
): Promise<DeployableStatus | undefined> {
  const until = world.time.now + convergenceMs;
  let status: DeployableStatus | undefined;
  while (world.time.now < until && !world.ledger.isViolated) {
    status = await world.ask(operator.status(), answerMs);
    if (status !== undefined && isOver(status)) return status;
    await world.run(world.time.now + pollMs);
  }
  const shown = JSON.stringify(status);
  world.ledger.violate(`${operator.name} is not ${what} in ${convergenceMs / 1000} s: ${shown}`);
  return status;
}
