import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import type { TlsAccess } from './clouds-yaml.js';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
  /** From the request to the last byte of its answer, where that is less than the limit; of a stream, in any case. */
  readonly timeoutMs?: number;
}

export type HttpOutcome =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer }
  /** `wasSent` is false only where the server cannot have seen anything of the request. */
  | { readonly kind: 'no-answer'; readonly wasSent: boolean; readonly reason: string };

export interface HttpExchange {
  /** One request, one outcome; never rejects. */
  send(request: HttpRequest): Promise<HttpOutcome>;
  close(): void;
}

export interface HttpLimits {
  readonly connectMs: number;
  readonly timeoutMs: number;
  readonly bodyBytes: number;
}

const DEFAULT_LIMITS: HttpLimits = { connectMs: 10_000, timeoutMs: 30_000, bodyBytes: 16 * 1024 * 1024 };

/**
 * Requests over kept connections, with every wait and every answer bounded. What may not be sent twice gets a connection
 * of its own: a kept one may be closed by the server just when a request is on its way, and then nobody knows.
 */
export function createHttpExchange(tls: TlsAccess, limits: Partial<HttpLimits> = {}): HttpExchange {
  const { connectMs, timeoutMs, bodyBytes } = { ...DEFAULT_LIMITS, ...limits };
  const secure = {
    rejectUnauthorized: tls.isVerified,
    ...(tls.authorities === undefined ? {} : { ca: tls.authorities }),
  };
  const kept = { keepAlive: true, maxSockets: 8, maxFreeSockets: 2, scheduling: 'lifo' as const };
  const agents = { http: new HttpAgent(kept), https: new HttpsAgent({ ...kept, ...secure }) };

  const send = (request: HttpRequest) =>
    new Promise<HttpOutcome>((resolve) => {
      let isConnected = false;
      let isOver = false;
      const isSecure = request.url.startsWith('https:');
      const isRepeatable = request.method === 'GET' || request.method === 'DELETE';
      const end = (outcome: HttpOutcome) => {
        if (isOver) return;
        isOver = true;
        clearTimeout(connecting);
        clearTimeout(overall);
        resolve(outcome);
        if (outcome.kind === 'no-answer') call.destroy();
      };
      const fail = (reason: string) => end({ kind: 'no-answer', wasSent: isConnected, reason });
      const headers = { ...request.headers };
      if (typeof request.body === 'string') headers['content-length'] = String(Buffer.byteLength(request.body));

      const call = (isSecure ? httpsRequest : httpRequest)(request.url, {
        method: request.method,
        headers,
        ...(isRepeatable ? { agent: isSecure ? agents.https : agents.http } : { agent: false, ...secure }),
      });
      const connecting = setTimeout(() => fail(`no connection in ${connectMs} ms`), connectMs);
      const isStream = typeof request.body === 'object';
      const overallMs = isStream
        ? (request.timeoutMs ?? timeoutMs)
        : Math.min(request.timeoutMs ?? timeoutMs, timeoutMs);
      const overall = setTimeout(() => fail(`not answered in ${overallMs} ms`), overallMs);
      const connected = () => {
        isConnected = true;
        clearTimeout(connecting);
      };
      call.on('socket', (socket) => {
        const isReady = !socket.connecting && !('secureConnecting' in socket && socket.secureConnecting === true);
        if (isReady) connected();
        else socket.once(isSecure ? 'secureConnect' : 'connect', connected);
      });
      call.on('error', (error) => fail(describe(error)));
      call.on('response', (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          parts.push(part);
          size += part.length;
          if (size > bodyBytes) fail(`its answer is longer than ${bodyBytes} bytes`);
        });
        response.on('error', (error) => fail(`its answer broke off: ${describe(error)}`));
        response.on('close', () => {
          if (!response.complete) fail('its answer broke off');
        });
        response.on('end', () => {
          if (!response.complete) return fail('its answer broke off');
          const body = Buffer.concat(parts);
          end({ kind: 'answer', status: response.statusCode ?? 0, headers: response.headers, body });
        });
      });
      if (request.body === undefined || typeof request.body === 'string') call.end(request.body);
      else request.body.on('error', (error) => fail(`what was to be sent: ${describe(error)}`)).pipe(call);
    });

  return {
    send,
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/** AggregateError of a connect to several addresses has an empty message. */
function describe(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return error.message !== '' ? error.message : (code ?? error.name);
}
