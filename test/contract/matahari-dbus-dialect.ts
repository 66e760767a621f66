/** How a service speaks. */
export type Dialect =
  /** Exactly what the schemas and their transformation to D-Bus say, with everything implemented. */
  | 'published'
  /** As the services of release 0.6 do: dbus-glib's types and error names, and with what they leave out. */
  | 'released'
  /** What was published with plainer types, as a service written in C with another library would have it. */
  | 'plain';

export interface DialectTraits {
  /** Both interfaces of the bus name Services on one object. */
  readonly hasOneServicesObject: boolean;
  readonly hasGetAll: boolean;
  readonly parameters: 'a{sv}' | 'a{ss}';
  readonly unsigned: 'u' | 'i';
  /** Types that values of uint8 and map really have in their variant. */
  readonly byte: 'y' | 'u';
  readonly maps: 'variants' | 'numbers';
  readonly isComplete: boolean;
  readonly errors: ErrorNames;
}

export interface ErrorNames {
  readonly notImplemented: string;
  readonly invalid: string;
  readonly download: string;
}

const quark = 'org.freedesktop.DBus.GLib.UnmappedError.MatahariErrorQuark';

export const dialects = {
  published: {
    hasOneServicesObject: false,
    hasGetAll: false,
    parameters: 'a{sv}',
    unsigned: 'u',
    byte: 'y',
    maps: 'variants',
    isComplete: true,
    errors: {
      notImplemented: 'org.matahariproject.Error.NotImplemented',
      invalid: 'org.freedesktop.DBus.Error.InvalidArgs',
      download: 'org.matahariproject.Error.DownloadError',
    },
  },
  released: {
    hasOneServicesObject: true,
    hasGetAll: true,
    parameters: 'a{sv}',
    unsigned: 'u',
    byte: 'u',
    maps: 'numbers',
    isComplete: false,
    errors: { notImplemented: `${quark}.Code1`, invalid: `${quark}.Code2`, download: `${quark}.Code3` },
  },
  plain: {
    hasOneServicesObject: true,
    hasGetAll: true,
    parameters: 'a{ss}',
    unsigned: 'i',
    byte: 'u',
    maps: 'numbers',
    isComplete: true,
    errors: {
      notImplemented: 'org.freedesktop.DBus.Error.NotSupported',
      invalid: 'org.freedesktop.DBus.Error.InvalidArgs',
      download: 'org.freedesktop.DBus.Error.Failed',
    },
  },
} as const satisfies Record<Dialect, DialectTraits>;

type Arguments = readonly (readonly [name: string, type: string])[];

export interface ServiceMethod {
  readonly in: Arguments;
  readonly out: Arguments;
  readonly run: (args: never) => readonly unknown[] | Promise<readonly unknown[]>;
}

export interface ServiceProperty {
  readonly type: string;
  /** When it is not what was said. */
  readonly sent?: string;
  readonly get: () => unknown;
  readonly set?: (value: never) => void;
}

export interface ServiceObject {
  readonly name: string;
  readonly path: string;
  readonly methods: Readonly<Record<string, ServiceMethod>>;
  readonly properties: Readonly<Record<string, ServiceProperty>>;
  readonly hasGetAll: boolean;
  readonly errors: ErrorNames;
  readonly close?: () => void;
}

export class ServiceError extends Error {
  readonly errorName: string;

  constructor(errorName: string, message: string) {
    super(message);
    this.errorName = errorName;
  }
}
