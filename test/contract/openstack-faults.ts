import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CloudAnswer } from './openstack-cloud.js';

/** What comes between a cloud and whoever asks it. */
export type Fault =
  /** Turned away, by the rate limit in front of the service. */
  | { readonly kind: 'too-many'; readonly retryAfter: string | undefined }
  /** A load balancer's page; the service has not seen the request. */
  | { readonly kind: 'page'; readonly status: number }
  /** The same, but the service has carried the request out. */
  | { readonly kind: 'page-after'; readonly status: number }
  /** Carried out, and the connection is reset instead of an answer. */
  | { readonly kind: 'reset-after' }
  /** Reset before the service has seen it. */
  | { readonly kind: 'reset' }
  /** Carried out, and half of the answer comes. */
  | { readonly kind: 'truncated' }
  /** Carried out, and the answer stops after a byte, with the connection open. */
  | { readonly kind: 'stuck' }
  /** Not before `until` resolves. */
  | { readonly kind: 'late'; readonly until: Promise<void> }
  /** The token is not believed any more. */
  | { readonly kind: 'unauthorized' };

export interface FaultPlan {
  readonly fault: Fault;
  /** Otherwise it is over with the first request that it applies to. */
  readonly isLasting?: boolean;
  readonly applies: (name: string, request: IncomingMessage) => boolean;
}

/** The next request whose `METHOD /path` matches. */
export function next(pattern: RegExp, fault: Fault): FaultPlan {
  return { fault, applies: (name) => pattern.test(name) };
}

/** Every request that matches, as long as the plan is there. */
export function every(pattern: RegExp, fault: Fault): FaultPlan {
  return { ...next(pattern, fault), isLasting: true };
}

export interface FaultScene {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Lets the service carry the request out. */
  readonly answer: () => CloudAnswer;
  readonly send: (response: ServerResponse, answer: CloudAnswer) => void;
}

export async function playFault({ fault }: FaultPlan, { request, response, answer, send }: FaultScene): Promise<void> {
  switch (fault.kind) {
    case 'too-many': {
      const headers = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
      return send(response, { status: 429, headers, body: { overLimit: { code: 429, message: 'Too many requests' } } });
    }
    case 'page':
      return send(response, page(fault.status));
    case 'page-after':
      answer();
      return send(response, page(fault.status));
    case 'reset-after':
      answer();
      return void request.socket.resetAndDestroy();
    case 'reset':
      return void request.socket.resetAndDestroy();
    case 'truncated': {
      const text = JSON.stringify(answer().body ?? {});
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(text.length) });
      response.write(text.slice(0, text.length / 2));
      return void setImmediate(() => request.socket.destroy());
    }
    case 'stuck':
      answer();
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      return void response.write('{');
    case 'late':
      await fault.until;
      return send(response, answer());
    case 'unauthorized':
      return send(response, {
        status: 401,
        headers: { 'www-authenticate': 'Keystone uri="/identity/v3"' },
        body: {
          error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' },
        },
      });
  }
}

function page(status: number): CloudAnswer {
  return { status, body: `<html><body><h1>${status}</h1>The load balancer has something to say.</body></html>` };
}
