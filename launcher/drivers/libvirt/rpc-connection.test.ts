import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { getCapabilities, getNodeInfo, type LifecycleEvent, listDomains, lookUpDomain } from './libvirt-calls.js';
import { ConnectionError, connectRpc, type RpcConnection } from './rpc-connection.js';
import { createMessageDecoder, encodeMessage, LibvirtError, programs, type RpcMessage } from './rpc-message.js';
import { createXdrReader, createXdrWriter } from './xdr.js';

const UUID = '01234567-89ab-8cde-8f01-23456789abcd';
const DEADLINE_MS = 20_000;

describe('libvirt RPC', { timeout: 120_000 }, () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'cpe-libvirt-rpc-'));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  let count = 0;
  /** A server that does with each message what `answer` says. */
  const serve = async (answer: (message: RpcMessage, socket: Socket) => void, use: (peer: Peer) => Promise<void>) => {
    const path = join(directory, `${++count}`);
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
      socket.on(
        'data',
        createMessageDecoder((message) => answer(message, socket)),
      );
    }).listen(path);
    await once(server, 'listening');
    const events: LifecycleEvent[] = [];
    let tellClosed: (reason: string) => void = () => {};
    const closed = new Promise<string>((resolve) => {
      tellClosed = resolve;
    });
    const listeners = { onEvent: (event: LifecycleEvent) => events.push(event), onClose: tellClosed };
    const connection = await connectRpc(path, listeners, DEADLINE_MS);
    try {
      await use({ connection, events, closed, sockets });
    } finally {
      connection.close('the test is over');
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  };

  test('an answer is what was asked for, in whatever pieces and order it comes', () =>
    serve(
      (message, socket) => {
        const held: Buffer[] = [];
        held.push(reply(message, (writer) => writer.string(`answer ${message.serial}, é`)));
        const bytes = Buffer.concat(held);
        // The later call is answered first, byte by byte.
        setTimeout(
          () => {
            for (const byte of bytes) socket.write(Buffer.of(byte));
          },
          message.serial === 1 ? 50 : 0,
        );
      },
      async ({ connection }) => {
        const answers = await Promise.all([1, 2].map(() => connection.call(getCapabilities, undefined, DEADLINE_MS)));
        assert.deepEqual(answers, ['answer 1, é', 'answer 2, é']);
      },
    ));

  test('domains and numbers are read as they were written', () =>
    serve(
      (message, socket) => {
        if (message.procedure === getNodeInfo.number) {
          const write = (writer: Writer) => {
            for (let at = 0; at < 32; at += 1) writer.int32(0);
            writer.uint32(1);
            writer.uint32(2);
            writer.int32(4);
          };
          return socket.write(reply(message, write));
        }
        if (message.procedure === lookUpDomain.number) {
          assert.equal(createXdrReader(message.payload).bytes(16).toString('hex'), UUID.replaceAll('-', ''));
          return socket.write(reply(message, (writer) => writeDomain(writer, 7)));
        }
        return socket.write(
          reply(message, (writer) => {
            writer.uint32(2);
            writeDomain(writer, 7);
            writeDomain(writer, -1);
            writer.uint32(2);
          }),
        );
      },
      async ({ connection }) => {
        assert.deepEqual(await connection.call(getNodeInfo, undefined, DEADLINE_MS), {
          memoryKiB: 2n ** 32n + 2n,
          cpus: 4,
        });
        const domain = { name: 'one', uuid: UUID, id: 7 };
        assert.deepEqual(await connection.call(lookUpDomain, { uuid: UUID }, DEADLINE_MS), domain);
        assert.deepEqual(await connection.call(listDomains, undefined, DEADLINE_MS), [domain, { ...domain, id: -1 }]);
      },
    ));

  test("a refusal has libvirt's number and words", () =>
    serve(
      (message, socket) => {
        const write = (writer: Writer) => {
          writer.int32(42);
          writer.int32(10);
          writer.optional('Domain not found', writer.string);
        };
        socket.write(reply(message, write, 1));
      },
      async ({ connection }) => {
        const refused = connection.call(lookUpDomain, { uuid: UUID }, DEADLINE_MS);
        await assert.rejects(refused, (error) => error instanceof LibvirtError && error.code === 42);
      },
    ));

  test('events are heard, and a ping is answered', async () => {
    let heardPong: () => void = () => {};
    const pong = new Promise<void>((resolve) => {
      heardPong = resolve;
    });
    await serve(
      (message, socket) => {
        if (message.program === programs.keepalive) return heardPong();
        socket.write(frame({ program: programs.keepalive, procedure: 1, type: 2 }, () => {}));
        const event = (writer: Writer) => {
          writer.int32(0);
          writeDomain(writer, 7);
          writer.int32(5);
          writer.int32(1);
        };
        socket.write(frame({ program: programs.remote, procedure: 318, type: 2 }, event));
        // One that nobody has asked for, of a later libvirtd.
        socket.write(frame({ program: programs.remote, procedure: 9999, type: 2 }, event));
        socket.write(reply(message, (writer) => writer.string('done')));
      },
      async ({ connection, events }) => {
        await connection.call(getCapabilities, undefined, DEADLINE_MS);
        await pong;
        assert.deepEqual(events, [{ domain: { name: 'one', uuid: UUID, id: 7 }, event: 5, detail: 1 }]);
      },
    );
  });

  test('silence has an end, and a late answer has nobody', async () => {
    const late: Buffer[] = [];
    await serve(
      (message, socket) => {
        if (late.length === 0) {
          late.push(reply(message, (writer) => writer.string('late')));
          return;
        }
        socket.write(Buffer.concat([...late, reply(message, (writer) => writer.string('in time'))]));
      },
      async ({ connection }) => {
        await assert.rejects(connection.call(getCapabilities, undefined, 20), ConnectionError);
        assert.equal(await connection.call(getCapabilities, undefined, DEADLINE_MS), 'in time');
      },
    );
  });

  const nonsense: readonly [string, Buffer][] = [
    ['garbage', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['a length of nothing', Buffer.alloc(28)],
    ['a length without end', Buffer.alloc(28, 0xff)],
  ];
  for (const [what, bytes] of nonsense) {
    test(`${what} ends the connection, and calls with it`, () =>
      serve(
        (_, socket) => socket.write(bytes),
        async ({ connection, closed }) => {
          await assert.rejects(connection.call(getCapabilities, undefined, DEADLINE_MS), ConnectionError);
          assert.match(await closed, /cannot be understood/);
          await assert.rejects(connection.call(getCapabilities, undefined, DEADLINE_MS), ConnectionError);
        },
      ));
  }

  test('an answer that is too short fails the call alone', () =>
    serve(
      (message, socket) => socket.write(reply(message, (writer) => writer.uint32(message.serial === 1 ? 100 : 0))),
      async ({ connection }) => {
        await assert.rejects(connection.call(getCapabilities, undefined, DEADLINE_MS), /bytes expected/);
        assert.equal(await connection.call(getCapabilities, undefined, DEADLINE_MS), '');
      },
    ));

  test('the end of libvirtd is told once, and fails what waits', () =>
    serve(
      (_, socket) => socket.destroy(),
      async ({ connection, closed }) => {
        await assert.rejects(connection.call(getCapabilities, undefined, DEADLINE_MS), /the connection has ended/);
        assert.match(await closed, /the connection has ended/);
      },
    ));

  test('nobody there is a reason', async () => {
    const listeners = { onEvent: () => {}, onClose: () => assert.fail('there was none') };
    await assert.rejects(connectRpc(join(directory, 'none'), listeners, DEADLINE_MS), /ENOENT/);
  });
});

type Writer = ReturnType<typeof createXdrWriter>;

interface Peer {
  readonly connection: RpcConnection;
  readonly events: readonly LifecycleEvent[];
  readonly closed: Promise<string>;
  readonly sockets: readonly Socket[];
}

function reply({ procedure, serial }: RpcMessage, write: (writer: Writer) => void, status = 0): Buffer {
  return frame({ program: programs.remote, procedure, type: 1, serial, status }, write);
}

function frame(
  header: Pick<RpcMessage, 'program' | 'procedure' | 'type'> & Partial<RpcMessage>,
  write: (writer: Writer) => void,
): Buffer {
  const writer = createXdrWriter();
  write(writer);
  return encodeMessage({ serial: 0, status: 0, ...header, payload: writer.result() });
}

function writeDomain(writer: Writer, id: number): void {
  writer.string('one');
  writer.bytes(Buffer.from(UUID.replaceAll('-', ''), 'hex'));
  writer.int32(id);
}
