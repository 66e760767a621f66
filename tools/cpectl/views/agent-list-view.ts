import type { AgentDescription, ProcessInfo } from '../../../proto/messages.js';
import type { Colors } from '../terminal.js';
import { type Column, renderTable } from './table.js';
import { isoTime, renderElapsed, unixTime } from './times.js';

/** An agent as its launcher knows it, and its own word; undefined when it did not answer. */
export interface ListedAgent {
  readonly agent: ProcessInfo;
  readonly description: AgentDescription | undefined;
}

export function agentListJson({ agent, description }: ListedAgent): Record<string, unknown> {
  const { deployable, assembly, name, launcherHost, address, pid } = agent;
  const startedUnixMs = description?.startedUnixMs ?? 0;
  return {
    deployable,
    assembly,
    instance: name,
    launcherHost,
    address,
    pid: pid === 0 ? null : pid,
    answers: description !== undefined,
    version: description?.version ?? null,
    incarnation: description?.incarnation ?? null,
    started: isoTime(startedUnixMs),
    startedUnixMs: unixTime(startedUnixMs),
    memoryBytes: description?.memoryBytes ?? null,
    resources: description?.resources.length ?? null,
    reportsWaiting: description?.reportsWaiting ?? null,
    backends: description?.backends ?? null,
  };
}

const columns: readonly Column[] = [
  { title: 'ASSEMBLY' },
  { title: 'INSTANCE' },
  { title: 'HOST' },
  { title: 'ADDRESS' },
  { title: 'VERSION' },
  { title: 'UP', align: 'right' },
  { title: 'MEMORY', align: 'right' },
  { title: 'RESOURCES', align: 'right' },
  { title: 'REPORTS', align: 'right' },
  { title: 'BACKENDS' },
];

export function renderAgentList(listed: readonly ListedAgent[], now: number, colors: Colors): string {
  const rows = listed.map(({ agent, description }) => [
    { text: `${agent.deployable}/${agent.assembly}`, paint: colors.bold },
    agent.name,
    agent.launcherHost,
    agent.address,
    ...(description === undefined
      ? ['', '', '', '', '', { text: 'it does not answer', paint: colors.red }]
      : [
          description.version,
          renderElapsed(now - description.startedUnixMs),
          `${Math.round(description.memoryBytes / 2 ** 20)}MiB`,
          String(description.resources.length),
          description.reportsWaiting === 0 ? '' : `${description.reportsWaiting} waiting`,
          backendWords(description.backends),
        ]),
  ]);
  return renderTable(columns, rows, colors);
}

/** `own`, or `own (dbus: Resources, Services)`: what most objects have, and the exceptions. */
export function backendWords(backends: Readonly<Record<string, string>>): string {
  const kinds = [...new Set(Object.values(backends))];
  const of = (kind: string) => Object.keys(backends).filter((object) => backends[object] === kind);
  const [most, ...others] = kinds.sort((a, b) => of(b).length - of(a).length);
  if (most === undefined) return '';
  const rest = others.map((kind) => `${kind}: ${of(kind).sort().join(', ')}`);
  return rest.length === 0 ? most : `${most} (${rest.join('; ')})`;
}
