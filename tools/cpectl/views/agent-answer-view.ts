import type { HostObject, MatahariObject, ResourcesInvoked, SysconfigObject } from '../../../proto/messages.js';
import type { RenderContext } from '../agent-method.js';
import type { Colors } from '../terminal.js';
import { printable, printableLines } from './printable.js';
import { localDateTime } from './times.js';

/** One name a line. */
export function renderNames(names: readonly string[]): string {
  return names.map((name) => `${printable(name)}\n`).join('');
}

/** A text of the machine as it is for a file or a program, and harmless for a terminal. */
export function renderText(text: string, { isTerminal }: RenderContext): string {
  const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return isTerminal ? printableLines(whole) : whole;
}

/** `done (rc 0)`, `stopped (rc 3)`; `words` are those of the return codes that have a meaning of their own. */
export function renderCode(rc: number, words: Readonly<Record<number, string>>, colors: Colors): string {
  const word = words[rc] ?? 'failed';
  return `${rc === 0 ? colors.green(word) : colors.red(word)} (rc ${rc})\n`;
}

/** Exit codes of resource agents: OCF 1.1, resource-agents' ocf-returncodes. */
const resultWords: Readonly<Record<number, string>> = {
  0: 'success',
  1: 'generic error',
  2: 'wrong arguments',
  3: 'unimplemented',
  4: 'no permission',
  5: 'not installed',
  6: 'not configured',
  7: 'not running',
  8: 'running, promoted',
  9: 'failed, promoted',
  190: 'degraded',
  191: 'degraded, promoted',
};

export function renderInvoked(
  { rc }: ResourcesInvoked,
  { expectedRc, isOcf }: { readonly expectedRc: number; readonly isOcf: boolean },
  colors: Colors,
): string {
  const word = isOcf ? ` ${resultWords[rc] ?? ''}`.trimEnd() : '';
  const paint = rc === expectedRc ? colors.green : colors.red;
  return `${paint(`rc ${rc}`)}${word}${rc === expectedRc ? '' : ` (expected: ${expectedRc})`}\n`;
}

export function renderObject(object: MatahariObject | SysconfigObject, colors: Colors): string {
  const { uuid, hostname, backend } = object;
  const own =
    'isPostbootConfigured' in object ? [['is_postboot_configured', object.isPostbootConfigured] as const] : [];
  return renderFacts([['hostname', hostname], ['uuid', uuid], ...own, ['backend', backend]], colors);
}

/** Properties and statistics under Matahari's names. */
export function renderHostObject(host: HostObject, colors: Colors): string {
  const states = Object.entries(host.processStatistics).map(([state, count]) => `${count} ${state}`);
  const load = ['1', '5', '15'].flatMap((minutes) => host.load[minutes]?.toFixed(2) ?? []);
  const updated = host.lastUpdatedUnixMs > 0 ? localDateTime(host.lastUpdatedUnixMs) : 'never';
  return renderFacts(
    [
      ['hostname', host.hostname],
      ['uuid', host.uuid],
      ['custom_uuid', host.customUuid],
      ['os', host.os],
      ['arch', host.arch],
      ['wordsize', `${host.wordsize} bits`],
      ['memory', `${host.memory} kB`],
      ['swap', `${host.swap} kB`],
      ['cpu_count', host.cpuCount],
      ['cpu_cores', host.cpuCores],
      ['cpu_model', host.cpuModel],
      ['cpu_flags', host.cpuFlags],
      ['update_interval', host.updateInterval === 0 ? 'none' : `${host.updateInterval} s`],
      ['last_updated', updated],
      ['sequence', host.sequence],
      ['free_mem', `${host.freeMem} kB`],
      ['free_swap', `${host.freeSwap} kB`],
      ['load', load.join(' ')],
      ['process_statistics', states.join(', ')],
      ['backend', host.backend],
    ],
    colors,
  );
}

export function renderFacts(facts: readonly (readonly [string, string | number])[], colors: Colors): string {
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  return facts
    .map(([name, value]) => `${colors.dim(name.padEnd(width))}${printable(String(value))}`.trimEnd())
    .join('\n')
    .concat('\n');
}
