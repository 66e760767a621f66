import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The files of the machine that the agent runs on: as the kernel, the installation and the packages show it. */
export interface Machine {
  /** Where an absolute path of the machine is. */
  path(absolute: string): string;
  /** A whole file as text; undefined when it cannot be read. */
  read(absolute: string): string | undefined;
  /** Names in a directory, sorted; empty when it cannot be read. */
  list(absolute: string): readonly string[];
  isDirectory(absolute: string): boolean;
  /** Absolute path of an installed program; undefined when there is none of that name. */
  program(name: string): string | undefined;
}

const programDirectories = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'] as const;

/** @param root `/`, or the directory that stands for it */
export function machineAt(root: string): Machine {
  const path = (absolute: string): string => join(root, absolute);
  return {
    path,
    read: (absolute) => {
      try {
        return readFileSync(path(absolute), 'utf8');
      } catch {
        return undefined;
      }
    },
    list: (absolute) => {
      try {
        return readdirSync(path(absolute)).sort();
      } catch {
        return [];
      }
    },
    isDirectory: (absolute) => statSync(path(absolute), { throwIfNoEntry: false })?.isDirectory() ?? false,
    program: (name) => programDirectories.map((directory) => path(join(directory, name))).find(isProgram),
  };
}

/** Whether a path is a file that may be executed. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
