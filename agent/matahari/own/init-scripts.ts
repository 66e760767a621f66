import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { initScriptEnvironment } from '../../executors/init-script-environment.js';
import { lastWords } from '../../executors/last-words.js';
import { type Done, done, problem } from '../matahari.js';
import { quoted } from './check-argument.js';
import { isProgram, type Machine } from './machine.js';
import { runFile, runProgram } from './run-program.js';
import { parseInitInfo, renderDescription } from './service-description.js';
import { Lsb, type ServiceManager } from './service-manager.js';

const enableMs = 60_000;

/** Services by their init scripts. @param directory usually /etc/init.d */
export function initScripts(machine: Machine, directory: string): ServiceManager {
  const withScript = async <T>(name: string, work: (path: string) => Promise<Done<T>>): Promise<Done<T>> => {
    const path = scriptPath(directory, name);
    return path === undefined ? unknownService(name) : work(path);
  };
  return {
    list: async () => done(listScripts(directory)),
    find: async (name) => (scriptPath(directory, name) === undefined ? unknownService(name) : undefined),
    run: (name, action, limits) =>
      withScript(name, async (path) => {
        const environment = initScriptEnvironment(machine.path('/'));
        const end = await runFile(path, [action], { ...limits, environment });
        return end.kind === 'problem' ? end : done(end.value.code);
      }),
    enable: (name) => withScript(name, () => setStartAtBoot(machine, name, true)),
    disable: (name) => withScript(name, () => setStartAtBoot(machine, name, false)),
    describe: (name) =>
      withScript(name, async (path) => {
        const text = readText(path);
        if (text === undefined) return problem('failed', `${path} cannot be read`);
        const { short, long } = parseInitInfo(text);
        const actions = ['start', 'stop', 'status', 'restart', 'force-reload'];
        return done(renderDescription({ name, short, long, actions }));
      }),
  };
}

/** Every script that can be run, sorted. */
function listScripts(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => isProgram(join(directory, name)))
      .sort();
  } catch {
    return [];
  }
}

/** Absolute path of a service's script; undefined when there is none. The name is one path component. */
export function scriptPath(directory: string, name: string): string | undefined {
  const path = join(directory, name);
  return isProgram(path) ? path : undefined;
}

/**
 * By update-rc.d(8), or chkconfig(8) where there is no such program. The links have to be there before Debian's can be
 * enabled or disabled, and making them again changes nothing.
 */
export async function setStartAtBoot(machine: Machine, name: string, isWanted: boolean): Promise<Done<number>> {
  if (machine.program('update-rc.d') === undefined) {
    return toCode(await runProgram(machine, 'chkconfig', [name, isWanted ? 'on' : 'off'], { timeoutMs: enableMs }));
  }
  const linked = toCode(await runProgram(machine, 'update-rc.d', [name, 'defaults'], { timeoutMs: enableMs }));
  if (linked.kind === 'problem') return linked;
  const verb = isWanted ? 'enable' : 'disable';
  return toCode(await runProgram(machine, 'update-rc.d', [name, verb], { timeoutMs: enableMs }));
}

export function unknownService(name: string): Done<never> {
  return problem('not-found', `there is no service ${quoted(name)}`, 'name');
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function toCode(end: Awaited<ReturnType<typeof runProgram>>): Done<number> {
  if (end.kind === 'problem') return end;
  const { code, output } = end.value;
  return code === 0 ? done(Lsb.success) : problem('failed', `exit code ${code}${lastWords(output)}`);
}
