import { isAbsolute } from 'node:path';
import type { OcfDescription } from './ocf-metadata.js';

/** Where resources of class `ocf` say which process is their main one. */
export interface OcfPidFiles {
  /** Takes the agent's own default from its meta-data. */
  learn(program: string, description: OcfDescription): void;
  isLearned(program: string): boolean;
  /** Absolute path; undefined where the agent has no such parameter, or its default is not learned yet. */
  find(program: string, parameters: Readonly<Record<string, string>>): string | undefined;
}

/** As most agents of daemons call it (resource-agents: `pidfile`, or `pid`). */
const names = ['pidfile', 'pid'] as const;

export function ocfPidFiles(): OcfPidFiles {
  const defaults = new Map<string, string | undefined>();
  return {
    learn(program, description) {
      const known = description.kind === 'described' ? description.metadata.parameters : [];
      const values = names.map((name) => known.find((parameter) => parameter.name === name)?.default);
      defaults.set(program, values.find(isPath));
    },
    isLearned: (program) => defaults.has(program),
    find: (program, parameters) => names.map((name) => parameters[name]).find(isPath) ?? defaults.get(program),
  };
}

function isPath(value: string | undefined): value is string {
  return value !== undefined && isAbsolute(value);
}
