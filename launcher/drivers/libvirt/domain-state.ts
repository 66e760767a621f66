import type { InstanceCondition } from '../../driver.js';
import type { LifecycleEvent } from './libvirt-calls.js';

/** What a domain's state (virDomainState) and its reason say of the instance. */
export type DomainCondition =
  | { readonly kind: 'present'; readonly condition: InstanceCondition }
  /** libvirtd has it, but no QEMU: it is just being started or removed. */
  | { readonly kind: 'off'; readonly evidence: string };

export function conditionOf(state: number, reason: number): DomainCondition {
  const row = states[state];
  if (row === undefined) return present({ kind: 'not-answering', evidence: `libvirt calls its state ${state}` });
  const evidence = `libvirt: ${row.name}${describeReason(row.reasons[reason])}`;
  switch (row.means) {
    case 'working':
      return present({ kind: 'working' });
    case 'paused':
      return present(
        row.name === 'paused' && reason === PAUSED_CRASHED
          ? { kind: 'panicked', evidence }
          : { kind: 'paused', evidence },
      );
    case 'panicked':
      return present({ kind: 'panicked', evidence });
    case 'off':
      return { kind: 'off', evidence };
  }
}

/** How a domain has left libvirt, by its last event; undefined for events after which it is still there. */
export type Departure =
  | { readonly kind: 'ended'; readonly evidence: string }
  /** It is somewhere else, or may come back: no proof of anything. */
  | { readonly kind: 'moved'; readonly reason: string };

export function departureOf({ event, detail }: Pick<LifecycleEvent, 'event' | 'detail'>): Departure | undefined {
  if (event === CRASHED) return { kind: 'ended', evidence: 'its kernel has panicked' };
  if (event !== STOPPED) return undefined;
  const row = departures[detail];
  return row ?? { kind: 'ended', evidence: `libvirt says that it has stopped (detail ${detail})` };
}

/** virDomainEventType */
const STOPPED = 5;
const CRASHED = 8;
/** VIR_DOMAIN_PAUSED_CRASHED */
const PAUSED_CRASHED = 10;

interface StateRow {
  readonly name: string;
  readonly means: 'working' | 'paused' | 'panicked' | 'off';
  readonly reasons: readonly string[];
}

const pausedReasons = [
  '',
  'by an operator',
  'for a migration',
  'to save it',
  'to dump it',
  'after an error of its disk',
  'by its watchdog',
  'after a snapshot was restored',
  'while it shuts down',
  'for a snapshot',
  'after a panic',
  'while it is being started',
  'for a migration',
  'after a migration that failed',
  'after an error of a call',
];

const shutoffReasons = ['', 'shut down', 'destroyed', 'crashed', 'migrated', 'saved', 'failed to start'];

/** By virDomainState; reasons by virDomainPausedReason and so on (libvirt-domain.h). */
const states: readonly StateRow[] = [
  { name: 'no state', means: 'working', reasons: [] },
  { name: 'running', means: 'working', reasons: [] },
  { name: 'blocked', means: 'working', reasons: [] },
  { name: 'paused', means: 'paused', reasons: pausedReasons },
  { name: 'shutting down', means: 'working', reasons: [] },
  { name: 'off', means: 'off', reasons: shutoffReasons },
  { name: 'crashed', means: 'panicked', reasons: ['', 'its kernel has panicked'] },
  { name: 'suspended by its own power management', means: 'paused', reasons: [] },
];

/** By virDomainEventStoppedDetailType. */
const departures: readonly Departure[] = [
  { kind: 'ended', evidence: 'the guest has powered off' },
  { kind: 'ended', evidence: 'it was destroyed through libvirt' },
  { kind: 'ended', evidence: 'the guest has crashed' },
  { kind: 'moved', reason: 'it was migrated to another machine through libvirt: end it there' },
  { kind: 'moved', reason: 'it was saved to a file through libvirt, from which it can come back at any time' },
  { kind: 'ended', evidence: 'its QEMU has failed, or was killed' },
  { kind: 'ended', evidence: 'a snapshot was restored that does not run' },
];

function present(condition: InstanceCondition): DomainCondition {
  return { kind: 'present', condition };
}

function describeReason(reason: string | undefined): string {
  return reason === undefined || reason === '' ? '' : ` (${reason})`;
}
