import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, pidsWhere, until } from './launcher-driver-local-fixture.js';

/**
 * A libvirtd that sees nothing of the machine's own one: directories of its own in a mount namespace, and a PID namespace
 * whose end is that of everything in it. For root it is that of a machine (qemu:///system), whose guests run as a user of
 * their own, as they do on Debian; for others that of a user (qemu:///session).
 */
export interface PrivateLibvirtd {
  /** For drivers and for virsh. */
  readonly uri: string;
  /** Rejects with what virsh says when it fails. */
  virsh(...args: readonly string[]): Promise<string>;
  /** libvirtd as this machine sees it; its guests are no children of it. */
  pid(): number;
  kill(): Promise<void>;
  /** Also again: whatever it ran is there again. */
  start(): Promise<void>;
  /** What it knows of the domains that run. */
  readonly stateDirectory: string;
  dispose(): Promise<void>;
}

/** Of Debian's libvirt-daemon-system. */
export const guestUser = 64055;

/**
 * $1: the directory. As PID 1 it reaps whoever has lost their parents, at once. No path of this libvirtd leads through
 * $1, which may be open to root alone: what is bound is reached from the root directory.
 */
const SYSTEM_INIT = `
set -e
mount --make-rprivate /
mount --bind "$1/etc" /etc/libvirt
mount --bind "$1/run" /run
# Where guests of its launcher are, unless it is told otherwise.
mkdir /run/machine
mount --bind /var/lib /run/machine
ln -s /run/machine/pacemaker-cloud-guests "$1/lib/pacemaker-cloud-guests"
mount --bind "$1/lib" /var/lib
mount --bind "$1/log" /var/log
mount --bind "$1/cache" /var/cache
mount --bind "$1/passwd" /etc/passwd
mount --bind "$1/group" /etc/group
[ ! -e /dev/kvm ] || mount --bind "$1/no-kvm" /dev/kvm
: > "$1/ready"
trap : HUP
while :; do sleep 3600; done
`;

/** That of a user has its directories where its environment says. */
const SESSION_INIT = `
set -e
/usr/sbin/libvirtd -d -f "$1/daemon.conf"
: > "$1/ready"
while :; do sleep 3600; done
`;

/** Without logs of its own, devices of its own, or anybody to ask for permission. */
const QEMU_CONF = 'stdio_handler = "file"\nnamespaces = []\nsecurity_driver = "none"\n';

/** Why there can be none here, for tests to say aloud; undefined when there can. */
export function withoutLibvirtd(): string | false {
  for (const program of ['/usr/sbin/libvirtd', '/usr/bin/virsh', '/usr/bin/qemu-system-x86_64', '/usr/bin/qemu-img']) {
    if (!isExecutable(program)) return `needs ${program}`;
  }
  return false;
}

/** Loud in the output: what is not tested without root. */
export function withoutRoot(): string | false {
  return process.getuid?.() === 0 ? false : 'needs root, for a libvirtd like that of a machine';
}

/** In a directory that is there. Without root it starts once, and can not be started again. */
export async function startPrivateLibvirtd(directory: string): Promise<PrivateLibvirtd> {
  for (const name of ['etc', 'lib', 'log', 'cache', 'run']) {
    mkdirSync(join(directory, name), { recursive: true });
    // Guests have to get at what is theirs below it, whatever the umask is.
    chmodSync(join(directory, name), 0o755);
  }
  const configuration = join(directory, 'daemon.conf');
  const kind = withoutRoot() === false ? systemKind(directory) : sessionKind(directory);
  writeFileSync(configuration, kind.configuration);

  const args = [...kind.namespaces, '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const holder = spawn('unshare', [...args, 'sh', '-c', kind.init, 'sh', directory], {
    stdio: ['ignore', 'inherit', 'ignore'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...kind.environment },
  });
  const holderEnded = new Promise<void>((resolve) => holder.once('exit', () => resolve()));
  const virsh = (...words: readonly string[]) => runVirsh(kind.uri, words);
  const daemons = () => pidsWhere((words) => words[0] === '/usr/sbin/libvirtd' && words.includes(configuration));
  const dispose = async () => {
    const init = childOf(holder);
    holder.kill('SIGKILL');
    if (init !== undefined && isRunning(init)) process.kill(init, 'SIGKILL');
    await holderEnded;
    await until('everything of it has ended', () => (init === undefined || !isRunning(init)) && daemons().length === 0);
  };
  const start = async () => {
    await until('the namespaces are there', () => existsSync(join(directory, 'ready')));
    if (withoutRoot() === false) {
      const target = ['--target', `${childOf(holder)}`, '--mount', '--pid'];
      // As a daemon it is a child of the namespace's init. Its complaints about a machine without D-Bus and udev say
      // nothing about us.
      const daemon = ['sh', '-c', 'umask 022 && exec "$@"', 'sh', '/usr/sbin/libvirtd', '-d', '-f', configuration];
      spawn('nsenter', [...target, ...daemon], { stdio: 'ignore' });
    }
    await until('libvirtd answers', async () => (await virsh('list').catch(() => undefined)) !== undefined);
  };
  try {
    await start();
  } catch (error) {
    await dispose();
    const log = existsSync(kind.log) ? readFileSync(kind.log, 'utf8').trim() : 'no log';
    throw new Error(`no libvirtd: ${error}; its log ends with: ${log.slice(-LOGGED_LENGTH)}`);
  }
  return {
    uri: kind.uri,
    virsh,
    stateDirectory: join(directory, 'run/libvirt/qemu'),
    pid: () => daemons()[0] ?? 0,
    kill: async () => {
      for (const pid of daemons()) process.kill(pid, 'SIGKILL');
      await until('libvirtd has ended', () => daemons().length === 0);
    },
    start,
    dispose,
  };
}

interface Kind {
  readonly uri: string;
  readonly namespaces: readonly string[];
  readonly init: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly configuration: string;
  readonly log: string;
}

const UNAUTHENTICATED = 'auth_unix_rw = "none"\nauth_unix_ro = "none"\n';
const LOGGED_LENGTH = 1000;

function systemKind(directory: string): Kind {
  writeFileSync(join(directory, 'etc/qemu.conf'), QEMU_CONF);
  const user = `libvirt-qemu:x:${guestUser}:${guestUser}::/var/lib/libvirt:/bin/false`;
  addUser('/etc/passwd', join(directory, 'passwd'), user);
  addUser('/etc/group', join(directory, 'group'), `libvirt-qemu:x:${guestUser}:`);
  // Where KVM does not work although its device is there, libvirtd would ask QEMU about it again and again.
  writeFileSync(join(directory, 'no-kvm'), '', { mode: 0o600 });
  return {
    uri: `qemu+unix:///system?socket=${join(directory, 'run/libvirt/libvirt-sock')}`,
    namespaces: [],
    init: SYSTEM_INIT,
    environment: {},
    configuration: `${UNAUTHENTICATED}unix_sock_dir = "/run/libvirt"\nlog_outputs = "3:file:/var/log/libvirtd.log"\n`,
    log: join(directory, 'log/libvirtd.log'),
  };
}

function sessionKind(directory: string): Kind {
  const variables = { RUNTIME_DIR: 'run', CONFIG_HOME: 'etc', CACHE_HOME: 'cache', DATA_HOME: 'lib' };
  const entries = Object.entries(variables).map(([name, below]) => [`XDG_${name}`, join(directory, below)]);
  return {
    uri: `qemu+unix:///session?socket=${join(directory, 'run/libvirt/libvirt-sock')}`,
    namespaces: ['--user', '--map-current-user'],
    init: SESSION_INIT,
    environment: { HOME: directory, ...Object.fromEntries(entries) },
    configuration: `${UNAUTHENTICATED}log_outputs = "3:file:${join(directory, 'log/libvirtd.log')}"\n`,
    log: join(directory, 'log/libvirtd.log'),
  };
}

function runVirsh(uri: string, words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('virsh', ['-q', '-c', uri, ...words], { timeout: 60_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim());
      else reject(new Error(`virsh ${words.join(' ')}: ${stderr.trim() || error.message}`));
    });
  });
}

function childOf({ pid }: ChildProcess): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()) || undefined;
  } catch {
    return undefined;
  }
}

function addUser(from: string, to: string, line: string): void {
  const text = readFileSync(from, 'utf8');
  const name = line.slice(0, line.indexOf(':') + 1);
  writeFileSync(to, text.split('\n').some((known) => known.startsWith(name)) ? text : `${text}${line}\n`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
