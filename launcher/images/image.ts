/**
 * Images that launcher hosts start instances from: what `cpectl image bake` makes, as drivers see it. An image never
 * changes: another recipe, agent or package makes another one, with another name.
 *
 *     <images>/<name>/image.json   what it is (ImageRecord)
 *                     tree/        the root directory, for containers; nobody writes into it
 *                     disk.raw     a sparse ext4 file system of the same content, without a partition table
 *                     disk.qcow2   the same, to make overlays on
 *                     kernel       to be booted directly; `initrd` beside it where one is needed
 *                     warm/        a template of the booted guest (image bake --warm)
 *     <images>/<alias>             symbolic link to the newest image of a recipe
 *
 * A directory whose name starts with a dot is being made or removed.
 */
export interface Image {
  /** `<recipe>-<12 hex digits>`, the digits from all that went into it. */
  readonly name: string;
  readonly directory: string;
  readonly tree: string;
  readonly raw: string;
  readonly qcow2: string;
  /** Size of the disk as the guest sees it. */
  readonly diskBytes: number;
  readonly kernel: string;
  readonly initrd: string | undefined;
  /** Without `root=` and `console=`, which are the driver's to say. */
  readonly kernelArguments: readonly string[];
  /** False for images that are watched from outside only. */
  readonly hasAgent: boolean;
  /** Directory of the template of the booted guest; undefined when there is none. */
  readonly warm: string | undefined;
  /** Debian's name of it: amd64, arm64. */
  readonly architecture: string;
}

export interface ImageStore {
  /** By name or alias. `problem` says what is wrong with it, and what to do. */
  find(nameOrAlias: string): Promise<FoundImage>;
  /** All that can be read, by name. */
  list(): Promise<readonly Image[]>;
}

export type FoundImage =
  | { readonly kind: 'image'; readonly image: Image }
  | { readonly kind: 'problem'; readonly problem: string };
