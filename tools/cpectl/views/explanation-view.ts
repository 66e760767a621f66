import type { CausalChain, CausalLink, Explanation } from '../../../proto/messages.js';
import type { Colors } from '../terminal.js';
import { printable } from './printable.js';
import { isoTime, localDateTime, localTime, renderElapsed, unixTime } from './times.js';

export function explanationJson({ chains, ...rest }: Explanation): Record<string, unknown> {
  return {
    ...rest,
    chains: chains.map(({ fromUnixMs, untilUnixMs, links, ...chain }) => ({
      ...chain,
      from: isoTime(fromUnixMs),
      fromUnixMs: unixTime(fromUnixMs),
      until: isoTime(untilUnixMs),
      untilUnixMs: unixTime(untilUnixMs),
      links: links.map(({ timeUnixMs, seq, transition, ...link }) => ({
        time: isoTime(timeUnixMs),
        timeUnixMs: unixTime(timeUnixMs),
        ...link,
        seq: seq === 0 ? null : seq,
        transition: transition === 0 ? null : transition,
      })),
    })),
  };
}

/** What it is, who repairs it, and every time that something happened to it as one chain; newest first. */
export function renderExplanation(deployable: string, explanation: Explanation, colors: Colors): string {
  const { subject, state, containment, chains } = explanation;
  const head = [
    `${colors.bold(`${deployable}/${printable(subject)}`)} is ${printable(state)}`,
    ...(containment === '' ? [] : [`Recovery: ${printable(containment)}`]),
  ];
  if (chains.length === 0) return `${head.join('\n')}\nNothing has happened to it, as far as the events go back.\n`;
  return `${head.join('\n')}\n${chains.map((chain) => renderChain(chain, colors)).join('')}`;
}

function renderChain({ links, verdict, fromUnixMs, untilUnixMs, phases }: CausalChain, colors: Colors): string {
  const span = untilUnixMs > 0 ? `over after ${renderElapsed(untilUnixMs - fromUnixMs)}` : colors.yellow('not over');
  const cause = verdict === '' ? '' : `, cause: ${printable(verdict)}`;
  const title = `\n${colors.bold(localDateTime(fromUnixMs))}  ${span}${cause}\n`;
  const width = Math.max(...links.map(({ what }) => what.length), 0);
  const lines = links.map((link) => renderLink(link, width, colors)).join('');
  const parts = phases.map(({ name, durationMs }) => `${printable(name)} ${renderElapsed(durationMs)}`).join(', ');
  return `${title}${lines}${parts === '' ? '' : `  ${colors.dim('phases:')} ${parts}\n`}`;
}

function renderLink({ timeUnixMs, what, text, seq, transition }: CausalLink, width: number, colors: Colors): string {
  const from = [...(seq === 0 ? [] : [`event ${seq}`]), ...(transition === 0 ? [] : [`transition ${transition}`])].join(
    ', ',
  );
  const time = timeUnixMs > 0 ? localTime(timeUnixMs) : ' '.repeat('00:00:00.000'.length);
  const paint = { failure: colors.red, outcome: colors.green }[what] ?? String;
  const source = from === '' ? '' : colors.dim(`  (${from})`);
  return `  ${colors.dim(time)}  ${paint(printable(what).padEnd(width))}  ${printable(text)}${source}\n`;
}
