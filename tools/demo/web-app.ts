/**
 * The shop's web application: counts visits in redis, over a plain socket. LISTEN and REDIS are HOST:PORT.
 *
 *     GET /         counts a visit and greets the visitor
 *     GET /visits   the number so far
 *     GET /health   whether the application itself is well
 */
import { createServer, type ServerResponse } from 'node:http';
import { connect } from 'node:net';

const redisTimeoutMs = 1_000;

const listen = endpoint('LISTEN');
const redis = endpoint('REDIS');

const server = createServer(async ({ url }, response) => {
  try {
    if (url === '/health') return answer(response, 200, 'well');
    if (url === '/visits') return answer(response, 200, (await ask('GET', 'visits')) || '0');
    if (url !== '/') return answer(response, 404, 'no such page');
    const visit = await ask('INCR', 'visits');
    answer(
      response,
      200,
      `Welcome to the shop. Visit ${visit}, served by ${listen.host}, counted by redis on ${redis.host}.`,
    );
  } catch (error) {
    answer(response, 503, `The shop is closed: ${(error as Error).message}`);
  }
});
server.listen(listen.port, listen.host);
process.once('SIGTERM', () => process.exit());

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(`${text}\n`);
}

/**
 * One command on a connection of its own, in the Redis serialization protocol: an array of bulk strings goes out, an
 * integer, bulk string or error comes back. The replies of INCR and GET fit into one line after their header.
 */
function ask(...words: readonly string[]): Promise<string> {
  const command = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('');
  return new Promise((resolve, reject) => {
    const socket = connect(redis);
    let reply = '';
    const finish = (settle: () => void): void => {
      socket.destroy();
      settle();
    };
    socket.setTimeout(redisTimeoutMs, () => finish(() => reject(new Error('redis does not answer'))));
    socket.once('error', ({ message }) => finish(() => reject(new Error(message))));
    socket.once('close', () => reject(new Error('redis hung up')));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      reply += chunk;
      const parsed = /^(?::(-?\d+)\r\n|\$\d+\r\n(.*)\r\n|\$(-1)\r\n|-(.*)\r\n)$/.exec(reply);
      if (parsed === null) return;
      const [, integer, bulk, nothing, problem] = parsed;
      if (problem !== undefined) finish(() => reject(new Error(`redis: ${problem}`)));
      else finish(() => resolve(nothing === undefined ? (integer ?? bulk ?? '') : ''));
    });
    socket.write(`*${words.length}\r\n${command}`);
  });
}

function endpoint(variable: string): { readonly host: string; readonly port: number } {
  const [, host, port] = /^(.+):(\d+)$/.exec(process.env[variable] ?? '') ?? [];
  if (host === undefined) {
    console.error(`web-app: ${variable} must be HOST:PORT`);
    process.exit(2);
  }
  return { host, port: Number(port) };
}
