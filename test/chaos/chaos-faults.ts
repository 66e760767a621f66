/** What a round does to the processes of a site: drawn from the seed alone, applied to whatever runs at that moment. */
import { Chance } from '../sim/chance.js';
import { chaosDeployables, chaosResources } from './chaos-site.js';
import { belongsTo, type ListedProcess, processes } from './process-list.js';

export type Victim =
  | { readonly kind: 'daemon'; readonly role: DaemonRole; readonly index: number }
  | { readonly kind: 'agent' | 'instance'; readonly deployable: string; readonly assembly: string };

const daemonRoles = ['supervisor', 'pm2', 'nats-server', 'cped', 'dped', 'launcherd', 'scheduler', 'spawner'] as const;
type DaemonRole = (typeof daemonRoles)[number];

export type Fault =
  | { readonly kind: 'kill'; readonly atMs: number; readonly victim: Victim }
  | { readonly kind: 'pause'; readonly atMs: number; readonly forMs: number; readonly victim: Victim }
  | { readonly kind: 'fail'; readonly atMs: number; readonly resource: string };

export type Wish =
  /** A definition in which one parameter of a resource has another value. */
  | { readonly kind: 'reload' | 'restart'; readonly resource: string }
  /** A deployable that comes and goes. */
  | { readonly kind: 'create' | 'delete'; readonly name: string };

export interface Round {
  readonly number: number;
  readonly faults: readonly Fault[];
  readonly wish: Wish | undefined;
  readonly wishAtMs: number;
  /** Milliseconds after which the client of the wish is killed; undefined: it is not. */
  readonly clientLivesMs: number | undefined;
}

/** Faults come within this time. */
const spanMs = 2_500;
/** Well below the time after which a silent agent is lost, and the term of a lease. */
const longestPauseMs = 2_000;

/** Round `number` of a seed: the same whatever happened before it. */
export function drawRound(seed: number, number: number): Round {
  const chance = new Chance((seed * 2_654_435_761 + number * 40_503) >>> 0);
  const faults: Fault[] = [];
  const at = () => chance.between(0, spanMs);
  for (let count = chance.between(1, 3); count > 0; count--) {
    const victim = drawVictim(chance);
    const isPause = chance.happens(0.3);
    faults.push(
      isPause
        ? { kind: 'pause', atMs: at(), forMs: chance.between(100, longestPauseMs), victim }
        : { kind: 'kill', atMs: at(), victim },
    );
  }
  if (chance.happens(0.25))
    faults.push({ kind: 'kill', atMs: at(), victim: { ...drawAssembly(chance), kind: 'instance' } });
  for (let count = chance.between(0, 3); count > 0; count--) {
    const resource = chance.pick(chaosResources)?.id ?? '';
    if (!faults.some((fault) => fault.kind === 'fail' && fault.resource === resource)) {
      faults.push({ kind: 'fail', atMs: at(), resource });
    }
  }
  const wish = chance.happens(0.8) ? drawWish(chance) : undefined;
  const wishAtMs = at();
  const clientLivesMs = chance.happens(0.2) ? chance.between(50, 800) : undefined;
  return { number, faults: faults.sort((a, b) => a.atMs - b.atMs), wish, wishAtMs, clientLivesMs };
}

function drawVictim(chance: Chance): Victim {
  if (chance.happens(0.25)) return { ...drawAssembly(chance), kind: 'agent' };
  return { kind: 'daemon', role: chance.pick(daemonRoles) ?? 'cped', index: chance.between(0, 9) };
}

function drawAssembly(chance: Chance): { readonly deployable: string; readonly assembly: string } {
  const { deployable, assembly } = chance.pick(chaosResources) ?? { deployable: '', assembly: '' };
  return { deployable, assembly };
}

function drawWish(chance: Chance): Wish {
  const resource = chance.pick(chaosResources)?.id ?? '';
  const name = `guest-${chance.between(1, 3)}`;
  switch (chance.between(0, 3)) {
    case 0:
      return { kind: 'restart', resource };
    case 1:
      return { kind: 'create', name };
    case 2:
      return { kind: 'delete', name };
    default:
      return { kind: 'reload', resource };
  }
}

/** The process of a victim, if there is one now. */
export function findVictim(home: string, victim: Victim): number | undefined {
  const all = processes();
  const own = all.filter((each) => belongsTo(each, home));
  if (victim.kind !== 'daemon') {
    const instance = `/${victim.deployable}.${victim.assembly}.`;
    const inits = own.filter(
      ({ args }) => args[0]?.endsWith('cpe-instance-init') && args.some((arg) => arg.includes(instance)),
    );
    const agents = own.filter(({ parent }) => inits.some(({ pid }) => pid === parent));
    return (victim.kind === 'instance' ? inits : agents).at(-1)?.pid;
  }
  const found = own.filter((each) => isOfRole(each, victim.role));
  return found[victim.index % Math.max(1, found.length)]?.pid;
}

function isOfRole({ name, args }: ListedProcess, role: DaemonRole): boolean {
  const line = args.join(' ');
  switch (role) {
    case 'supervisor':
      return line.includes('/coordinator/cpe/supervisor.js');
    case 'pm2':
      return line.startsWith('PM2 v');
    case 'nats-server':
      return name === 'nats-server';
    case 'cped':
      return line.includes('/coordinator/cpe/main.js');
    case 'dped':
      return line.includes('/coordinator/dpe/main.js');
    case 'launcherd':
      return line.includes('/launcher/launcherd.js');
    case 'scheduler':
      return line.includes('/cpe-scheduler');
    case 'spawner':
      return line.includes('/cpe-spawner-');
  }
}

export function describeVictim(victim: Victim): string {
  return victim.kind === 'daemon' ? victim.role : `${victim.kind} ${victim.deployable}/${victim.assembly}`;
}

export const guestDocument = (name: string): string =>
  `deployable: ${name}\nassemblies:\n  only: { resources: { idle: { exec: { command: [sleep, "2147483645"] } } } }\n`;

export function isGuest(name: string): boolean {
  return !(chaosDeployables as readonly string[]).includes(name);
}
