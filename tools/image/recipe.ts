/** What an image is made of: the typed form of a recipe. docs/images.md tells what each key is for. */
export interface Recipe {
  readonly name: string;
  /** Debian's word for a release: bookworm, trixie. */
  readonly suite: string;
  /** Debian's name of it: amd64, arm64. */
  readonly architecture: string;
  readonly packages: readonly string[];
  /** Lines of sources.list(5), or URIs; none: the sources of the machine that bakes. */
  readonly sources: readonly string[];
  readonly files: readonly RecipeFile[];
  readonly users: readonly RecipeUser[];
  /** Lines for `/bin/sh -e`, run inside one after the other. */
  readonly commands: readonly string[];
  readonly services: RecipeServices;
  readonly kernel: RecipeKernel;
  readonly kernelArguments: readonly string[];
  readonly diskMiB: number;
  readonly hostname: string | undefined;
  readonly agent: boolean;
  /** Leave out of the boot what a machine without storage of its own to put together does not need. */
  readonly quickBoot: boolean;
}

export interface RecipeFile {
  /** Absolute, as the guest sees it. */
  readonly path: string;
  readonly content: FileContent;
  /** Permission bits. */
  readonly mode: number;
  /** `user` or `user:group`. */
  readonly owner: string;
}

export type FileContent =
  | { readonly kind: 'text'; readonly text: string }
  /** Path as written in the recipe: relative to its file. */
  | { readonly kind: 'source'; readonly source: string };

export interface RecipeUser {
  readonly name: string;
  readonly groups: readonly string[];
  readonly shell: string;
  /** Lines of authorized_keys (sshd(8)). There are no passwords: nothing secret is in an image. */
  readonly keys: readonly string[];
}

export interface RecipeServices {
  readonly enable: readonly string[];
  readonly disable: readonly string[];
  readonly mask: readonly string[];
}

export interface RecipeKernel {
  /** A package, or a package that depends on it. */
  readonly package: string;
  /** Names besides `usualModules`, or all that there are. */
  readonly modules: readonly string[] | 'all';
}

/** What is in every image, because a guest cannot be booted, addressed or run without it. */
export const basePackages = [
  'systemd',
  'systemd-sysv',
  'udev',
  'dbus',
  'kmod',
  'iproute2',
  'procps',
  'ca-certificates',
] as const;

export const recipeDefaults = {
  suite: 'bookworm',
  diskMiB: 2048,
  shell: '/bin/bash',
  mode: 0o644,
  owner: 'root',
  kernelArguments: ['quiet', 'net.ifnames=0'],
  quickBoot: true,
} as const;

/** Debian has a kernel without drivers for real hardware for these. */
export const kernelPackages: Readonly<Record<string, string>> = {
  amd64: 'linux-image-cloud-amd64',
  arm64: 'linux-image-cloud-arm64',
};
