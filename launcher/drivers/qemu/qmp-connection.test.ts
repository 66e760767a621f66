import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connectQmp, type QmpConnection } from './qmp-connection.js';

const GREETING = '{"QMP": {"version": {"qemu": {"micro": 0, "minor": 1, "major": 9}}, "capabilities": []}}\r\n';

/** What a monitor says to a line that it was sent. */
type Reply = (request: { readonly execute: string; readonly id: number }, socket: Socket) => void;

const obey: Reply = ({ id }, socket) => socket.write(`{"return": {}, "id": ${id}}\r\n`);

describe('a connection to a monitor', { timeout: 60_000 }, () => {
  let directory: string;
  let server: Server | undefined;
  let count = 0;
  before(() => {
    // Longer than the address of a socket can be.
    directory = join(mkdtempSync(join(tmpdir(), 'cpe-qmp-')), 'x'.repeat(100), 'y'.repeat(100));
    mkdirSync(directory, { recursive: true });
  });
  after(() => {
    server?.close();
    rmSync(join(directory, '../..'), { recursive: true, force: true });
  });

  /** A monitor of its own for each test. */
  const listen = async (greeting: string, reply: Reply) => {
    count += 1;
    const name = `${count}.sock`;
    server?.close();
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(greeting);
      socket.setEncoding('utf8').on('data', (text: string) => {
        for (const line of text.split('\n')) if (line !== '') reply(JSON.parse(line), socket);
      });
    });
    // The kernel allows long paths only by way of a short one: that of this process's directory.
    const before = process.cwd();
    process.chdir(directory);
    await new Promise<void>((resolve) => server?.listen(name, resolve));
    process.chdir(before);
    return { directory, name, deadlineMs: 30_000 };
  };
  const connect = async (greeting: string, reply: Reply): Promise<QmpConnection> => {
    const connected = await connectQmp(await listen(greeting, reply));
    assert.ok(connected.kind === 'connected', JSON.stringify(connected));
    return connected.connection;
  };

  test('commands are answered by their ids, in any order', async () => {
    const held: number[] = [];
    const connection = await connect(GREETING, ({ execute, id }, socket) => {
      if (execute === 'qmp_capabilities') return obey({ execute, id }, socket);
      held.push(id);
      if (held.length < 3) return;
      for (const each of held.toReversed()) socket.write(`{"return": {"n": ${each}}, "id": ${each}}\r\n`);
    });
    const answers = await Promise.all(['a', 'b', 'c'].map((command) => connection.execute(command)));
    assert.deepEqual(
      answers,
      [2, 3, 4].map((n) => ({ kind: 'returned', value: { n } })),
    );
    assert.equal(connection.version, '9.1.0');
    connection.close();
    assert.equal((await connection.execute('a')).kind, 'silent');
  });

  test('a command without an answer is silent after its deadline, and a late answer harms nobody', async () => {
    const late: number[] = [];
    const connection = await connect(GREETING, ({ execute, id }, socket) => {
      if (execute === 'late') return late.push(id);
      for (const each of late.splice(0)) obey({ execute, id: each }, socket);
      return obey({ execute, id }, socket);
    });
    const answer = await connection.execute('late', {}, 20);
    assert.deepEqual(answer, { kind: 'silent', reason: 'no answer to late in 20 ms' });
    assert.equal((await connection.execute('next')).kind, 'returned');
    connection.close();
  });

  test('events are told, the end too, and what waits then is silent', async () => {
    const target = await listen(GREETING, ({ execute, id }, socket) => {
      if (execute === 'end') return socket.end('{"event": "SHUTDOWN", "data": {"guest": true}}\r\n');
      return obey({ execute, id }, socket);
    });
    const told: string[] = [];
    const ended = new Promise<string>((resolve) => {
      const onEvent = ({ name }: { name: string }) => void told.push(name);
      void connectQmp({ ...target, onEvent, onEnd: resolve }).then(async (connected) => {
        assert.ok(connected.kind === 'connected');
        const answer = await connected.connection.execute('end');
        told.push(answer.kind);
      });
    });
    assert.match(await ended, /closed its control socket/);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(told, ['SHUTDOWN', 'silent']);
  });

  test('what cannot be a monitor is told from one', async () => {
    const cases: [string, Reply, RegExp][] = [
      ['HTTP/1.1 400 Bad Request\r\n\r\n', obey, /it said "HTTP.*", which is no QMP/],
      ['', obey, /no greeting in 100 ms/],
      ['x'.repeat(2 * 1024 * 1024), obey, /a line of more than/],
      [GREETING, (_, socket) => socket.destroy(), /closed|ECONNRESET/],
      [GREETING, ({ id }, socket) => socket.write(`{"error": {"class": "C", "desc": "no"}, "id": ${id}}\n`), /C: no/],
    ];
    for (const [greeting, reply, reason] of cases) {
      const target = await listen(greeting, reply);
      const connected = await connectQmp(greeting === '' ? { ...target, deadlineMs: 100 } : target);
      assert.ok(connected.kind === 'silent', JSON.stringify(connected));
      assert.match(connected.reason, reason);
    }
    const missing = await connectQmp({ directory, name: 'nobody.sock', deadlineMs: 100 });
    assert.ok(missing.kind === 'silent' && /ENOENT/.test(missing.reason), JSON.stringify(missing));
    const nowhere = await connectQmp({ directory: '/nonexistent', name: 'x', deadlineMs: 100 });
    assert.equal(nowhere.kind, 'silent');
  });

  test('garbage in the middle ends the connection', async () => {
    const target = await listen(GREETING, ({ execute, id }, socket) => {
      if (execute === 'garbage') return socket.write('\u0000\u0001\n');
      return obey({ execute, id }, socket);
    });
    let reason = '';
    const connected = await connectQmp({ ...target, onEnd: (why) => (reason = why) });
    assert.ok(connected.kind === 'connected');
    assert.equal((await connected.connection.execute('garbage')).kind, 'silent');
    assert.match(reason, /no QMP/);
  });
});
