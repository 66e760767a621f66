import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import type { OcfMetadata } from './parse-ocf-metadata.js';
import { runToken } from './resource-executor.js';
import { runOcfMetadata } from './run-ocf-metadata.js';

export type OcfDescription =
  | {
      readonly kind: 'described';
      readonly metadata: OcfMetadata;
      /** Names of parameters that the agent's own program mentions, and other words of it: it may know them. */
      readonly mentions: (word: string) => boolean;
      /** Whether the program gives a parameter a value where it has none. */
      readonly supplies: (parameter: string) => boolean;
    }
  | { readonly kind: 'problem'; readonly reason: string };

export interface OcfMetadataSettings {
  /** Tells what is run from what other agents on this machine run. */
  readonly owner: string;
  readonly timeoutMs?: number;
  readonly limitBytes?: number;
}

export interface OcfMetadataReader {
  /**
   * Runs `PROGRAM meta-data`, once for each version of the program (path, time of its last change, size), for 5 s and
   * 1 MiB at most. Never rejects: garbage, a program that hangs or writes without end, are problems with their names.
   */
  describe(path: string, environment: Readonly<Record<string, string>>): Promise<OcfDescription>;
}

const defaults = { timeoutMs: 5000, limitBytes: 1024 * 1024 } as const;
const mostPrograms = 64;
const mostProgramBytes = 512 * 1024;
/** What could not be read may have been the machine's fault: it is tried again, but not at every start. */
const problemMs = 10 * 60 * 1000;

export function ocfMetadataReader(settings: OcfMetadataSettings): OcfMetadataReader {
  const known = new LRUCache<string, Promise<OcfDescription>>({ max: mostPrograms });
  return {
    async describe(path, environment) {
      const version = await versionOf(path);
      if (version === undefined) return { kind: 'problem', reason: 'there is no such file' };
      const key = `${version} ${path}`;
      const found = known.get(key);
      if (found !== undefined) return found;
      const asked = describeProgram(path, environment, settings);
      known.set(key, asked);
      const description = await asked;
      if (description.kind === 'problem') known.set(key, asked, { ttl: problemMs });
      return description;
    },
  };
}

async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return undefined;
  }
}

async function describeProgram(
  path: string,
  environment: Readonly<Record<string, string>>,
  { owner, timeoutMs = defaults.timeoutMs, limitBytes = defaults.limitBytes }: OcfMetadataSettings,
): Promise<OcfDescription> {
  const token = runToken(owner, `meta-data.${createHash('md5').update(path).digest('hex')}`);
  const run = await runOcfMetadata(path, { environment, token, timeoutMs, limitBytes });
  if (run.kind === 'problem') return { kind: 'problem', reason: run.reason };
  const program = await readProgram(path);
  return {
    kind: 'described',
    metadata: run.metadata,
    mentions: (word) => program === undefined || mentions(program, word),
    supplies: (parameter) => program !== undefined && supplies(program, parameter),
  };
}

/** Undefined for what is no script, or a very long one: nothing can be said of it then. */
async function readProgram(path: string): Promise<string | undefined> {
  try {
    if ((await stat(path)).size > mostProgramBytes) return undefined;
    const program = await readFile(path);
    return program.subarray(0, 2).toString('latin1') === '#!' ? program.toString('latin1') : undefined;
  } catch {
    return undefined;
  }
}

function mentions(program: string, word: string): boolean {
  const searched = Buffer.from(word).toString('latin1');
  for (let at = program.indexOf(searched); at >= 0; at = program.indexOf(searched, at + 1)) {
    if (!isWordPart(program[at - 1]) && !isWordPart(program[at + searched.length])) return true;
  }
  return false;
}

function isWordPart(character: string | undefined): boolean {
  return character !== undefined && /[A-Za-z0-9_]/.test(character);
}

/**
 * `OCF_RESKEY_x=value`, `${OCF_RESKEY_x:=value}` and the like, where the value is neither empty nor the (empty) default that
 * resource-agents write down as `OCF_RESKEY_x_default`.
 */
function supplies(program: string, parameter: string): boolean {
  const name = parameter.replace(/[^A-Za-z0-9_]/g, '');
  if (name !== parameter || name === '') return false;
  const nothing = `["']{2}|[\\s;}]|$|["']?\\$\\{?OCF_RESKEY_${name}_default`;
  const assignment = new RegExp(`OCF_RESKEY_${name}:?[=-](?!${nothing})`);
  return assignment.test(program);
}
