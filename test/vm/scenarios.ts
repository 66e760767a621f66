/** Faults that every kind of machine can have, each also with a launcher or a DPE that dies in the middle of it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { describe, test } from 'node:test';
import { containerNames } from '../../launcher/drivers/nspawn/container.js';
import { assertRecovered, deployable, launcherHost, type VmSite } from './vm-site.js';

export interface Fault {
  readonly name: string;
  /** What the events must say of it. */
  readonly told: RegExp;
  readonly happen: (site: VmSite) => Promise<void> | void;
  /** That what runs in the machine has not been touched. */
  readonly isHarmless?: boolean;
}

/** Who dies right after the fault. */
type Witness = 'nobody' | 'launcher' | 'DPE';

const witnesses: readonly Witness[] = ['nobody', 'launcher', 'DPE'];
const scenarioMs = 600_000;

export const applicationCrash: Fault = {
  name: 'the application crashes',
  told: /^db\.redis resource-failed: .*redis/,
  happen: (site) => site.inside('db', 'pkill -KILL redis-server'),
};

export const agentCrash: Fault = {
  name: 'the agent crashes',
  isHarmless: true,
  told: /^db\. agent-restarted/,
  happen: (site) => site.inside('db', 'systemctl kill --kill-whom=main --signal=KILL cpe-agent.service'),
};

export const powerOff: Fault = {
  name: 'the machine is powered off from inside',
  told: /^db\. assembly-failed: /,
  // As `systemctl poweroff` does once it has asked logind, which in a machine that is still booting takes a minute.
  happen: (site) => site.inside('db', 'systemctl --no-block --job-mode=replace-irreversibly start poweroff.target'),
};

/** Nothing of it is heard any more, and it runs: it has to be ended before another one may start. */
export const networkCut: Fault = {
  name: 'the network of the machine is cut',
  told: /^db\. assembly-(suspect|failed): .*silent/,
  happen: (site) => {
    execFileSync('ip', ['link', 'set', 'dev', portOf(site, 'db'), 'down']);
  },
};

/** @param kill ends what the machine runs on */
export function machineKilled(kill: (site: VmSite, assembly: string) => void): Fault {
  return {
    name: 'the machine is killed',
    told: /^db\. assembly-failed: .*(signal 9|ended|gone|Killed)/,
    happen: (site) => kill(site, 'db'),
  };
}

export function describeFaults(
  site: () => VmSite,
  faults: readonly { readonly fault: Fault; readonly dying?: readonly Witness[] }[],
): void {
  for (const { fault, dying = witnesses } of faults) {
    describe(fault.name, () => {
      for (const witness of dying) {
        const meanwhile = witness === 'nobody' ? 'and is repaired' : `and the ${witness} dies meanwhile`;
        test(`${fault.name}, ${meanwhile}`, { timeout: scenarioMs }, async () => {
          const since = await site().lastSeq();
          const before = await site().databaseRun();
          await fault.happen(site());
          await endWitness(site(), witness);
          // What leaves no trace is not told by a DPE that has not seen it.
          if (fault.isHarmless !== true || witness !== 'DPE') await told(site(), since, fault.told);
          await assertRecovered(site(), since);
          assert.equal((await site().databaseRun()) === before, fault.isHarmless === true);
        });
      }
    });
  }
}

/** Resolves with the event of which this is told: `assembly.resource kind: reason`. */
export async function told(site: VmSite, since: number, what: RegExp): Promise<void> {
  await site.event(
    since,
    ({ assembly, resource, kind, reason }) => what.test(`${assembly}.${resource} ${kind}: ${reason}`),
    120_000,
  );
}

async function endWitness(site: VmSite, witness: Witness): Promise<void> {
  if (witness === 'nobody') return;
  const name = witness === 'DPE' ? `dped-${deployable}` : `launcherd-${launcherHost}`;
  process.kill(await site.pid(witness === 'DPE' ? 'dped' : 'launcherd', name), 'SIGKILL');
}

/**
 * The interface of a machine on the bridge: that of a virtual machine says in its alias whose it is. One that somebody else has
 * left may say the same, and nothing is at its other end.
 */
function portOf(site: VmSite, assembly: string): string {
  const { instance } = site.instance(assembly);
  const links = JSON.parse(execFileSync('ip', ['-json', 'link', 'show'], { encoding: 'utf8' })) as {
    ifname: string;
    ifalias?: string;
    flags: readonly string[];
  }[];
  const ofContainer = containerNames(realpathSync(site.home), launcherHost, instance).interface;
  const port = links
    .filter(({ flags }) => flags.includes('LOWER_UP'))
    .find(({ ifname, ifalias }) => ifname === ofContainer || ifalias === instance);
  if (port === undefined) throw new Error(`no network interface is that of ${instance}`);
  return port.ifname;
}
