import { SaxesParser } from 'saxes';

/** What a resource agent says of itself (OCF Resource Agent API 1.1, "Resource Agent Meta-Data"). */
export interface OcfMetadata {
  /** Of the standard that it follows; 1.0 where it does not say. */
  readonly version: { readonly major: number; readonly minor: number };
  /** Each name once. */
  readonly parameters: readonly OcfParameter[];
  /** As they are listed: one name may come with several depths and roles. */
  readonly actions: readonly OcfAction[];
}

export interface OcfParameter {
  readonly name: string;
  /** As it is written: string, integer, boolean, select ... Empty where there is none. */
  readonly type: string;
  readonly default: string | undefined;
  readonly isRequired: boolean;
  /** Of OCF 1.0: it identifies the resource, and its change needs a restart. */
  readonly isUnique: boolean;
  /** Of OCF 1.1: `reload-agent` makes its change take effect. */
  readonly isReloadable: boolean;
  /** Names of those that should be given instead of this one, which is deprecated. */
  readonly replacedWith: readonly string[];
}

export interface OcfAction {
  readonly name: string;
  /** What the agent suggests; undefined where it does not, or not so that it can be read. */
  readonly timeoutMs: number | undefined;
  readonly intervalMs: number | undefined;
  readonly depth: number | undefined;
  readonly role: string | undefined;
}

export type MetadataReading =
  | { readonly kind: 'meta-data'; readonly metadata: OcfMetadata }
  /** `reason`: one line, for people. */
  | { readonly kind: 'problem'; readonly reason: string };

/**
 * Reads the output of an agent's `meta-data`. What stands before and after the document is passed over, like elements and
 * attributes that nobody knows; broken XML, or another document, is a problem and never an exception. No entity is
 * expanded but XML's own.
 */
export function parseOcfMetadata(output: string): MetadataReading {
  const begin = /<\?xml\s|<!DOCTYPE\s|<resource-agent[\s>]/.exec(output)?.index;
  if (begin === undefined) return problem(output.trim() === '' ? 'it wrote nothing' : 'what it wrote is no meta-data');
  const closing = '</resource-agent>';
  const end = output.lastIndexOf(closing);
  const document = end < begin ? output.slice(begin) : output.slice(begin, end + closing.length);
  const reader = metadataReader();
  const parser = new SaxesParser();
  let failure: string | undefined;
  parser.on('error', (error) => {
    failure ??= error.message;
  });
  parser.on('opentag', ({ name, attributes }) => reader.open(name, attributes));
  parser.on('closetag', () => reader.close());
  parser.on('text', (text) => reader.text(text));
  try {
    parser.write(document).close();
  } catch (error) {
    failure ??= error instanceof Error ? error.message : String(error);
  }
  if (failure !== undefined) return problem(`it is no XML (${failure.slice(0, 120)})`);
  return reader.root() === 'resource-agent'
    ? { kind: 'meta-data', metadata: reader.metadata() }
    : problem(`it is a document of another kind (${reader.root().slice(0, 60)})`);
}

function problem(reason: string): MetadataReading {
  return { kind: 'problem', reason };
}

type Attributes = Readonly<Record<string, string>>;

interface ParameterDraft {
  readonly attributes: Attributes;
  content: Attributes;
  readonly replacedWith: string[];
}

/** Takes what it knows at its place, and nothing anywhere else. */
function metadataReader() {
  const path: string[] = [];
  const parameters = new Map<string, OcfParameter>();
  const actions: OcfAction[] = [];
  let root = '';
  let version = '';
  let parameter: ParameterDraft | undefined;

  const isAt = (place: string): boolean => path.length === depths[place] && path.join('/') === place;
  return {
    open(name: string, attributes: Attributes): void {
      if (path.length === 0) root = name;
      path.push(name);
      if (path.length > deepest) return;
      if (isAt(places.parameter)) parameter = { attributes, content: {}, replacedWith: [] };
      else if (isAt(places.content) && parameter !== undefined) parameter.content = attributes;
      else if (isAt(places.replacedWith)) parameter?.replacedWith.push(attributes.name ?? '');
      else if (isAt(places.action)) actions.push(toAction(attributes));
    },
    close(): void {
      if (isAt(places.parameter) && parameter !== undefined) {
        const known = toParameter(parameter);
        if (known.name !== '' && !parameters.has(known.name)) parameters.set(known.name, known);
        parameter = undefined;
      }
      path.pop();
    },
    text(text: string): void {
      if (isAt(places.version)) version += text;
    },
    root: () => root,
    metadata: (): OcfMetadata => ({
      version: toVersion(version),
      parameters: [...parameters.values()],
      actions: actions.filter((action) => action.name !== ''),
    }),
  };
}

const places = {
  version: 'resource-agent/version',
  parameter: 'resource-agent/parameters/parameter',
  content: 'resource-agent/parameters/parameter/content',
  replacedWith: 'resource-agent/parameters/parameter/deprecated/replaced-with',
  action: 'resource-agent/actions/action',
} as const;
const depths: Readonly<Record<string, number>> = Object.fromEntries(
  Object.values(places).map((place) => [place, place.split('/').length]),
);
const deepest = Math.max(...Object.values(depths));

function toParameter({ attributes, content, replacedWith }: ParameterDraft): OcfParameter {
  return {
    name: attributes.name ?? '',
    type: content.type ?? '',
    default: content.default,
    isRequired: isTrue(attributes.required),
    isUnique: isTrue(attributes.unique),
    isReloadable: isTrue(attributes.reloadable),
    replacedWith: replacedWith.filter((name) => name !== ''),
  };
}

function toAction({ name = '', timeout, interval, depth, role }: Attributes): OcfAction {
  return {
    name,
    timeoutMs: toMs(timeout),
    intervalMs: toMs(interval),
    depth: depth !== undefined && /^\d{1,9}$/.test(depth) ? Number(depth) : undefined,
    role,
  };
}

/** As Pacemaker reads such an attribute (lib/common/strings.c, crm_str_to_boolean). */
function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(true|on|yes|y|1)$/i.test(value.trim());
}

/** Without a unit it is in seconds (lib/common/utils.c, crm_get_msec). */
function toMs(text: string | undefined): number | undefined {
  const [, number, unit = ''] = /^\s*(\d{1,9})\s*([a-z]*)\s*$/i.exec(text ?? '') ?? [];
  const factor = units[unit.toLowerCase()];
  return number === undefined || factor === undefined ? undefined : Math.floor(Number(number) * factor);
}

const units: Readonly<Record<string, number>> = {
  '': 1000,
  us: 0.001,
  usec: 0.001,
  ms: 1,
  msec: 1,
  s: 1000,
  sec: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
};

function toVersion(text: string): OcfMetadata['version'] {
  const [, major, minor = '0'] = /^\s*(\d{1,4})(?:\.(\d{1,4}))?/.exec(text) ?? [];
  return major === undefined ? { major: 1, minor: 0 } : { major: Number(major), minor: Number(minor) };
}
