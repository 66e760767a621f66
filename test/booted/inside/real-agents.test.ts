/** Debian's own resource agents with the software that they manage, from the first monitor to the last. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { freePort, killByPidFile, killMatching, liveThrough } from '../real-agent.js';

function directoryOf(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'real-agent-'));
  context.after(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

for (const provider of ['heartbeat', 'pacemaker']) {
  test(`ocf:${provider}:Dummy, whose state file is removed`, async (context) => {
    const state = join(directoryOf(context), 'state');
    const fail = () => rmSync(state);
    await liveThrough(context, { provider, type: 'Dummy', parameters: { state }, fail, toldBy: 'interval' });
  });
}

test('ocf:heartbeat:anything, whose process is killed', async (context) => {
  const pidfile = join(directoryOf(context), 'pid');
  const parameters = { binfile: '/bin/sleep', cmdline_options: '36000', pidfile };
  const fail = () => killByPidFile(pidfile);
  await liveThrough(context, { type: 'anything', parameters, fail, toldBy: 'processes' });
});

test('ocf:heartbeat:redis, whose server is killed', async (context) => {
  const directory = directoryOf(context);
  const port = String(await freePort());
  const config = join(directory, 'redis.conf');
  writeFileSync(config, `port ${port}\nbind 127.0.0.1\nsave ""\ndaemonize yes\ndir ${directory}\n`);
  const files = { pidfile_name: 'redis.pid', socket_name: 'redis.sock', rundir: directory };
  const parameters = { config, port, user: 'root', ...files };
  const fail = () => killByPidFile(join(directory, 'redis.pid'));
  await liveThrough(context, { type: 'redis', parameters, fail, toldBy: 'processes' });
});

test('ocf:heartbeat:nginx, whose master and workers are killed', async (context) => {
  const directory = directoryOf(context);
  const port = await freePort();
  const configfile = join(directory, 'nginx.conf');
  const server = `server { listen 127.0.0.1:${port}; location / { return 200 "ok"; } }`;
  writeFileSync(
    configfile,
    `pid ${directory}/pid; error_log ${directory}/log; worker_processes 2;
     events {} http { access_log off; ${server} }`,
  );
  const parameters = { configfile, httpd: '/usr/sbin/nginx', port: String(port) };
  const fail = () => killMatching(/^nginx: /);
  await liveThrough(context, { type: 'nginx', parameters, fail, toldBy: 'processes' });
});

test('ocf:heartbeat:apache, whose server and children are killed', async (context) => {
  const directory = directoryOf(context);
  const port = await freePort();
  const configfile = join(directory, 'apache2.conf');
  const modules = ['mpm_event', 'authz_core', 'status'].map(
    (name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`,
  );
  const status = '<Location /server-status>\nSetHandler server-status\nRequire all granted\n</Location>';
  writeFileSync(
    configfile,
    `${modules.join('\n')}\nServerName localhost\nListen 127.0.0.1:${port}\nPidFile ${directory}/pid
     ErrorLog ${directory}/log\nDocumentRoot ${directory}\n${status}\n`,
  );
  const statusurl = `http://127.0.0.1:${port}/server-status`;
  const parameters = { configfile, httpd: '/usr/sbin/apache2', port: String(port), statusurl };
  const fail = () => killMatching(new RegExp(`^/usr/sbin/apache2 .*${configfile}`));
  await liveThrough(context, { type: 'apache', parameters, fail, toldBy: 'processes' });
});

test('ocf:heartbeat:mysql with MariaDB, whose server is killed', async (context) => {
  const directory = directoryOf(context);
  execFileSync('chmod', ['755', directory]);
  const [datadir, run] = ['data', 'run'].map((name) => join(directory, name));
  assert.ok(datadir && run);
  execFileSync('mysql_install_db', [
    '--user=mysql',
    `--datadir=${datadir}`,
    '--auth-root-authentication-method=normal',
  ]);
  mkdirSync(run);
  execFileSync('chown', ['mysql:mysql', run]);
  const config = join(directory, 'my.cnf');
  const small = 'innodb_buffer_pool_size=8M\ninnodb_log_file_size=4M\nperformance_schema=OFF';
  writeFileSync(config, `[mysqld]\nport=${await freePort()}\nbind-address=127.0.0.1\n${small}\n`, { mode: 0o644 });
  const files = { config, datadir, pid: join(run, 'pid'), socket: join(run, 'socket'), log: join(run, 'log') };
  const parameters = { binary: '/usr/sbin/mariadbd', client_binary: '/usr/bin/mariadb', user: 'mysql', ...files };
  const fail = () => killByPidFile(join(run, 'pid'));
  await liveThrough(context, { type: 'mysql', parameters, fail, toldBy: 'processes' });
});

test('ocf:heartbeat:Filesystem on a tmpfs, which is unmounted', async (context) => {
  const directory = join(directoryOf(context), 'mounted');
  const parameters = { device: 'tmpfs', directory, fstype: 'tmpfs', options: 'size=1m' };
  const fail = () => void execFileSync('umount', [directory]);
  await liveThrough(context, { type: 'Filesystem', parameters, fail, toldBy: 'interval' });
});

test('ocf:heartbeat:Filesystem on a loop device, which is unmounted', async (context) => {
  const base = directoryOf(context);
  const image = join(base, 'image');
  execFileSync('truncate', ['--size=4M', image]);
  execFileSync('mke2fs', ['-q', '-t', 'ext4', image]);
  const device = loopDevice(context, image);
  if (device === undefined) return;
  const directory = join(base, 'mounted');
  const parameters = { device, directory, fstype: 'ext4' };
  const fail = () => void execFileSync('umount', [directory]);
  await liveThrough(context, { type: 'Filesystem', parameters, fail, toldBy: 'interval' });
});

/** Undefined, and the test is skipped with the reason, where the kernel gives none to a container. */
function loopDevice(context: TestContext, image: string): string | undefined {
  try {
    execFileSync('sh', ['-c', '[ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237'], { stdio: 'pipe' });
    for (let number = 0; number < 64; number += 1) {
      const script = `[ -e /dev/loop${number} ] || mknod /dev/loop${number} b 7 ${number}`;
      execFileSync('sh', ['-c', script], { stdio: 'pipe' });
    }
    const device = execFileSync('losetup', ['--find', '--show', image], { stdio: 'pipe' }).toString().trim();
    context.after(() => execFileSync('losetup', ['--detach', device]));
    return device;
  } catch (error) {
    context.skip(`NOT RUN: no loop device can be had here (${error instanceof Error ? error.message : error})`);
    return undefined;
  }
}
