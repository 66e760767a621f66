import type { CloudAccess, Credentials, Domain, ServiceName } from './clouds-yaml.js';
import { asArray, asObject, type Fields, optionalText, parseJson, textOf } from './json-fields.js';

/** What Keystone v3 gives for credentials (POST /v3/auth/tokens). */
export interface Token {
  readonly id: string;
  /** Unix ms. */
  readonly expiresAt: number;
  readonly projectId: string;
  /** For logs: `demo (project shop)`. */
  readonly who: string;
  readonly catalogue: readonly CatalogueEntry[];
}

interface CatalogueEntry {
  readonly type: string;
  readonly endpoints: readonly { readonly interface: string; readonly region: string; readonly url: string }[];
}

/** By how many names a service may be in the catalogue (service-types authority: official name, then aliases). */
const SERVICE_TYPES = {
  compute: ['compute'],
  image: ['image'],
  network: ['network'],
} as const satisfies Record<ServiceName, readonly string[]>;

/** The body of an authentication request. */
export function renderAuthentication(credentials: Credentials): string {
  if (credentials.kind === 'application-credential') {
    const { id, secret } = credentials;
    const reference = 'id' in id ? { id: id.id } : { name: id.name, user: renderReference(id.user) };
    // Its project is its own: asking for a scope is an error.
    return JSON.stringify({
      auth: { identity: { methods: ['application_credential'], application_credential: { ...reference, secret } } },
    });
  }
  const { user, password, project } = credentials;
  return JSON.stringify({
    auth: {
      identity: { methods: ['password'], password: { user: { ...renderReference(user), password } } },
      scope: { project: renderReference(project) },
    },
  });
}

function renderReference(reference: { readonly id: string } | { readonly name: string; readonly domain: Domain }) {
  return 'id' in reference ? { id: reference.id } : { name: reference.name, domain: reference.domain };
}

/** Reads the answer to an authentication. Throws when it is not what Keystone documents; quotes nothing of it. */
export function parseToken(subjectToken: string | undefined, body: Buffer): Token {
  if (subjectToken === undefined || subjectToken === '') throw new Error('the answer has no X-Subject-Token');
  const token = asObject(asObject(parseJson(body), 'the answer').token, 'token');
  const expiresAt = Date.parse(textOf(token, 'expires_at'));
  if (Number.isNaN(expiresAt)) throw new Error('expires_at of the token is no time');
  if (token.project === undefined) throw new Error('the token is not scoped to a project');
  const project = asObject(token.project, 'project');
  const user = asObject(token.user, 'user');
  return {
    id: subjectToken,
    expiresAt,
    projectId: textOf(project, 'id'),
    who: `${optionalText(user, 'name') ?? textOf(user, 'id')} (project ${optionalText(project, 'name') ?? ''})`,
    catalogue: asArray(token.catalog, 'catalog').map(parseEntry),
  };
}

function parseEntry(value: unknown): CatalogueEntry {
  const entry: Fields = asObject(value, 'an entry of the catalogue');
  const endpoints = asArray(entry.endpoints, 'endpoints').map((item) => {
    const endpoint = asObject(item, 'an endpoint');
    const region = optionalText(endpoint, 'region_id') ?? optionalText(endpoint, 'region') ?? '';
    return { interface: textOf(endpoint, 'interface'), region, url: textOf(endpoint, 'url') };
  });
  return { type: textOf(entry, 'type'), endpoints };
}

/**
 * The base URL of a service, without a slash at the end: from clouds.yaml, or of the catalogue by type, region and
 * interface. Throws with what there is instead.
 */
export function findEndpoint(token: Token, access: CloudAccess, service: ServiceName): string {
  const override = access.endpoints[service];
  if (override !== undefined) return override;
  const types: readonly string[] = SERVICE_TYPES[service];
  const all = token.catalogue.filter(({ type }) => types.includes(type)).flatMap(({ endpoints }) => endpoints);
  const inInterface = all.filter((endpoint) => endpoint.interface === access.interface);
  const matching =
    access.region === undefined ? inInterface : inInterface.filter(({ region }) => region === access.region);
  const [first] = matching;
  if (first === undefined) {
    const there = all.map((endpoint) => `${endpoint.interface} in ${endpoint.region}`).join(', ');
    const wanted = `${service} (${access.interface}${access.region === undefined ? '' : ` in region ${access.region}`})`;
    throw new Error(
      `the catalogue of cloud "${access.cloud}" has no endpoint for ${wanted}; it has ${there || 'none'}`,
    );
  }
  const regions = new Set(matching.map(({ region }) => region));
  if (regions.size > 1) {
    throw new Error(
      `cloud "${access.cloud}" has ${service} in several regions (${[...regions].join(', ')}): say which`,
    );
  }
  return first.url.replace(/\/+$/, '');
}
