import type { AssemblyStatus, DeployableStatus, ResourceStatus } from '../../../proto/messages.js';
import type { Colors } from '../terminal.js';
import { paintState } from './paint-state.js';
import { printable } from './printable.js';
import { type Cell, type Column, renderTable } from './table.js';
import { isoTime, renderElapsed, unixTime } from './times.js';

/** A status as `deployable status --json` prints it: the message of the bus, with times. */
export function statusJson(status: DeployableStatus): Record<string, unknown> {
  const { assemblies, ...rest } = status;
  return {
    ...rest,
    assemblies: assemblies.map(({ resources, sinceUnixMs, ...assembly }) => ({
      ...assembly,
      ...since(sinceUnixMs),
      resources: resources.map(({ sinceUnixMs: resourceSince, ...resource }) => ({
        ...resource,
        ...since(resourceSince),
      })),
    })),
  };
}

/** One line about the deployable and a table of its assemblies and their resources; `now` in Unix ms. */
export function renderStatus(status: DeployableStatus, now: number, colors: Colors): string {
  const rows = status.assemblies.flatMap((assembly) => [
    assemblyRow(assembly, now, colors),
    ...assembly.resources.map((resource) => resourceRow(resource, now, colors)),
  ]);
  return `${renderHeadline(status, colors)}\n${rows.length === 0 ? '' : `\n${renderTable(columns, rows, colors)}`}`;
}

/** `shop is starting (desired: running, revision 2): 4 of 11 actions done`. */
export function renderHeadline(status: DeployableStatus, colors: Colors): string {
  const { name, desired, condition, revision, actionsDone, actionsTotal, reason } = status;
  const state = paintState(condition, colors);
  const word = typeof state === 'string' ? state : state.paint(state.text);
  const wish = desired === condition ? '' : `desired: ${desired}, `;
  const transition = actionsTotal > 0 ? `: ${actionsDone} of ${actionsTotal} actions done` : '';
  const why = reason === '' ? '' : `\n${printable(reason)}`;
  return `${colors.bold(name)} is ${word} (${wish}revision ${revision})${transition}${why}`;
}

const columns: readonly Column[] = [
  { title: 'NAME' },
  { title: 'STATE' },
  { title: 'SINCE', align: 'right' },
  { title: 'FAILURES', align: 'right' },
  { title: 'RUNS' },
  { title: 'RECOVERED BY' },
  { title: 'REASON' },
];

function assemblyRow(assembly: AssemblyStatus, now: number, colors: Colors): Cell[] {
  const { name, state, failures, launcherHost, address, sinceUnixMs, reason } = assembly;
  const place = launcherHost === '' ? '' : `on ${launcherHost}${address === '' ? '' : ` at ${address}`}`;
  const title = { text: name, paint: colors.bold };
  return [title, paintState(state, colors), age(sinceUnixMs, now), String(failures), place, '', reason];
}

function resourceRow(resource: ResourceStatus, now: number, colors: Colors): Cell[] {
  const { name, state, failures, failureLimit, agent, delegated, sinceUnixMs, reason } = resource;
  const counted = failureLimit === 0 ? String(failures) : `${failures} of ${failureLimit}`;
  const by = delegated ? 'its agent' : 'coordinator';
  return [`  ${name}`, paintState(state, colors), age(sinceUnixMs, now), counted, agent, by, reason];
}

function age(sinceUnixMs: number, now: number): string {
  return sinceUnixMs > 0 ? renderElapsed(now - sinceUnixMs) : '';
}

function since(unixMs: number): { readonly since: string | null; readonly sinceUnixMs: number | null } {
  return { since: isoTime(unixMs), sinceUnixMs: unixTime(unixMs) };
}
