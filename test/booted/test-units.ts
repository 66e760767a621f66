/** Units that a test inside a machine writes, and takes away again with everything of them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';

const directory = '/run/systemd/system';

export interface TestUnits {
  /** Writes a unit file and has systemd read it; returns the unit's name. */
  write(name: string, service: readonly string[], unit?: readonly string[]): string;
  dropIn(unit: string, file: string, lines: readonly string[]): void;
  /** Another name for a unit. */
  alias(name: string, of: string): string;
  /** A name that nobody can start. */
  mask(name: string): string;
  /** To be removed as well, though it was not written here: an instance of a template. */
  adopt(name: string): string;
  remove(): void;
}

export function testUnits(): TestUnits {
  const names = new Set<string>();
  const adopt = (name: string): string => {
    names.add(name);
    return name;
  };
  return {
    write(name, service, unit = []) {
      writeFileSync(`${directory}/${name}`, `${['[Unit]', ...unit, '[Service]', ...service].join('\n')}\n`);
      systemctl('daemon-reload');
      return adopt(name);
    },
    dropIn(unit, file, lines) {
      mkdirSync(`${directory}/${unit}.d`, { recursive: true });
      writeFileSync(`${directory}/${unit}.d/${file}`, `${lines.join('\n')}\n`);
      systemctl('daemon-reload');
    },
    alias(name, of) {
      symlinkSync(`${directory}/${of}`, `${directory}/${name}`);
      systemctl('daemon-reload');
      return adopt(name);
    },
    mask(name) {
      systemctl('mask', '--runtime', name);
      return adopt(name);
    },
    adopt,
    remove() {
      for (const name of names) {
        // One that cannot be loaded cannot be stopped.
        spawnSync('systemctl', ['kill', '--signal=KILL', name]);
        spawnSync('systemctl', ['stop', name]);
        spawnSync('systemctl', ['reset-failed', name]);
        rmSync(`${directory}/${name}`, { force: true });
        rmSync(`${directory}/${name}.d`, { recursive: true, force: true });
      }
      systemctl('daemon-reload');
    },
  };
}

export function systemctl(...words: string[]): string {
  return execFileSync('systemctl', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
