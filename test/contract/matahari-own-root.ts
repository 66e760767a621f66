import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { eventually } from './matahari-under-test.js';

/** What stands for `/` where our own Matahari looks at its machine: nothing of the real one is changed through it. */
export interface OwnRoot {
  readonly path: string;
  readonly asked: () => Promise<readonly string[]>;
  readonly isEnabled: (name: string) => Promise<boolean>;
}

export const powerProfiles = ['balanced', 'powersave', 'off'] as const;
export const augeasQuery = { text: '/files/etc/hostname/hostname', data: 'shop', unknown: '/files/none' } as const;

/**
 * The kernel's files of the real machine, booted by an init of the classic kind.
 *
 * @param furnished with hardware and programs: DMI, PC speaker, tuned, puppet, augeas, update-rc.d
 */
export function makeOwnRoot(path: string, furnished: boolean): OwnRoot {
  const log = (name: string) => join(path, 'log', name);
  const write = (at: string, text: string): void => {
    mkdirSync(dirname(join(path, at)), { recursive: true });
    writeFileSync(join(path, at), text);
  };
  const program = (name: string, script: string): void => {
    write(`usr/sbin/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(join(path, 'usr/sbin', name), 0o755);
  };
  const link = (at: string): void => {
    mkdirSync(dirname(join(path, at)), { recursive: true });
    symlinkSync(`/${at}`, join(path, at));
  };
  for (const at of ['proc/meminfo', 'proc/cpuinfo', 'proc/loadavg', 'proc/sys', 'sys/class/net']) link(at);
  write('etc/machine-id', '3d1219c7c4c5404aaa1f6d2a48adfda4\n');
  write('proc/1/comm', 'init\n');
  write('proc/1/stat', '1 (init) S 0 1 1 0 -1\n');
  write('proc/17/stat', '17 (a (worker)) R 1 17 17 0 -1\n');
  write('run/initctl', '');
  write('log/orders', '');
  program('ip', 'exec ip "$@"');
  program('shutdown', `case "$1" in -r) echo reboot ;; *) echo shutdown ;; esac >> '${log('orders')}'`);
  if (furnished) furnish({ write, program, log });
  return {
    path,
    asked: async () => {
      const orders = () => readFileSync(log('orders'), 'utf8').split('\n').filter(Boolean);
      await eventually('both orders', () => orders().length >= 2);
      return orders();
    },
    isEnabled: async (name) => readFileSync(log(`boot-${name}`), 'utf8') === 'enable\n',
  };
}

interface Furnishing {
  write(at: string, text: string): void;
  program(name: string, script: string): void;
  log(name: string): string;
}

function furnish({ write, program, log }: Furnishing): void {
  write('sys/class/dmi/id/product_uuid', '4c4c4544-0042-3510-8054-b4c04f4d4e31\n');
  write('dev/input/by-path/platform-pcspkr-event-spkr', '');
  write('log/profile', 'balanced');
  program(
    'tuned-adm',
    `case "$1" in
  list) echo "Available profiles:"; echo "- balanced                    - General purpose"; echo "- powersave"
    echo "Current active profile: $(cat '${log('profile')}')" ;;
  active) echo "Current active profile: $(cat '${log('profile')}')" ;;
  profile) printf %s "$2" > '${log('profile')}' ;;
  off) printf off > '${log('profile')}' ;;
  *) exit 2 ;;
esac`,
  );
  program('puppet', '[ "$1" = apply ] || exit 1; shift; while [ $# -gt 1 ]; do shift; done; exec /bin/sh "$1"');
  program(
    'augtool',
    `if [ "$1" = get ]; then
  if [ "$2" = '${augeasQuery.text}' ]; then echo "$2 = ${augeasQuery.data}"; else echo "$2 (o)"; fi
  exit 0
fi
while [ $# -gt 1 ]; do shift; done
exec /bin/sh "$1"`,
  );
  program('update-rc.d', `case "$2" in enable|disable) echo "$2" > '${log('boot-')}'"$1" ;; esac`);
}
