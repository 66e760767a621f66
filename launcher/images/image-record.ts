import { join } from 'node:path';
import type { Image } from './image.js';

/** Content of `image.json`. What a program of another version wrote there is not guessed at. */
export interface ImageRecord {
  readonly version: typeof imageVersion;
  readonly name: string;
  /** Name of the recipe, which is the image's alias too. */
  readonly recipe: string;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  /** Digest of all that was asked for: recipe, agent, Node; the packages' versions are in the name only. */
  readonly inputs: string;
  /** The image that this one was cloned from. */
  readonly clonedFrom: string | undefined;
  readonly suite: string;
  readonly architecture: string;
  readonly diskBytes: number;
  readonly kernelVersion: string;
  readonly kernelArguments: readonly string[];
  readonly hasInitrd: boolean;
  /** Undefined for images that are watched from outside only. */
  readonly agent: AgentRecord | undefined;
  /** `name=version`, sorted. */
  readonly packages: readonly string[];
}

export interface AgentRecord {
  readonly version: string;
  /** SHA-256 of its files, in hex. */
  readonly digest: string;
  /** Version of the Node that runs it. */
  readonly node: string;
}

export const imageVersion = 1;

/** What names of images and recipes are made of. Nothing of it means anything to a path, an option or a shell. */
export const imageNamePattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;
export const imageNameForm = 'a small letter or digit, then small letters, digits and . _ - (63 in all)';

/** Where things are in an image's directory. */
export const imageFiles = {
  record: 'image.json',
  tree: 'tree',
  raw: 'disk.raw',
  qcow2: 'disk.qcow2',
  kernel: 'kernel',
  initrd: 'initrd',
  warm: 'warm',
  /** The recipe with the files that it names, from which this image can be made again. */
  recipe: 'recipe',
  users: 'used-by',
} as const;

export function renderImageRecord(record: ImageRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

export type ReadRecord =
  | { readonly kind: 'record'; readonly record: ImageRecord }
  | { readonly kind: 'problem'; readonly problem: string };

/** Reads an `image.json`; `problem` says what is wrong with it, without saying where it is. */
export function parseImageRecord(text: string): ReadRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'problem', problem: 'is no JSON' };
  }
  if (typeof value !== 'object' || value === null) return { kind: 'problem', problem: 'holds no object' };
  const fields = value as Readonly<Record<string, unknown>>;
  if (fields.version !== imageVersion) {
    const problem = `is of version ${JSON.stringify(fields.version)}, and this program reads version ${imageVersion}`;
    return { kind: 'problem', problem };
  }
  const wrong = Object.entries(fieldChecks).find(([key, isRight]) => !isRight(fields[key]));
  if (wrong !== undefined) return { kind: 'problem', problem: `has no proper ${wrong[0]}` };
  return { kind: 'record', record: value as ImageRecord };
}

/** The image that `record` describes, with absolute paths below `directory`. */
export function imageOf(directory: string, record: ImageRecord, hasWarm: boolean): Image {
  const path = (name: keyof typeof imageFiles) => join(directory, imageFiles[name]);
  return {
    name: record.name,
    directory,
    tree: path('tree'),
    raw: path('raw'),
    qcow2: path('qcow2'),
    diskBytes: record.diskBytes,
    kernel: path('kernel'),
    initrd: record.hasInitrd ? path('initrd') : undefined,
    kernelArguments: record.kernelArguments,
    hasAgent: record.agent !== undefined,
    warm: hasWarm ? path('warm') : undefined,
    architecture: record.architecture,
  };
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isOptionalText = (value: unknown): boolean => value === undefined || isText(value);
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === 'string');

const fieldChecks: Readonly<Record<Exclude<keyof ImageRecord, 'version'>, (value: unknown) => boolean>> = {
  name: (value) => typeof value === 'string' && imageNamePattern.test(value),
  recipe: (value) => typeof value === 'string' && imageNamePattern.test(value),
  madeAt: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  inputs: isText,
  clonedFrom: isOptionalText,
  suite: isText,
  architecture: isText,
  diskBytes: (value) => Number.isSafeInteger(value) && (value as number) > 0,
  kernelVersion: isText,
  kernelArguments: isTexts,
  hasInitrd: (value) => typeof value === 'boolean',
  agent: (value) =>
    value === undefined ||
    (typeof value === 'object' &&
      value !== null &&
      ['version', 'digest', 'node'].every((key) => isText((value as Readonly<Record<string, unknown>>)[key]))),
  packages: isTexts,
};
