import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findOwnCgroup } from './cgroup-mount.js';

const tmpfs = '31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755';
const v1 = '37 31 0:34 / /sys/fs/cgroup/freezer rw,relatime - cgroup cgroup rw,freezer';
const hybrid = '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw';
const unified = '29 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev shared:4 - cgroup2 cgroup2 rw,nsdelegate';

const found = [
  { name: 'hybrid', mounts: [tmpfs, v1, hybrid], own: '/', directory: '/sys/fs/cgroup/unified' },
  {
    name: 'unified, in a service',
    mounts: [unified],
    own: '/system.slice/cpe-agent.service',
    directory: '/sys/fs/cgroup/system.slice/cpe-agent.service',
  },
  {
    name: 'a container that sees a part of the hierarchy',
    mounts: ['29 23 0:26 /box/7 /sys/fs/cgroup rw - cgroup2 cgroup2 rw'],
    own: '/box/7/agent',
    directory: '/sys/fs/cgroup/agent',
  },
  {
    name: 'exactly that part',
    mounts: ['29 23 0:26 /box/7 /sys/fs/cgroup rw - cgroup2 cgroup2 rw'],
    own: '/box/7',
    directory: '/sys/fs/cgroup',
  },
  {
    name: 'a mount point with a blank',
    mounts: ['29 23 0:26 / /mnt/a\\040b rw - cgroup2 none rw'],
    own: '/x',
    directory: '/mnt/a b/x',
  },
  {
    name: 'a second mount that may be written',
    mounts: ['29 23 0:26 / /ro ro - cgroup2 none rw', hybrid],
    own: '/x',
    directory: '/sys/fs/cgroup/unified/x',
  },
] as const;

for (const { name, mounts, own, directory } of found) {
  test(`its own cgroup is found: ${name}`, () => {
    const membership = `8:pids:/elsewhere\n0::${own}\n`;
    assert.deepEqual(findOwnCgroup(`${mounts.join('\n')}\n`, membership), { kind: 'found', directory });
  });
}

const none = [
  { name: 'version 1 only', mounts: [tmpfs, v1], membership: '8:pids:/\n', reason: /no cgroups of version 2/ },
  { name: 'not mounted', mounts: [tmpfs, v1], membership: '0::/\n', reason: /no cgroup2 file system is mounted/ },
  {
    name: 'read-only',
    mounts: ['29 23 0:26 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw'],
    membership: '0::/\n',
    reason: /^\/sys\/fs\/cgroup is mounted read-only$/,
  },
  {
    name: 'a part that it is not in',
    mounts: ['29 23 0:26 /box/7 /sys/fs/cgroup rw - cgroup2 cgroup2 rw'],
    membership: '0::/box/70\n',
    reason: /shows its own cgroup \/box\/70$/,
  },
  { name: 'outside of its namespace', mounts: [unified], membership: '0::/../x\n', reason: /cgroup namespace/ },
  { name: 'removed', mounts: [unified], membership: '0::/x (deleted)\n', reason: /deleted/ },
] as const;

for (const { name, mounts, membership, reason } of none) {
  test(`there is none, with the reason: ${name}`, () => {
    const own = findOwnCgroup(mounts.join('\n'), membership);
    assert.ok(own.kind === 'unavailable');
    assert.match(own.reason, reason);
  });
}
