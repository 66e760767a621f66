/** A deployable whose state everybody on this machine can see: three programs that no other test runs. */
import assert from 'node:assert/strict';
import { pidsOf, until } from '../e2e/site.js';
import type { NetworkSite } from './network-site.js';

export type Sleeper = 'web' | 'book' | 'far';
export const deployable = 'shop';

const mark = `${process.pid}`;
const argument: Record<Sleeper, string> = { web: `1${mark}`, book: `2${mark}`, far: `3${mark}` };
export const commandOf = (name: Sleeper): string => `sleep ${argument[name]}`;
export const sleepers = ['web', 'book', 'far'] as const;

/** `web` is on c; `book`, which is exclusive, and `far` are on d. All may be on either. */
export function threeSleepers(): string {
  const budget = 'escalation: { failures: 50, period: 1h }';
  const assembly = (name: Sleeper, options = '') => `
  ${name}:
    ${budget}
    resources: { run: { exec: { command: [sleep, "${argument[name]}"] }, ${budget}${options} } }`;
  const isIn = (host: string) => `{ attribute: "#uname", is: eq, value: ${host} }`;
  const prefers = (name: Sleeper, host: string) => `
  - location: { assembly: ${name}, rule: { score: 100, expressions: [${isIn(host)}] } }`;
  return `
deployable: ${deployable}
hosts: [c, d]
assemblies:${assembly('web')}${assembly('book', ', exclusive: true')}${assembly('far')}
constraints:${prefers('web', 'c')}${prefers('book', 'd')}${prefers('far', 'd')}
`;
}

const deadlineMs = 120_000;

export const pidOf = (name: Sleeper): number | undefined => pidsOf(commandOf(name))[0];
export const pids = (): readonly (number | undefined)[] => sleepers.map(pidOf);

export async function gone(name: Sleeper): Promise<void> {
  await until(`${name} to stop`, deadlineMs, async () => (pidOf(name) === undefined ? true : undefined));
}

/** Its pid, once it has another one than `before`. */
export async function runs(name: Sleeper, before?: number): Promise<number> {
  return until(`${name} to run`, deadlineMs, async () => pidsOf(commandOf(name)).find((pid) => pid !== before));
}

/** Kills it; resolves when it runs again, with its pid. */
export async function killed(name: Sleeper): Promise<number> {
  const before = pidOf(name);
  assert.ok(before !== undefined, `${name} does not run`);
  process.kill(before, 'SIGKILL');
  return runs(name, before);
}

/** Pid of the init of an assembly's instance. */
export async function instancePid({ cpectl }: NetworkSite, name: Sleeper): Promise<number> {
  const { instances } = await cpectl.json<{ instances: readonly { assembly: string; pid: number }[] }>('info');
  const found = instances.find(({ assembly }) => assembly === name);
  assert.ok(found !== undefined, `no instance of ${name}: ${JSON.stringify(instances)}`);
  return found.pid;
}

export async function hostState({ cpectl }: NetworkSite, host: string, state: string): Promise<void> {
  let last = '';
  await until(
    `launcher host ${host} to be ${state}`,
    deadlineMs,
    async () => {
      // While the bus comes back there may be no answer.
      const { code, text } = await cpectl.run('--json', 'host', 'list');
      last = text;
      if (code !== 0) return undefined;
      const hosts = JSON.parse(text) as readonly { name: string; state: string }[];
      return hosts.some((each) => each.name === host && each.state === state) ? true : undefined;
    },
    async () => last,
  );
}

/** What has happened to assemblies and resources since then, as `KIND ASSEMBLY`, in order. */
export async function disturbed({ cpectl }: NetworkSite, since: number): Promise<readonly string[]> {
  return (await cpectl.events(since))
    .filter(({ kind }) => /^(resource|assembly)-/.test(kind) && !/-(suspect|heard)$/.test(kind))
    .map(({ kind, assembly }) => `${kind} ${assembly}`);
}

/** The assemblies that something has happened to. */
export async function whomDisturbed(site: NetworkSite, since: number): Promise<readonly string[]> {
  return [...new Set((await disturbed(site, since)).map((text) => text.split(' ')[1] ?? ''))].sort();
}
