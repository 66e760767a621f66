import { lastWords } from '../../executors/last-words.js';
import { type Done, done, type NetworkObject, problem } from '../matahari.js';
import { quoted } from './check-argument.js';
import type { Machine } from './machine.js';
import type { OwnParts } from './own-options.js';
import { runProgram } from './run-program.js';

const up = 0;
const down = 1;
/** linux/if.h */
const iffUp = 0x1;
const timeoutMs = 10_000;
/** A cable or a peer may need a moment after the interface was taken up. */
const carrierMs = 5000;
const pollMs = 50;

/** The Network object by what the kernel shows in /sys/class/net, and by ip(8). */
export function ownNetwork({ machine, properties }: OwnParts): NetworkObject {
  const withInterface = async <T>(iface: string, work: () => Promise<Done<T>>): Promise<Done<T>> =>
    checkInterface(machine, iface) ?? work();
  return {
    get: properties,
    list: async () => done(listInterfaces(machine)),
    start: (iface) =>
      withInterface(iface, async () => {
        const set = await ip(machine, ['link', 'set', 'dev', iface, 'up']);
        return set.kind === 'problem' ? set : awaitRunning(machine, iface);
      }),
    stop: (iface) =>
      withInterface(iface, async () => {
        const set = await ip(machine, ['link', 'set', 'dev', iface, 'down']);
        return set.kind === 'problem' ? set : readStatus(machine, iface);
      }),
    status: (iface) => withInterface(iface, async () => readStatus(machine, iface)),
    getIpAddress: (iface) => withInterface(iface, () => readAddress(machine, iface)),
    getMacAddress: (iface) =>
      withInterface(iface, async () => {
        const mac = machine.read(`/sys/class/net/${iface}/address`)?.trim() ?? '';
        return mac === '' ? problem('not-found', `${iface} has no hardware address`) : done(mac);
      }),
  };
}

/** Every interface is a directory there; a file such as bonding_masters is none. */
function listInterfaces(machine: Machine): readonly string[] {
  return machine.list('/sys/class/net').filter((name) => machine.isDirectory(`/sys/class/net/${name}`));
}

/** Names as the kernel allows them (net/core/dev.c, dev_valid_name), and only of what is there. */
function checkInterface(machine: Machine, iface: string): Done<never> | undefined {
  if (!/^[^\s/:\0]{1,15}$/.test(iface) || iface === '.' || iface === '..') {
    const allowed = '1 to 15 characters without blanks, slashes and colons';
    return problem('invalid-argument', `iface ${quoted(iface)} is no name of an interface: ${allowed}`, 'iface');
  }
  if (listInterfaces(machine).includes(iface)) return undefined;
  return problem('not-found', `there is no network interface ${quoted(iface)}`, 'iface');
}

/**
 * Up by its administrator, and running: RFC 2863's operational state is up, or unknown for drivers that do not tell
 * (lo, dummy), as the kernel counts it itself (linux/netdevice.h, netif_oper_up).
 */
function readStatus(machine: Machine, iface: string): Done<number> {
  const flags = machine.read(`/sys/class/net/${iface}/flags`);
  if (flags === undefined) return problem('not-found', `the network interface ${iface} is gone`, 'iface');
  const state = machine.read(`/sys/class/net/${iface}/operstate`)?.trim() ?? '';
  const isRunning = (Number(flags) & iffUp) !== 0 && (state === 'up' || state === 'unknown');
  return done(isRunning ? up : down);
}

async function awaitRunning(machine: Machine, iface: string): Promise<Done<number>> {
  const deadline = performance.now() + carrierMs;
  for (;;) {
    const status = readStatus(machine, iface);
    if (status.kind === 'problem' || status.value === up || performance.now() > deadline) return status;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** The first IPv4 address, else the first IPv6 one that others can reach, else the first of its link. */
async function readAddress(machine: Machine, iface: string): Promise<Done<string>> {
  const shown = await ip(machine, ['-json', 'address', 'show', 'dev', iface]);
  if (shown.kind === 'problem') return shown;
  const addresses = parseAddresses(shown.value);
  const address =
    addresses.find(({ family }) => family === 'inet') ??
    addresses.find(({ scope }) => scope === 'global') ??
    addresses[0];
  return address === undefined ? problem('not-found', `${iface} has no IP address`) : done(address.local);
}

interface Address {
  readonly family: string;
  readonly local: string;
  /** global | site | link | host */
  readonly scope?: string;
}

/** @param text what `ip -json address show dev IFACE` prints; anything else has no addresses */
export function parseAddresses(text: string): readonly Address[] {
  let links: unknown;
  try {
    links = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(links)) return [];
  return links.flatMap((link: { addr_info?: unknown } | null) =>
    Array.isArray(link?.addr_info) ? link.addr_info.filter(isAddress) : [],
  );
}

function isAddress(value: unknown): value is Address {
  const { family, local } = (value ?? {}) as Partial<Address>;
  return (family === 'inet' || family === 'inet6') && typeof local === 'string';
}

async function ip(machine: Machine, argv: readonly string[]): Promise<Done<string>> {
  const end = await runProgram(machine, 'ip', argv, { timeoutMs });
  if (end.kind === 'problem') return end;
  const { code, output } = end.value;
  return code === 0 ? done(output) : problem('failed', `ip ${argv.join(' ')}: exit code ${code}${lastWords(output)}`);
}
