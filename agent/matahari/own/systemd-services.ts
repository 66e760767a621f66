import type { SystemdManager, SystemdReply, UnitState } from '../../systemd/systemd-manager.js';
import { parseUnitName } from '../../systemd/unit-name.js';
import { type Done, done, problem } from '../matahari.js';
import { scriptPath, setStartAtBoot, unknownService } from './init-scripts.js';
import type { Machine } from './machine.js';
import { renderDescription } from './service-description.js';
import { Lsb, type ServiceManager } from './service-manager.js';

const suffix = '.service';
/** What systemd answers to a reload of a unit that has none. */
const notApplicable = 'org.freedesktop.systemd1.JobTypeNotApplicable';

export interface SystemdServicesSettings {
  readonly machine: Machine;
  /** Of services that are no units of their own. */
  readonly initScripts: string;
  readonly systemd: () => Promise<SystemdManager>;
}

/** Services as systemd has them: `nginx` is `nginx.service`, and so it is listed. */
export function systemdServices({ machine, initScripts, systemd }: SystemdServicesSettings): ServiceManager {
  const ask = async <T>(question: (manager: SystemdManager) => Promise<SystemdReply<T>>): Promise<Done<T>> => {
    try {
      return toDone(await question(await systemd()));
    } catch (error) {
      return problem('unavailable', `systemd cannot be reached: ${(error as Error).message}`);
    }
  };

  /** A unit that is there in some form: masked, or running although its file is gone. */
  const findUnit = async (name: string): Promise<Done<UnitState>> => {
    const parsed = parseUnitName(name);
    if (parsed.kind === 'invalid') return problem('invalid-argument', parsed.reason, 'name');
    const found = await ask((manager) => manager.unit(parsed.name));
    if (found.kind === 'problem') return found;
    const { loadState, activeState } = found.value;
    return loadState === 'not-found' && activeState === 'inactive' ? unknownService(name) : found;
  };

  const setEnabled = async (name: string, isWanted: boolean): Promise<Done<number>> => {
    const unit = await findUnit(name);
    if (unit.kind === 'problem') return unit;
    const { name: unitName } = unit.value;
    const set = await ask((manager) => (isWanted ? manager.enable(unitName) : manager.disable(unitName)));
    if (set.kind === 'done') return done(Lsb.success);
    // A unit that systemd-sysv-generator(8) has made of an init script is started at boot by the script's own links.
    const isGenerated = unit.value.fragmentPath.startsWith('/run/systemd/generator');
    const script = isGenerated ? scriptPath(initScripts, name) : undefined;
    return script === undefined ? set : setStartAtBoot(machine, name, isWanted);
  };

  return {
    list: async () => {
      const listed = await ask((manager) => manager.listServices());
      return listed.kind === 'problem' ? listed : done(serviceNames(listed.value.map(({ name }) => name)));
    },
    find: async (name) => {
      const unit = await findUnit(name);
      return unit.kind === 'problem' ? unit : undefined;
    },
    run: async (name, action, { timeoutMs, signal }) => {
      const unit = await within(timeoutMs, findUnit(name), name);
      if (unit.kind === 'problem') return unit;
      if (action === 'status') return done(statusOf(unit.value));
      if (action === 'force-reload') return done(Lsb.unimplemented);
      const ended = await ask(async (manager) => {
        const reply = await manager.runJob(unit.value.name, action, timeoutMs, signal);
        return reply.kind === 'refused' && reply.name === notApplicable
          ? { kind: 'done', value: notApplicable }
          : reply;
      });
      if (ended.kind === 'problem') return ended;
      if (signal?.aborted === true) return problem('failed', `${action} of service ${name} was cancelled`);
      if (ended.value === 'timeout') return notInTime(name, timeoutMs);
      if (ended.value === notApplicable) return done(Lsb.unimplemented);
      return done(ended.value === 'done' ? Lsb.success : Lsb.failed);
    },
    enable: (name) => setEnabled(name, true),
    disable: (name) => setEnabled(name, false),
    describe: async (name) => {
      const unit = await findUnit(name);
      if (unit.kind === 'problem') return unit;
      const { description, fragmentPath } = unit.value;
      const long = fragmentPath === '' ? description : `${description}\nUnit of systemd: ${fragmentPath}`;
      const actions = ['start', 'stop', 'status', 'restart', 'reload'];
      return done(renderDescription({ name, short: description, long, actions }));
    },
  };
}

/** Names without their suffix, sorted; a template is no service before it has an instance. */
export function serviceNames(units: readonly string[]): readonly string[] {
  const names = units.filter((unit) => unit.endsWith(suffix) && !unit.endsWith(`@${suffix}`));
  return [...new Set(names.map((unit) => unit.slice(0, -suffix.length)))].sort();
}

/** What systemctl(1) `status` exits with: a service that starts, stops or has failed does not run. */
function statusOf({ activeState }: UnitState): number {
  return activeState === 'active' || activeState === 'reloading' ? Lsb.running : Lsb.stopped;
}

function toDone<T>(reply: SystemdReply<T>): Done<T> {
  switch (reply.kind) {
    case 'done':
      return done(reply.value);
    case 'unavailable':
      return problem('unavailable', reply.message);
    case 'refused':
      return problem('failed', `${reply.message} (${reply.name})`);
  }
}

async function within<T>(timeoutMs: number, work: Promise<Done<T>>, name: string): Promise<Done<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Done<T>>((resolve) => {
    timer = setTimeout(() => resolve(notInTime(name, timeoutMs)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function notInTime(name: string, timeoutMs: number): Done<never> {
  return problem('timeout', `service ${name} did not answer within ${timeoutMs / 1000} s`);
}
