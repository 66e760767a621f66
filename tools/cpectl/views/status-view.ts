import type { AssemblyStatus, DeployableStatus, LocationStatus, ResourceStatus } from '../../../proto/messages.js';
import type { Colors } from '../terminal.js';
import { paintState } from './paint-state.js';
import { printable } from './printable.js';
import { type Cell, type Column, renderTable } from './table.js';
import { isoTime, localDateTime, renderElapsed, unixTime } from './times.js';

/** A status as `deployable status --json` prints it: the message of the bus, with times. */
export function statusJson(status: DeployableStatus): Record<string, unknown> {
  const { assemblies, locations, ...rest } = status;
  return {
    ...rest,
    locations: locations.map(({ untilUnixMs, ...location }) => ({
      ...location,
      until: isoTime(untilUnixMs),
      untilUnixMs: unixTime(untilUnixMs),
    })),
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
  const table = rows.length === 0 ? '' : `\n${renderTable(columns, rows, colors)}`;
  const places = status.locations.map((location) => `${renderLocation(location)}\n`).join('');
  return `${renderHeadline(status, colors)}\n${table}${places === '' ? '' : `\n${places}`}`;
}

/** `shop is starting (desired: running, revision 2): 4 of 11 actions done`. */
export function renderHeadline(status: DeployableStatus, colors: Colors): string {
  const { name, desired, condition, revision, actionsDone, actionsTotal, reason, held, maintenance, machine } = status;
  const state = paintState(condition, colors);
  const word = typeof state === 'string' ? state : state.paint(state.text);
  const wish = desired === condition ? '' : `desired: ${desired}, `;
  const transition = actionsTotal > 0 ? `: ${actionsDone} of ${actionsTotal} actions done` : '';
  const notes = [
    reason,
    ...(held === '' || condition === 'held' ? [] : [`held ${held}`]),
    ...(maintenance ? [`in maintenance: nothing is started, stopped or monitored`] : []),
    ...(machine === '' ? [] : [`decided for on coordinator machine ${machine}`]),
  ].filter((note) => note !== '');
  const why = notes.map((note) => `\n${printable(note)}`).join('');
  return `${colors.bold(name)} is ${word} (${wish}revision ${revision})${transition}${why}`;
}

const columns: readonly Column[] = [
  { title: 'NAME' },
  { title: 'STATE' },
  { title: 'SINCE', align: 'right' },
  { title: 'FAILURES', align: 'right' },
  { title: 'RUNS' },
  { title: 'RECOVERED BY' },
  { title: 'WANTED' },
  { title: 'REASON' },
];

function assemblyRow(assembly: AssemblyStatus, now: number, colors: Colors): Cell[] {
  const { name, failures, failureLimit, launcherHost, address, sinceUnixMs, reason, monitoring } = assembly;
  const place = launcherHost === '' ? '' : `on ${launcherHost}${address === '' ? '' : ` at ${address}`}`;
  const title = { text: name, paint: colors.bold };
  const counted = countedOf(failures, failureLimit);
  return [
    title,
    assemblyState(assembly, colors),
    age(sinceUnixMs, now),
    counted,
    place,
    '',
    wanted(assembly, colors),
    [reason, monitoring === 'passive' ? 'watched from outside only' : ''].filter((text) => text !== '').join('; '),
  ];
}

/** `running (paused)`: what its VM is in catches the eye, whatever is known of its agent. */
function assemblyState({ state, condition }: AssemblyStatus, colors: Colors): Cell {
  if (condition === '' || condition === 'working') return paintState(state, colors);
  const cell = paintState(condition, colors);
  return typeof cell === 'string' ? cell : { ...cell, text: `${state} (${condition})` };
}

function resourceRow(resource: ResourceStatus, now: number, colors: Colors): Cell[] {
  const { name, state, role, failures, failureLimit, agent, delegated, unmanaged, sinceUnixMs, reason } = resource;
  const by = unmanaged ? 'nobody' : delegated ? 'its agent' : 'coordinator';
  const cell = paintState(state, colors);
  const shown = role === '' || typeof cell === 'string' ? cell : { ...cell, text: `${state} (${role})` };
  const counted = countedOf(failures, failureLimit);
  return [`  ${name}`, shown, age(sinceUnixMs, now), counted, agent, by, wanted(resource, colors), reason];
}

/** What an operator wants of it besides the document. */
function wanted({ wish, unmanaged }: { readonly wish: string; readonly unmanaged: boolean }, colors: Colors): Cell {
  const words = [wish, unmanaged ? 'unmanaged' : ''].filter((word) => word !== '');
  return { text: words.join(', '), paint: colors.yellow };
}

function countedOf(failures: number, limit: number): string {
  return limit === 0 ? String(failures) : `${failures} of ${limit}`;
}

/** `web.vm prefers right until 2026-11-22 12:00:00.000`: an operator's move or ban. */
function renderLocation({ resource, node, kind, role, untilUnixMs }: LocationStatus): string {
  const what = role === '' ? printable(resource) : `${printable(resource)} (${printable(role)})`;
  const until = untilUnixMs > 0 ? ` until ${localDateTime(untilUnixMs)}` : '';
  return `${what} ${kind === 'ban' ? 'is kept away from' : 'prefers'} ${printable(node)}${until}`;
}

function age(sinceUnixMs: number, now: number): string {
  return sinceUnixMs > 0 ? renderElapsed(now - sinceUnixMs) : '';
}

function since(unixMs: number): { readonly since: string | null; readonly sinceUnixMs: number | null } {
  return { since: isoTime(unixMs), sinceUnixMs: unixTime(unixMs) };
}
