/** From a base to the root directory of an image: the kernel's modules, the agent, and what the recipe says. */
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { agentNodeFlags } from '../../launcher/agent-program.js';
import { type AgentParts, agentDirectory } from './agent-parts.js';
import { bakeFailure } from './bake-failure.js';
import type { BakeProgress } from './bake-progress.js';
import type { BaseTree } from './base-tree.js';
import { chooseModules, indexModules, type ModuleIndex, usualModules } from './kernel-modules.js';
import type { LoadedRecipe } from './load-recipe.js';
import { prepareQuickBoot } from './quick-boot.js';
import type { Recipe, RecipeUser } from './recipe.js';
import { removeTraces } from './remove-traces.js';
import { type Inside, runInside, writeInside } from './run-inside.js';
import { clampTimes } from './tree-times.js';

export interface FurnishOptions {
  readonly loaded: LoadedRecipe;
  readonly agent: AgentParts | undefined;
  readonly progress: BakeProgress;
}

/** Everything but the kernel. What the recipe says comes after what is ours, and its commands last. */
export async function furnishTree(inside: Inside, { loaded, agent, progress }: FurnishOptions): Promise<void> {
  const { recipe, files } = loaded;
  await prepareMachine(inside, recipe);
  if (agent !== undefined) {
    progress.at(0.1, 'agent');
    await installAgent(inside, agent);
  }
  progress.at(0.4, 'users and files');
  for (const user of recipe.users) await addUser(inside, user);
  for (const file of files) await writeInside(inside, file);
  await switchServices(inside, { ...recipe.services, enable: [...(agent?.enabled ?? []), ...recipe.services.enable] });
  for (const [index, command] of recipe.commands.entries()) {
    progress.at(0.5 + (0.4 * index) / recipe.commands.length, `command: ${command.trim().split('\n', 1)[0]}`);
    await runCommand(inside, command, index + 1);
  }
  if (recipe.quickBoot) await prepareQuickBoot(inside, { hasAgent: agent !== undefined });
  progress.at(0.9, 'no traces');
}

/** Removes what belongs to one machine, and sets the times so that the same content makes the same tree. */
export async function finishTree({ tree }: Inside, { hasSsh, newestFile }: { hasSsh: boolean; newestFile: number }) {
  await removeTraces(tree);
  // Empty, not missing: an id is made at every first boot, and that does not count as one that presets services.
  await writeFile(join(tree, 'etc/machine-id'), '');
  if (hasSsh) await removeHostKeys(tree);
  await clampTimes(tree, newestFile);
}

/** The modules of the recipe, with their index. */
export async function installModules(inside: Inside, base: BaseTree, recipe: Recipe): Promise<ModuleIndex> {
  const text = (name: string) => readFile(join(base.modules, name), 'utf8');
  const index = indexModules(await text('modules.dep'), await text('modules.builtin'));
  const { modules } = recipe.kernel;
  const chosen =
    modules === 'all'
      ? { kind: 'modules' as const, paths: [...index.needs.keys()] }
      : chooseModules(index, { optional: usualModules, required: modules });
  if (chosen.kind === 'unknown') throw bakeFailure(chosen.problem, 'correct kernel.modules in the recipe');
  const to = join(inside.tree, 'usr/lib/modules', base.kernelVersion);
  const others = (await readdir(base.modules)).filter((name) => /^modules\.(?:builtin|order)/.test(name));
  for (const path of [...chosen.paths, ...others]) {
    await mkdir(join(to, dirname(path)), { recursive: true });
    await copyFile(join(base.modules, path), join(to, path));
  }
  await runInside(inside, ['depmod', base.kernelVersion], { purpose: 'could not index the modules of the kernel' });
  // Those that an agent that is started early would otherwise have to wait for.
  const early = 'virtio_pci\nvirtio_rng\nvirtio_net\n';
  await writeInside(inside, { path: '/etc/modules-load.d/cpe.conf', content: early, mode: 0o644, owner: 'root' });
  return index;
}

/** Whether the tree has a server of SSH. */
export async function hasSshServer(tree: string): Promise<boolean> {
  return stat(join(tree, 'usr/sbin/sshd')).then(
    () => true,
    () => false,
  );
}

/** Nobody else may have the keys of a machine: each makes its own at its first boot. */
export const hostKeysUnit = `[Unit]
Description=Keys of this machine for SSH
ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key
Before=ssh.service ssh.socket

[Service]
Type=oneshot
ExecStart=/usr/bin/ssh-keygen -A
RemainAfterExit=yes

[Install]
WantedBy=multi-user.target
`;

async function prepareMachine(inside: Inside, { hostname }: Recipe): Promise<void> {
  const write = (path: string, content: string) => writeInside(inside, { path, content, mode: 0o644, owner: 'root' });
  await write('/etc/hosts', '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n');
  if (hostname !== undefined) await write('/etc/hostname', `${hostname}\n`);
  if (await hasSshServer(inside.tree)) {
    await write('/etc/systemd/system/cpe-ssh-host-keys.service', hostKeysUnit);
    await runInside(inside, ['systemctl', 'enable', '--quiet', 'cpe-ssh-host-keys.service'], {
      purpose: 'could not enable the unit that makes SSH keys',
    });
  }
}

async function installAgent(inside: Inside, { files, node }: AgentParts): Promise<void> {
  for (const { path, content, mode } of files) await writeInside(inside, { path, content, mode, owner: 'root' });
  const program = join(inside.tree, 'usr/bin/node');
  const isThere = await stat(program).then(
    () => true,
    () => false,
  );
  if (!isThere) await copyFile(node.program, program);
  const next = `put a package with Node 20.15 or newer among the recipe's packages, or bake with a Node that needs nothing but libstdc++6`;
  const version = await runInside(inside, ['node', '--version'], {
    purpose: `from ${node.program} does not run inside`,
    next,
  });
  const [, major = 0, minor = 0] = (/^v(\d+)\.(\d+)/.exec(version) ?? []).map(Number);
  if (major < 20 || (major === 20 && minor < 15)) throw bakeFailure(`the recipe's node is ${version.trim()}`, next);
  await runInside(inside, ['node', ...agentNodeFlags, `${agentDirectory}/cpe-agent.mjs`, '--prepare'], {
    purpose: 'could not keep the agent compiled',
  });
}

async function addUser(inside: Inside, { name, groups, shell, keys }: RecipeUser): Promise<void> {
  for (const group of groups) {
    await runInside(inside, ['groupadd', '--force', '--system', group], {
      purpose: `could not make the group ${group}`,
    });
  }
  const known = await runInside(inside, ['/bin/sh', '-c', 'getent passwd -- "$1" || :', 'sh', name], {
    purpose: 'could not look up users',
  });
  const changes = [...(groups.length > 0 ? ['--groups', groups.join(',')] : []), '--shell', shell] as const;
  if (known === '') {
    // With * there is no password that fits, and keys are taken all the same.
    const words = ['useradd', '--create-home', '--user-group', '--password', '*', ...changes, name] as const;
    await runInside(inside, [...words], { purpose: `could not make the user ${name}` });
  } else {
    await runInside(inside, ['usermod', ...changes, name], { purpose: `could not change the user ${name}` });
  }
  if (keys.length === 0) return;
  const entry = await runInside(inside, ['getent', 'passwd', name], { purpose: `could not find the user ${name}` });
  const [, , , group = '', , home = ''] = entry.trim().split(':');
  const owner = `${name}:${group}`;
  const script = 'mkdir -p -- "$1/.ssh" && chown -- "$2" "$1/.ssh" && chmod 0700 -- "$1/.ssh"';
  await runInside(inside, ['/bin/sh', '-ec', script, 'sh', home, owner], { purpose: `could not make ${home}/.ssh` });
  const content = `${keys.join('\n')}\n`;
  await writeInside(inside, { path: `${home}/.ssh/authorized_keys`, content, mode: 0o600, owner });
}

async function switchServices(inside: Inside, services: Recipe['services']): Promise<void> {
  for (const verb of ['disable', 'mask', 'enable'] as const) {
    const units = services[verb];
    if (units.length === 0) continue;
    await runInside(inside, ['systemctl', verb, '--quiet', ...units], {
      purpose: `could not ${verb} ${units.join(', ')}`,
    });
  }
}

async function runCommand(inside: Inside, command: string, position: number): Promise<void> {
  const names = join(inside.tree, 'etc/resolv.conf');
  // The network is this machine's, and so are the name servers, as long as the recipe brings none.
  const isLent = await copyFile('/etc/resolv.conf', names, 1).then(
    () => true,
    () => false,
  );
  try {
    await runInside(inside, ['/bin/sh', '-ec', command], { purpose: `failed in command ${position} of the recipe` });
  } finally {
    if (isLent) await rm(names, { force: true });
  }
}

async function removeHostKeys(tree: string): Promise<void> {
  const directory = join(tree, 'etc/ssh');
  const keys = (await readdir(directory)).filter((name) => /^ssh_host_.*_key(?:\.pub)?$/.test(basename(name)));
  for (const name of keys) await rm(join(directory, name));
}
