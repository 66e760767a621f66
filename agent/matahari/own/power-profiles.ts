import { lastWords } from '../../executors/last-words.js';
import { type Done, done, problem } from '../matahari.js';
import { checkWord } from './check-argument.js';
import type { Machine } from './machine.js';
import { runProgram } from './run-program.js';

/** tuned(8) by its program tuned-adm(8); `off` is the profile of a machine that is not tuned. */
export interface PowerProfiles {
  set(profile: string): Promise<Done<number>>;
  get(): Promise<Done<string>>;
  list(): Promise<Done<readonly string[]>>;
}

const off = 'off';
const timeoutMs = 30_000;

export function powerProfiles(machine: Machine): PowerProfiles {
  const tuned = async (...argv: readonly string[]): Promise<Done<string>> => {
    const end = await runProgram(machine, 'tuned-adm', argv, { timeoutMs });
    if (end.kind === 'problem') return end;
    const { code, output } = end.value;
    return code === 0 ? done(output) : problem('failed', `tuned-adm ${argv[0]}: exit code ${code}${lastWords(output)}`);
  };
  const list = async (): Promise<Done<readonly string[]>> => {
    const listed = await tuned('list', 'profiles');
    return listed.kind === 'problem' ? listed : done(parseProfiles(listed.value));
  };
  return {
    list,
    get: async () => {
      const active = await tuned('active');
      // Not tuned: exit code 0 or 1, as its version likes it.
      if (active.kind === 'problem')
        return /No current active profile/.test(active.problem.message) ? done(off) : active;
      return done(parseActiveProfile(active.value));
    },
    set: async (profile) => {
      const known = await list();
      if (known.kind === 'problem') return known;
      const objection = checkWord('profile', profile, known.value);
      if (objection !== undefined) return objection;
      const set = profile === off ? await tuned('off') : await tuned('profile', profile);
      return set.kind === 'problem' ? set : done(0);
    },
  };
}

/** Lines `- NAME` or `- NAME   - what it is for`; `off` is always there. */
function parseProfiles(output: string): readonly string[] {
  const names = output.split('\n').flatMap((line) => /^- (\S+)/.exec(line)?.[1] ?? []);
  return names.includes(off) ? names : [...names, off];
}

/** The first line has the name after its colon. */
function parseActiveProfile(output: string): string {
  return /^Current active profile:\s*(\S+)/m.exec(output)?.[1] ?? off;
}
