import type { Tree } from '../../coordinator/model/document-tree.js';
import { parseSize, renderSize, sizeForm } from '../../coordinator/model/quantities.js';
import {
  quote,
  readBoolean,
  readFields,
  readPattern,
  readText,
  reportMissing,
} from '../../coordinator/model/read-tree.js';
import type { Report } from '../../coordinator/model/report.js';
import { imageNameForm, imageNamePattern } from '../../launcher/images/image-record.js';
import { decodeFiles } from './decode-files.js';
import { decodeUsers } from './decode-users.js';
import { readForm, readForms, readItemsOf, readNames } from './read-form.js';
import { kernelPackages, type Recipe, type RecipeKernel, type RecipeServices, recipeDefaults } from './recipe.js';
import { recipeLimits } from './recipe-limits.js';

export const recipeKeys = [
  'name',
  'suite',
  'architecture',
  'packages',
  'sources',
  'files',
  'users',
  'commands',
  'services',
  'kernel',
  'kernel-arguments',
  'disk',
  'hostname',
  'agent',
  'quick-boot',
] as const;

export const kernelKeys = ['package', 'modules'] as const;
export const serviceKeys = ['enable', 'disable', 'mask'] as const;

/** Reports what is wrong and goes on with something else in its place: a recipe with errors is never used. */
export function decodeRecipe(report: Report, tree: Tree, ownArchitecture: string): Recipe {
  const fields = readFields(report, tree, recipeKeys);
  if (fields.name === undefined) reportMissing(report, tree, 'name', imageNameForm);
  const architecture = readForm(report, fields.architecture, 'architecture') ?? ownArchitecture;
  const hostname = readForm(report, fields.hostname, 'hostname');
  return {
    name: readName(report, fields.name),
    suite: readForm(report, fields.suite, 'suite') ?? recipeDefaults.suite,
    architecture,
    packages: readNames(report, fields.packages, 'package'),
    sources: readForms(report, fields.sources, 'source'),
    files: decodeFiles(report, fields.files),
    users: decodeUsers(report, fields.users),
    commands: readForms(report, fields.commands, 'command'),
    services: decodeServices(report, fields.services),
    kernel: decodeKernel(report, fields.kernel, { architecture, at: fields.architecture ?? tree }),
    kernelArguments: decodeKernelArguments(report, fields['kernel-arguments']),
    diskMiB: readDisk(report, fields.disk),
    hostname,
    agent: readBoolean(report, fields.agent, true),
    quickBoot: readBoolean(report, fields['quick-boot'], recipeDefaults.quickBoot),
  };
}

function readName(report: Report, tree: Tree | undefined): string {
  const name = tree && readPattern(report, tree, imageNamePattern, imageNameForm);
  if (tree !== undefined && name !== undefined && /-[0-9a-f]{12}$/.test(name)) {
    report.error(tree, `${quote(name)} ends like the name of an image`, 'another end than - and 12 hex digits');
  }
  if (tree !== undefined && name !== undefined && name.length > 48) {
    report.error(tree, `${quote(name)} is ${name.length} characters long`, 'at most 48, since digits are added');
  }
  return name ?? '';
}

function decodeServices(report: Report, tree: Tree | undefined): RecipeServices {
  if (tree === undefined) return { enable: [], disable: [], mask: [] };
  const fields = readFields(report, tree, serviceKeys);
  const services = {
    enable: readNames(report, fields.enable, 'unit'),
    disable: readNames(report, fields.disable, 'unit'),
    mask: readNames(report, fields.mask, 'unit'),
  };
  for (const unit of services.enable) {
    const other = services.disable.includes(unit) ? 'disable' : services.mask.includes(unit) ? 'mask' : undefined;
    if (other !== undefined) report.error(tree, `${quote(unit)} is under enable and under ${other}`, 'one of them');
  }
  return services;
}

function decodeKernel(
  report: Report,
  tree: Tree | undefined,
  { architecture, at }: { readonly architecture: string; readonly at: Tree },
): RecipeKernel {
  const fields = tree === undefined ? {} : readFields(report, tree, kernelKeys);
  const usual = kernelPackages[architecture];
  const chosen = readForm(report, fields.package, 'package');
  if (fields.package === undefined && usual === undefined) {
    report.error(at, `kernel.package has to be given for ${quote(architecture)}`, 'a package with a kernel');
  }
  const { modules } = fields;
  const isAll = modules?.kind === 'scalar' && modules.text === 'all';
  return {
    package: chosen ?? usual ?? '',
    modules: isAll ? 'all' : readNames(report, modules, 'module'),
  };
}

/** The driver says from where the guest boots and where its console is. */
const driversOwn = ['root', 'console', 'init', 'initrd', 'rootfstype'];

function decodeKernelArguments(report: Report, tree: Tree | undefined): readonly string[] {
  if (tree === undefined) return recipeDefaults.kernelArguments;
  return readItemsOf(report, tree, 'argument').flatMap(({ text, at }) => {
    const [key = ''] = text.split('=');
    if (!driversOwn.includes(key)) return [text];
    report.error(at, `${quote(text)} is not an image's to say`, 'anything but root, rootfstype, console, init, initrd');
    return [];
  });
}

function readDisk(report: Report, tree: Tree | undefined): number {
  const text = tree && readText(report, tree, sizeForm);
  if (tree === undefined || text === undefined) return recipeDefaults.diskMiB;
  const size = parseSize(text);
  const { least, most } = recipeLimits.diskMiB;
  if (size !== undefined && size >= least && size <= most) return size;
  if (size === undefined) report.error(tree, `${quote(text)} is not a size`, sizeForm);
  else report.error(tree, `${quote(text)} is out of range`, `${renderSize(least)} to ${renderSize(most)}`);
  return recipeDefaults.diskMiB;
}
