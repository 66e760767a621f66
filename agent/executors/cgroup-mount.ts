export type OwnCgroup =
  | { readonly kind: 'found'; readonly directory: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

/**
 * Where this process's own cgroup of version 2 is in the file system, be the hierarchy unified or hybrid (cgroups(7),
 * proc(5)). The mount may show a part of the hierarchy only, as in a container.
 *
 * @param mountinfo text of /proc/self/mountinfo
 * @param membership text of /proc/self/cgroup
 */
export function findOwnCgroup(mountinfo: string, membership: string): OwnCgroup {
  const path = /^0::(.*)$/m.exec(membership)?.[1];
  if (path === undefined) return unavailable('the kernel has no cgroups of version 2');
  if (path.startsWith('/..')) return unavailable(`its own cgroup ${path} is outside of its cgroup namespace`);
  if (path.endsWith(' (deleted)')) return unavailable(`its own cgroup ${path}`);
  const mounts = mountinfo.split('\n').flatMap((line) => parseCgroupMount(line) ?? []);
  if (mounts.length === 0) return unavailable('no cgroup2 file system is mounted');
  const usable = mounts.filter((mount) => isBelow(path, mount.root));
  if (usable.length === 0) return unavailable(`no mounted cgroup2 file system shows its own cgroup ${path}`);
  const writable = usable.find((mount) => !mount.isReadOnly);
  if (writable === undefined) return unavailable(`${usable[0]?.point} is mounted read-only`);
  const rest = writable.root === '/' ? path : path.slice(writable.root.length);
  return { kind: 'found', directory: `${writable.point}${rest === '/' ? '' : rest}` };
}

interface CgroupMount {
  readonly root: string;
  readonly point: string;
  readonly isReadOnly: boolean;
}

/** One line: id, parent, device, root, mount point, options, optional fields, "-", type, source, super options. */
function parseCgroupMount(line: string): CgroupMount | undefined {
  const [mount = '', superblock = ''] = line.split(' - ');
  const [type, , superOptions = ''] = superblock.split(' ');
  if (type !== 'cgroup2') return undefined;
  const [, , , root, point, options = ''] = mount.split(' ');
  if (root === undefined || point === undefined) return undefined;
  const isReadOnly = [options, superOptions].some((list) => list.split(',').includes('ro'));
  return { root: unescaped(root), point: unescaped(point), isReadOnly };
}

/** Blanks and the like are written as octal numbers (proc(5)). */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function isBelow(path: string, root: string): boolean {
  return root === '/' || path === root || path.startsWith(`${root}/`);
}

function unavailable(reason: string): OwnCgroup {
  return { kind: 'unavailable', reason };
}
