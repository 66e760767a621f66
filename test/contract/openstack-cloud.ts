import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerGlance } from './openstack-cloud-glance.js';
import { answerKeystone } from './openstack-cloud-keystone.js';
import { answerNeutron } from './openstack-cloud-neutron.js';
import { answerNova } from './openstack-cloud-nova.js';
import { type CloudSettings, type CloudState, createCloudState } from './openstack-cloud-state.js';
import { type FaultPlan, playFault } from './openstack-faults.js';

/**
 * A strict OpenStack for tests: Keystone v3, Nova, Glance and Neutron behind one port, as the published API references
 * say, refusing what those refuse. It has a clock that the test drives, hosts on which guests run that are no business
 * of Nova's records, and faults that come between it and whoever asks.
 */
export interface OpenStackCloud {
  readonly state: CloudState;
  readonly authUrl: string;
  /** Everything that was asked, `POST /compute/v2.1/servers`, in order. */
  readonly requests: readonly string[];
  /** Consulted for each request, in order; the first that fits is played. */
  readonly faults: FaultPlan[];
  /** From now on the cloud's clock runs with the machine's, that many times as fast. */
  runClock(factor: number): void;
  close(): Promise<void>;
}

export interface CloudQuestion {
  readonly method: string;
  /** Below the service: `/v2.1/servers`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
}

export interface CloudAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON where it is no text. */
  readonly body?: unknown;
}

type Answer = (state: CloudState, question: CloudQuestion) => CloudAnswer;

const SERVICES = {
  identity: answerKeystone,
  compute: answerNova,
  network: answerNeutron,
  image: answerGlance,
} as const satisfies Record<string, Answer>;

const TICK_MS = 10;

export async function startOpenStackCloud(settings: Partial<CloudSettings> = {}): Promise<OpenStackCloud> {
  const state = createCloudState(settings);
  const requests: string[] = [];
  const faults: FaultPlan[] = [];
  let timer: NodeJS.Timeout | undefined;
  let origin = '';

  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy());
  });
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', origin);
    const [, service = '', rest = ''] = /^\/([a-z]+)(\/.*)?$/.exec(url.pathname) ?? [];
    const name = `${request.method} ${url.pathname}`;
    requests.push(name);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const answer = (): CloudAnswer => {
      const ask: Answer | undefined = Object.hasOwn(SERVICES, service)
        ? SERVICES[service as keyof typeof SERVICES]
        : undefined;
      if (ask === undefined) return { status: 404, body: 'no such service' };
      const { method = '', headers } = request;
      return ask(state, { method, path: rest, query: url.searchParams, headers, body: Buffer.concat(parts), origin });
    };
    const fault = faults.find((plan) => plan.applies(name, request));
    if (fault !== undefined && !fault.isLasting) faults.splice(faults.indexOf(fault), 1);
    if (fault === undefined) return send(response, answer());
    await playFault(fault, { request, response, answer, send });
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    state,
    authUrl: `${origin}/identity/v3`,
    requests,
    faults,
    runClock: (factor) => {
      clearInterval(timer);
      let last = performance.now();
      timer = setInterval(() => {
        const now = performance.now();
        state.advance((now - last) * factor);
        last = now;
      }, TICK_MS);
    },
    close: async () => {
      clearInterval(timer);
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function send(response: ServerResponse, { status, headers = {}, body }: CloudAnswer): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/html; charset=UTF-8' : 'application/json';
  response.writeHead(status, {
    ...(body === undefined ? {} : { 'content-type': type }),
    'content-length': String(Buffer.byteLength(text)),
    ...headers,
  });
  response.end(text);
}
