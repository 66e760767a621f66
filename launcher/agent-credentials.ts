/** The credentials of agents, as their deciders have made them: a file each, for its owner only, as long as its instance. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from './durable-file.js';

export interface AgentCredentials {
  /** Writes them and returns the file's path. Rejects when the disk does not take them. */
  keep(instance: string, credentials: string): Promise<string>;
  /** Harmless when there are none. */
  drop(instance: string): Promise<void>;
  /** Drops those of all other instances. */
  keepOnly(instances: readonly string[]): Promise<void>;
}

const suffix = '.creds';

export async function openAgentCredentials(directory: string): Promise<AgentCredentials> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const fileOf = (instance: string) => join(directory, `${instance}${suffix}`);
  const drop = (instance: string) => rm(fileOf(instance), { force: true });
  return {
    async keep(instance, credentials) {
      const file = fileOf(instance);
      await replaceFile(file, credentials);
      return file;
    },
    drop,
    async keepOnly(instances) {
      const known = new Set(instances.map((instance) => `${instance}${suffix}`));
      const others = (await readdir(directory)).filter((name) => !known.has(name));
      await Promise.all(others.map((name) => rm(join(directory, name), { force: true })));
    },
  };
}
