import { setTimeout as delay } from 'node:timers/promises';
import { type CloudFault, cloudError, faultOf, reasonOf } from './cloud-fault.js';
import type { CloudAccess, ServiceName } from './clouds-yaml.js';
import {
  createHttpExchange,
  type HttpExchange,
  type HttpLimits,
  type HttpOutcome,
  type HttpRequest,
} from './http-exchange.js';
import { asObject, type Fields, isFields, parseJson } from './json-fields.js';
import { findEndpoint, parseToken, renderAuthentication, type Token } from './keystone.js';
import { decideRetry } from './retry.js';

export interface CloudRequest {
  readonly service: ServiceName;
  readonly method: HttpRequest['method'];
  /** Below `base`, or below the service's URL in the catalogue: `/servers/detail`. */
  readonly path: string;
  readonly base?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the whole of it may take, with every repetition; default 60 s. */
  readonly patienceMs?: number;
}

/** A cloud as one project sees it. Every call is authenticated, repeated where that is safe, and bounded. */
export interface CloudSession {
  /**
   * The answer's JSON (an empty object for an answer without content). Rejects with a `cloudError` for every other
   * status than 2xx, and for answers that do not come, break off or are no JSON.
   */
  call(request: CloudRequest): Promise<Fields>;
  /** As `call`, for what is no JSON in one or both directions. */
  raw(
    request: CloudRequest & { readonly content?: HttpRequest['body'] },
  ): Promise<Extract<HttpOutcome, { kind: 'answer' }>>;
  /** Of the project that the credentials are for. */
  projectId(): Promise<string>;
  /** From the catalogue, without a slash at the end. */
  baseUrl(service: ServiceName): Promise<string>;
  close(): void;
}

export interface CloudSessionOptions {
  readonly access: CloudAccess;
  readonly limits?: Partial<HttpLimits>;
  readonly log?: (level: 'info' | 'warn', message: string, details?: Readonly<Record<string, unknown>>) => void;
}

const PATIENCE_MS = 60_000;
/** A token is renewed that much before its end, or when a tenth of its life is left. */
const RENEWAL_MS = 5 * 60_000;

export function createCloudSession({ access, limits, log }: CloudSessionOptions): CloudSession {
  const http = createHttpExchange(access.tls, limits);
  const tokens = createTokens(access, http, log);

  /** Sends with the token; a refusal of the token is answered with a new one, exactly once. */
  const exchange = async (request: CloudRequest, content: HttpRequest['body']) => {
    const until = performance.now() + (request.patienceMs ?? PATIENCE_MS);
    const send = async (token: Token) => {
      const url = new URL((request.base ?? findEndpointOrFail(token, access, request.service)) + request.path);
      for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
      const headers = {
        'x-auth-token': token.id,
        accept: 'application/json',
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
      };
      const sent = {
        method: request.method,
        url: url.href,
        headers,
        ...(content === undefined ? {} : { body: content }),
      };
      return sendRepeating(http, sent, until, log);
    };
    const token = await tokens.get(until);
    const outcome = await send(token);
    if (outcome.kind !== 'answer' || outcome.status !== 401 || typeof content === 'object') return outcome;
    tokens.forget(token);
    return send(await tokens.get(until));
  };

  const raw = async (request: CloudRequest & { readonly content?: HttpRequest['body'] }) => {
    const content = request.content ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
    const outcome = await exchange(request, content);
    const name = `${request.method} ${request.path}`;
    if (outcome.kind === 'no-answer') {
      throw cloudError({ kind: 'unanswered', request: name, wasSent: outcome.wasSent, reason: outcome.reason });
    }
    if (outcome.status < 200 || outcome.status > 299) throw cloudError(readRefusal(name, outcome));
    return outcome;
  };

  return {
    raw,
    call: async (request) => {
      const { body } = await raw(request);
      if (body.length === 0) return {};
      try {
        return asObject(parseJson(body), 'its answer');
      } catch (error) {
        const name = `${request.method} ${request.path}`;
        throw cloudError({ kind: 'unanswered', request: name, wasSent: true, reason: reasonOf(error) });
      }
    },
    projectId: async () => (await tokens.get(performance.now() + PATIENCE_MS)).projectId,
    baseUrl: async (service) => findEndpointOrFail(await tokens.get(performance.now() + PATIENCE_MS), access, service),
    close: () => http.close(),
  };
}

/** One token at a time, asked for once however many wait for it. */
function createTokens(access: CloudAccess, http: HttpExchange, log: CloudSessionOptions['log']) {
  let current: Token | undefined;
  let renewAt = 0;
  let asking: Promise<Token> | undefined;

  const ask = async (until: number): Promise<Token> => {
    const url = `${access.authUrl}/auth/tokens`;
    const body = renderAuthentication(access.credentials);
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    // A token that was given and did not arrive does no harm: asking again is safe, although it is a POST.
    const outcome = await sendRepeating(http, { method: 'POST', url, headers, body }, until, log, true);
    const request = 'POST /auth/tokens';
    if (outcome.kind === 'no-answer') {
      throw cloudError({ kind: 'unanswered', request, wasSent: outcome.wasSent, reason: outcome.reason });
    }
    if (outcome.status === 401) {
      throw cloudError({
        kind: 'no-access',
        reason: `Keystone refuses the credentials of cloud "${access.cloud}" (401)`,
      });
    }
    if (outcome.status !== 201 && outcome.status !== 200) throw cloudError(readRefusal(request, outcome));
    try {
      const subject = outcome.headers['x-subject-token'];
      const token = parseToken(typeof subject === 'string' ? subject : undefined, outcome.body);
      const life = token.expiresAt - Date.now();
      renewAt = token.expiresAt - Math.min(RENEWAL_MS, life / 10);
      log?.('info', 'authenticated', {
        cloud: access.cloud,
        who: token.who,
        expiresAt: new Date(token.expiresAt).toISOString(),
      });
      return token;
    } catch (error) {
      throw cloudError({ kind: 'unanswered', request, wasSent: true, reason: reasonOf(error) });
    }
  };

  return {
    get: (until: number): Promise<Token> => {
      if (current !== undefined && Date.now() < renewAt) return Promise.resolve(current);
      asking ??= ask(until)
        .then((token) => {
          current = token;
          return token;
        })
        .finally(() => {
          asking = undefined;
        });
      return asking;
    },
    forget: (token: Token) => {
      if (current === token) current = undefined;
    },
  };
}

async function sendRepeating(
  http: HttpExchange,
  request: HttpRequest,
  until: number,
  log: CloudSessionOptions['log'],
  isRepeatable = request.method !== 'POST' && request.method !== 'PATCH',
): Promise<HttpOutcome> {
  for (let number = 1; ; number += 1) {
    const patienceMs = until - performance.now();
    if (patienceMs <= 0 && number === 1) return { kind: 'no-answer', wasSent: false, reason: 'no time is left' };
    const outcome = await http.send({ ...request, timeoutMs: Math.max(1, patienceMs) });
    // What is read from a stream can be sent once.
    if (typeof request.body === 'object') return outcome;
    const decision = decideRetry({
      number,
      isRepeatable,
      outcome,
      now: Date.now(),
      patienceMs: until - performance.now(),
      chance: Math.random(),
    });
    if (decision.kind === 'final') return outcome;
    const { pathname } = new URL(request.url);
    log?.('warn', 'a request is repeated', { request: `${request.method} ${pathname}`, ...decision });
    await delay(decision.afterMs);
  }
}

function findEndpointOrFail(token: Token, access: CloudAccess, service: ServiceName): string {
  try {
    return findEndpoint(token, access, service);
  } catch (error) {
    throw cloudError({ kind: 'no-access', reason: reasonOf(error) });
  }
}

/** A proxy's page of HTML: what it says stands at its beginning. */
const MAX_QUOTED_BYTES = 4_096;

/**
 * The refusals of the services: Nova `{"itemNotFound": {"code": 404, "message"}}` (nova/api/openstack/wsgi.py, Fault),
 * Neutron `{"NeutronError": {"type", "message", "detail"}}`, Keystone and its middleware `{"error": {"code", "title",
 * "message"}}`. Everything else has not been said by one of them.
 */
export function readRefusal(request: string, answer: Extract<HttpOutcome, { kind: 'answer' }>): CloudFault {
  const { status, headers, body } = answer;
  const unsigned = { kind: 'refused', request, status, code: '', isAuthoritative: false } as const;
  const isJson = /^application\/json\b/.test(headers['content-type'] ?? '');
  let fields: unknown;
  try {
    fields = isJson ? parseJson(body) : undefined;
  } catch {
    fields = undefined;
  }
  const [name, fault] = isFields(fields) ? (Object.entries(fields)[0] ?? []) : [];
  if (name === undefined || !isFields(fault)) {
    const text = body
      .subarray(0, MAX_QUOTED_BYTES)
      .toString('utf8')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    return { ...unsigned, message: text.slice(0, 200) };
  }
  const message = typeof fault.message === 'string' ? fault.message : '';
  if (name === 'NeutronError' && typeof fault.type === 'string') {
    return { ...unsigned, code: fault.type, message, isAuthoritative: true };
  }
  const code = name === 'error' && typeof fault.title === 'string' ? fault.title : name;
  return { ...unsigned, code, message, isAuthoritative: fault.code === status && message !== '' };
}

/** Whether nothing can have come of a request that failed with this error. */
export function isCertainlyNotDone(error: unknown): boolean {
  const fault = faultOf(error);
  if (fault === undefined) return false;
  switch (fault.kind) {
    case 'refused':
      return fault.status === 401 || fault.status === 429 || (fault.status < 500 && fault.isAuthoritative);
    case 'unanswered':
      return !fault.wasSent;
    case 'no-access':
      return true;
  }
}
