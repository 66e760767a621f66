import { randomUUID } from 'node:crypto';
import type { CloudAnswer, CloudQuestion } from './openstack-cloud.js';
import type { CloudState } from './openstack-cloud-state.js';
import { type Schema, schemaProblem } from './openstack-schema.js';

const reference: Schema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    name: { type: 'string' },
    domain: {
      type: 'object',
      properties: { id: { type: 'string' }, name: { type: 'string' } },
      additionalProperties: false,
    },
  },
  additionalProperties: false,
};

/** POST /v3/auth/tokens (keystone/auth/schema.py), strictly. */
const authentication: Schema = {
  type: 'object',
  properties: {
    auth: {
      type: 'object',
      properties: {
        identity: {
          type: 'object',
          properties: {
            methods: { type: 'array', items: { type: 'string' } },
            password: {
              type: 'object',
              properties: {
                user: {
                  type: 'object',
                  properties: { ...reference.properties, password: { type: 'string' } },
                  required: ['password'],
                  additionalProperties: false,
                },
              },
              required: ['user'],
              additionalProperties: false,
            },
            application_credential: {
              type: 'object',
              properties: { ...reference.properties, secret: { type: 'string' }, user: reference },
              required: ['secret'],
              additionalProperties: false,
            },
          },
          required: ['methods'],
          additionalProperties: false,
        },
        scope: { type: 'object', properties: { project: reference }, additionalProperties: false },
      },
      required: ['identity'],
      additionalProperties: false,
    },
  },
  required: ['auth'],
  additionalProperties: false,
};

interface Authentication {
  readonly auth: {
    readonly identity: {
      readonly methods: readonly string[];
      readonly password?: {
        readonly user: { readonly name?: string; readonly domain?: object; readonly password: string };
      };
      readonly application_credential?: { readonly id?: string; readonly secret: string };
    };
    readonly scope?: object;
  };
}

export function answerKeystone(state: CloudState, { method, path, headers, body, origin }: CloudQuestion): CloudAnswer {
  if (method !== 'POST' || path !== '/v3/auth/tokens') return refuse(404, 'Not Found', 'Could not find the resource.');
  if (headers['content-type'] !== 'application/json')
    return refuse(400, 'Bad Request', 'Expecting to find valid JSON.');
  const value: unknown = JSON.parse(body.toString('utf8'));
  const problem = schemaProblem(authentication, value);
  if (problem !== undefined) return refuse(400, 'Bad Request', problem);
  const { identity, scope } = (value as Authentication).auth;
  if (!isRight(state, identity)) {
    return refuse(401, 'Unauthorized', 'The request you have made requires authentication.');
  }
  // An application credential has its own scope, and refuses any other.
  if (identity.methods[0] === 'application_credential' && scope !== undefined) {
    return refuse(401, 'Unauthorized', 'Application credentials cannot request a scope.');
  }
  const token = `gAAAAA${randomUUID()}`;
  const expiresAt = state.now() + state.settings.tokenLifeMs;
  state.tokens.set(token, expiresAt);
  return {
    status: 201,
    headers: { 'x-subject-token': token, vary: 'X-Auth-Token' },
    body: {
      token: {
        methods: identity.methods,
        user: { id: 'u1', name: state.user.name, domain: { id: 'default', name: 'Default' } },
        project: { id: state.projectId, name: 'shop', domain: { id: 'default', name: 'Default' } },
        issued_at: new Date(state.now()).toISOString(),
        expires_at: new Date(expiresAt).toISOString(),
        catalog: catalogue(state, origin),
      },
    },
  };
}

function isRight(
  state: CloudState,
  { methods, password, application_credential }: Authentication['auth']['identity'],
): boolean {
  if (methods.length !== 1) return false;
  const { user, applicationCredential } = state;
  if (methods[0] === 'password') {
    return (
      password?.user.name === user.name &&
      password.user.domain !== undefined &&
      password.user.password === user.password
    );
  }
  const { id, secret } = application_credential ?? {};
  return id === applicationCredential.id && secret === applicationCredential.secret;
}

function catalogue({ region, settings }: CloudState, origin: string) {
  const urls = {
    compute: settings.unversionedEndpoints ? `${origin}/compute` : `${origin}/compute/v2.1`,
    image: settings.unversionedEndpoints ? `${origin}/image/` : `${origin}/image/v2`,
    network: `${origin}/network`,
  };
  return Object.entries(urls).map(([type, url]) => ({
    id: randomUUID(),
    type,
    name: type,
    endpoints: ['public', 'internal'].flatMap((name) =>
      [region, 'Elsewhere'].map((at) => ({
        id: randomUUID(),
        interface: name,
        region: at,
        region_id: at,
        url: at === region ? url : 'http://127.0.0.1:9/nowhere',
      })),
    ),
  }));
}

/** Whether the request carries a token that is still good; the middleware's refusal where not (keystonemiddleware). */
export function refuseToken(state: CloudState, headers: CloudQuestion['headers']): CloudAnswer | undefined {
  const token = headers['x-auth-token'];
  const expiresAt = typeof token === 'string' ? state.tokens.get(token) : undefined;
  if (expiresAt !== undefined && state.now() < expiresAt) return undefined;
  return {
    ...refuse(401, 'Unauthorized', 'The request you have made requires authentication.'),
    headers: { 'www-authenticate': 'Keystone uri="/identity/v3"' },
  };
}

function refuse(code: number, title: string, message: string): CloudAnswer {
  return { status: code, body: { error: { code, title, message } } };
}
