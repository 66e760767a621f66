import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { hasErrorCode } from '../../error-code.js';
import { type PlacementDefaults, readPlacementDefaults } from './placement-words.js';

/** How one cloud is reached and as whom, as clouds.yaml says it (openstacksdk, "Configuring OpenStack SDK Applications"). */
export interface CloudAccess {
  /** Its key in clouds.yaml. */
  readonly cloud: string;
  /** Keystone, up to and including `/v3`, without a slash at the end. */
  readonly authUrl: string;
  readonly credentials: Credentials;
  /** Undefined where the catalogue has only one. */
  readonly region: string | undefined;
  readonly interface: 'public' | 'internal' | 'admin';
  readonly tls: TlsAccess;
  /** `compute_endpoint_override` and the like: they go before the catalogue. */
  readonly endpoints: Partial<Readonly<Record<ServiceName, string>>>;
  /** Its section `cpe`, which is ours: what the launcher host's servers are made of where a deployable does not say. */
  readonly defaults: PlacementDefaults;
}

export type ServiceName = 'compute' | 'image' | 'network';

export type Credentials =
  | {
      readonly kind: 'password';
      readonly user: { readonly id: string } | ({ readonly name: string } & { readonly domain: Domain });
      readonly password: string;
      readonly project: { readonly id: string } | ({ readonly name: string } & { readonly domain: Domain });
    }
  | {
      readonly kind: 'application-credential';
      readonly id: { readonly id: string } | { readonly name: string; readonly user: UserReference };
      readonly secret: string;
    };

export type Domain = { readonly id: string } | { readonly name: string };
export type UserReference = { readonly id: string } | { readonly name: string; readonly domain: Domain };

export interface TlsAccess {
  /** PEM of the authorities to believe; undefined: those of the system. */
  readonly authorities: string | undefined;
  readonly isVerified: boolean;
}

export type FoundAccess =
  | { readonly kind: 'access'; readonly access: CloudAccess }
  | { readonly kind: 'problem'; readonly problem: string };

export interface AccessQuestion {
  /** Key in clouds.yaml; default OS_CLOUD, or the only one there is. */
  readonly cloud?: string | undefined;
  /** Default: what clouds.yaml says, or OS_REGION_NAME. */
  readonly region?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads access to a cloud from clouds.yaml and the secure.yaml beside it: from OS_CLIENT_CONFIG_FILE, or the first of
 * `./clouds.yaml`, `~/.config/openstack/clouds.yaml` and `/etc/openstack/clouds.yaml`. Never rejects: `problem` says
 * what is wrong where, and quotes no value.
 */
export async function findCloudAccess({ cloud, region, environment }: AccessQuestion): Promise<FoundAccess> {
  try {
    const { file, clouds } = await readClouds(environment);
    const wanted = cloud ?? environment.OS_CLOUD;
    const name = wanted ?? only(Object.keys(clouds), `${file} has several clouds; name one with OS_CLOUD`);
    const fields = clouds[name];
    if (fields === undefined) {
      throw new Problem(`${file} has no cloud "${name}"; it has ${Object.keys(clouds).join(', ') || 'none'}`);
    }
    const access = await readAccess(name, asFields(fields, `cloud "${name}"`), {
      file,
      region: region ?? environment.OS_REGION_NAME,
    });
    return { kind: 'access', access };
  } catch (error) {
    return { kind: 'problem', problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Thrown and caught in this file only: its message is what the operator reads. */
const Problem = Error;

async function readClouds(
  environment: AccessQuestion['environment'],
): Promise<{ readonly file: string; readonly clouds: Fields }> {
  const given = environment.OS_CLIENT_CONFIG_FILE;
  const home = environment.HOME ?? homedir();
  const candidates =
    given !== undefined && given !== ''
      ? [given]
      : ['clouds.yaml', join(home, '.config/openstack/clouds.yaml'), '/etc/openstack/clouds.yaml'];
  for (const file of candidates) {
    const text = await readIfThere(file);
    if (text === undefined) continue;
    const clouds = asFields(parseYaml(text, file).clouds, `"clouds" of ${file}`);
    const secure = environment.OS_CLIENT_SECURE_FILE ?? join(dirname(file), 'secure.yaml');
    const secureText = await readIfThere(secure);
    const secrets = secureText === undefined ? undefined : parseYaml(secureText, secure).clouds;
    return { file, clouds: secrets === undefined ? clouds : merge(clouds, asFields(secrets, `"clouds" of ${secure}`)) };
  }
  throw new Problem(`no clouds.yaml: looked for ${candidates.join(', ')} (OS_CLIENT_CONFIG_FILE names another)`);
}

async function readAccess(
  cloud: string,
  fields: Fields,
  { file, region }: { readonly file: string; readonly region: string | undefined },
): Promise<CloudAccess> {
  const where = `cloud "${cloud}" in ${file}`;
  const auth = asFields(fields.auth, `"auth" of ${where}`);
  const read = fieldReader(auth, where);
  const authUrl = read.required('auth_url').replace(/\/+$/, '');
  if (!/^https?:\/\/[^/]+/.test(authUrl)) throw new Problem(`auth_url of ${where} is no http(s) URL`);
  const endpoints: { -readonly [name in ServiceName]?: string } = {};
  for (const service of ['compute', 'image', 'network'] as const) {
    const override = fields[`${service}_endpoint_override`];
    if (typeof override === 'string') endpoints[service] = override.replace(/\/+$/, '');
  }
  return {
    cloud,
    authUrl: /\/v3(\/|$)/.test(authUrl) ? authUrl : `${authUrl}/v3`,
    credentials: readCredentials(fields, read, where),
    region: region ?? readRegion(fields, where),
    interface: readInterface(fields.interface ?? fields.endpoint_type, where),
    tls: await readTls(fields, file, where),
    endpoints,
    defaults: readDefaults(fields.cpe, where),
  };
}

function readDefaults(section: unknown, where: string): PlacementDefaults {
  try {
    return readPlacementDefaults(section);
  } catch (error) {
    throw new Problem(`${where}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

type Read = ReturnType<typeof fieldReader>;

function readCredentials(fields: Fields, read: Read, where: string): Credentials {
  const type = fields.auth_type;
  const isApplication =
    type === 'v3applicationcredential' || read.optional('application_credential_secret') !== undefined;
  if (isApplication) {
    const id = read.optional('application_credential_id');
    return {
      kind: 'application-credential',
      id:
        id === undefined
          ? { name: read.required('application_credential_name'), user: readNamed(read, 'user', 'username', where) }
          : { id },
      secret: read.required('application_credential_secret'),
    };
  }
  if (type !== undefined && type !== 'password' && type !== 'v3password') {
    throw new Problem(`auth_type ${String(type)} of ${where}: only v3password and v3applicationcredential are known`);
  }
  return {
    kind: 'password',
    user: readNamed(read, 'user', 'username', where),
    password: read.required('password'),
    project: readNamed(read, 'project', 'project_name', where),
  };
}

/** A user or a project: by id, or by name in a domain. */
function readNamed(
  read: Read,
  kind: 'user' | 'project',
  nameField: string,
  where: string,
): { readonly id: string } | { readonly name: string; readonly domain: Domain } {
  const id = read.optional(`${kind}_id`) ?? (kind === 'project' ? read.optional('tenant_id') : undefined);
  if (id !== undefined) return { id };
  const name = read.optional(nameField) ?? (kind === 'project' ? read.optional('tenant_name') : undefined);
  if (name === undefined) throw new Problem(`${where} has neither ${kind}_id nor ${nameField}`);
  const domainId = read.optional(`${kind}_domain_id`) ?? read.optional('default_domain_id');
  if (domainId !== undefined) return { name, domain: { id: domainId } };
  const domainName = read.optional(`${kind}_domain_name`) ?? read.optional('default_domain_name');
  if (domainName !== undefined) return { name, domain: { name: domainName } };
  throw new Problem(`${where} has ${nameField}, but neither ${kind}_domain_name nor ${kind}_domain_id`);
}

function readRegion(fields: Fields, where: string): string | undefined {
  const { region_name: region, regions } = fields;
  if (typeof region === 'string' && region !== '') return region;
  if (!Array.isArray(regions) || regions.length === 0) return undefined;
  const names = regions.map((item: unknown) =>
    typeof item === 'string' ? item : asFields(item, `regions of ${where}`).name,
  );
  const name = only(names, `${where} has several regions; a launcher host is one of them: say which`);
  return typeof name === 'string' ? name : undefined;
}

function readInterface(value: unknown, where: string): CloudAccess['interface'] {
  // Older files say `publicURL`.
  const name = typeof value === 'string' ? value.replace(/URL$/, '') : (value ?? 'public');
  if (name === 'public' || name === 'internal' || name === 'admin') return name;
  throw new Problem(`interface of ${where} is none of public, internal, admin`);
}

async function readTls(fields: Fields, file: string, where: string): Promise<TlsAccess> {
  const isVerified = fields.verify !== false && fields.insecure !== true;
  if (typeof fields.cacert !== 'string') return { authorities: undefined, isVerified };
  const path = fields.cacert.replace(/^~(?=\/)/, homedir());
  const absolute = path.startsWith('/') ? path : join(dirname(file), path);
  const authorities = await readIfThere(absolute);
  if (authorities === undefined) throw new Problem(`cacert of ${where}: there is no ${absolute}`);
  return { authorities, isVerified };
}

function fieldReader(auth: Fields, where: string) {
  const optional = (name: string): string | undefined => {
    const value = auth[name];
    if (value === undefined || value === null || value === '') return undefined;
    // A password of digits only is a number in YAML.
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw new Problem(`${name} of ${where} is no text`);
  };
  return {
    optional,
    required: (name: string): string => {
      const value = optional(name);
      if (value === undefined) throw new Problem(`${where} has no ${name}`);
      return value;
    },
  };
}

function only<T>(items: readonly T[], problem: string): T {
  const [first] = items;
  if (first === undefined || items.length !== 1) throw new Problem(problem);
  return first;
}

function merge(below: Fields, above: Fields): Fields {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const old = merged[key];
    merged[key] = isFields(old) && isFields(value) ? merge(old, value) : value;
  }
  return merged;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asFields(value: unknown, what: string): Fields {
  if (!isFields(value)) throw new Problem(`${what} is no mapping`);
  return value;
}

/** The parser's time grows with the square of some texts. */
const maxLength = 65_536;

/** The parser's own message quotes the text around the mistake, secrets and all: only the line is told. */
function parseYaml(text: string, file: string): Fields {
  if (text.length > maxLength) throw new Problem(`${file} is longer than ${maxLength} characters`);
  let value: unknown;
  try {
    value = parse(text, { prettyErrors: true });
  } catch (error) {
    const line = /at line \d+, column \d+/.exec(String(error))?.[0] ?? '';
    throw new Problem(`${file} is no YAML ${line}`.trim());
  }
  return asFields(value, file);
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw new Problem(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
