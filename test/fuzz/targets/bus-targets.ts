import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { decodeReport } from '../../../agent/bus/report-messages.js';
import { readBusCredentials } from '../../../proto/bus-credentials.js';
import { decodeEnvelope, encodeEnvelope } from '../../../proto/codec.js';
import { parseInstanceId } from '../../../proto/instance-id.js';
import { openOutboxLog } from '../../../proto/outbox-log.js';
import { parseSubject } from '../../../proto/subjects.js';
import type { FuzzTarget } from '../fuzz-target.js';
import { madeEnvelopes, sampleEnvelopes } from '../made-envelopes.js';
import { scratchDirectory } from '../scratch-directory.js';

/** What comes over the bus, before anybody has looked at it, and what is kept of it. */
export function busTargets(): FuzzTarget[] {
  return [
    {
      name: 'bus/envelope',
      corpus: sampleEnvelopes(),
      made: madeEnvelopes,
      feed: (bytes) => {
        const decoded = decodeEnvelope(bytes);
        // What was understood can be said again, and means the same.
        if (decoded.kind !== 'envelope') return decoded;
        const again = decodeEnvelope(encodeEnvelope(decoded.envelope));
        if (again.kind !== 'envelope') throw new Error(`not understood again: ${again.reason.message}`);
        return decoded;
      },
    },
    {
      name: 'bus/subject',
      corpus: [
        'cpe.v1.cpe.request',
        'cpe.v1.dpe.shop.request',
        'cpe.v1.launcher.left.order',
        'cpe.v1.launcher.left.report.shop',
        'cpe.v1.agent.shop.web.left.1763807520123-1.heartbeat',
        'cpe.v1.events.shop',
      ],
      words: ['.', '*', '>', 'cpe.v1.', 'agent', 'launcher', 'report', '_INBOX'],
      feed: (bytes) => parseSubject(bytes.toString('utf8')),
    },
    {
      name: 'bus/instance-id',
      corpus: ['shop.web.local.1763807520123-1', 'a.b.c.1-1'],
      words: ['.', '-', '1', '99999999999999999999'],
      feed: (bytes) => parseInstanceId(bytes.toString('utf8')),
    },
    credentialsTarget(),
    outboxTarget(),
    {
      name: 'bus/kept-report',
      corpus: [JSON.stringify({ number: 1, kind: 'monitor-changed', resource: 'db.redis' })],
      feed: (bytes) => decodeReport(bytes),
    },
  ];
}

function credentialsTarget(): FuzzTarget {
  const seed = 'SUAIBDPBAUTWCWBKIO6XHQNINK5FWJW4OHLXC3HQ2KFE4PEJUA44CNHTAM';
  return {
    name: 'bus/credentials',
    corpus: [
      `-----BEGIN NATS USER JWT-----\neyJ0eXAiOiJKV1QifQ.e30.c2ln\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`,
    ],
    words: ['-----BEGIN NATS USER JWT-----', '-----BEGIN USER NKEY SEED-----', '------END NATS USER JWT------', '\n'],
    feed: (bytes) => {
      const { authenticator, authorities } = readBusCredentials(Buffer.from(bytes).toString('utf8'));
      return [authenticator('nonce'), authorities];
    },
    mayThrow: (error) => error instanceof Error && /no JWT, or no seed/.test(error.message),
  };
}

function outboxTarget(): FuzzTarget {
  const directory = scratchDirectory('outbox');
  const made = Buffer.concat([Buffer.from('CPEOUT1\n'), outboxRecord(4, 7), outboxRecord(1, 7, 'seven')]);
  return {
    name: 'bus/outbox-log',
    corpus: [made, Buffer.concat([made, outboxRecord(1, 8, 'eight'), outboxRecord(2, 7), outboxRecord(3, 2)])],
    words: ['CPEOUT1\n'],
    isUnsteady: true,
    feed: async (bytes) => {
      writeFileSync(join(directory, 'outbox.log'), bytes);
      const log = await openOutboxLog(directory);
      try {
        const { waiting, nextSequence, dropped } = log;
        if (!Number.isSafeInteger(nextSequence) || !Number.isSafeInteger(dropped)) {
          throw new Error(`an outbox counts to ${nextSequence}, ${dropped} dropped`);
        }
        for (const entry of waiting.slice(0, 4)) await log.read(entry);
        const first = await log.append([Buffer.from('more')]);
        return { waiting: waiting.length, isLater: first >= nextSequence };
      } finally {
        await log.close();
      }
    },
  };
}

/** As proto/outbox-log.ts writes them. */
function outboxRecord(kind: number, number: number, payload = ''): Buffer {
  const body = Buffer.alloc(9 + payload.length);
  body.writeUInt8(kind, 0);
  body.writeDoubleLE(number, 1);
  body.write(payload, 9);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(body.length, 0);
  head.writeUInt32LE(crc32(body), 4);
  return Buffer.concat([head, body]);
}
