import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSiteConfig } from '../../../coordinator/cpe/site-config.js';
import { openAddressBook } from '../../../launcher/drivers/address-book.js';
import { readJournal } from '../../../launcher/drivers/journal.js';
import { parseCapabilities } from '../../../launcher/drivers/libvirt/capabilities.js';
import { readDomainRecord, readGuestRecord } from '../../../launcher/drivers/libvirt/domain-record.js';
import { readTag } from '../../../launcher/drivers/libvirt/domain-tag.js';
import { parseLibvirtUri } from '../../../launcher/drivers/libvirt/libvirt-uri.js';
import {
  createMessageDecoder,
  decodeError,
  encodeMessage,
  LibvirtError,
} from '../../../launcher/drivers/libvirt/rpc-message.js';
import { XdrError } from '../../../launcher/drivers/libvirt/xdr.js';
import { parseDriverChoice } from '../../../launcher/drivers/open-driver.js';
import { cloudError } from '../../../launcher/drivers/openstack/cloud-fault.js';
import { readCloudRecord } from '../../../launcher/drivers/openstack/cloud-record.js';
import { readRefusal } from '../../../launcher/drivers/openstack/cloud-session.js';
import { findCloudAccess } from '../../../launcher/drivers/openstack/clouds-yaml.js';
import { parseToken } from '../../../launcher/drivers/openstack/keystone.js';
import { parseServer } from '../../../launcher/drivers/openstack/server.js';
import { describeEnd } from '../../../launcher/drivers/qemu/last-words.js';
import { parseQmpLine, readQmpEvents } from '../../../launcher/drivers/qemu/qmp-message.js';
import { openEpochBook } from '../../../launcher/epoch-book.js';
import { parseImageRecord } from '../../../launcher/images/image-record.js';
import { readNetworkRecord } from '../../../launcher/network/network-record.js';
import { parseServer as parseBusServer } from '../../../launcher/network/network-relays.js';
import { chooseSubnet, parseSubnet } from '../../../launcher/network/subnet.js';
import { openResultMemory } from '../../../launcher/result-memory.js';
import type { FuzzTarget } from '../fuzz-target.js';
import { scratchDirectory } from '../scratch-directory.js';

/** What a launcher reads: its own files, and what QEMU, libvirt and OpenStack say. */
export function launcherTargets(): FuzzTarget[] {
  return [...fileTargets(), ...platformTargets()];
}

function fileTargets(): FuzzTarget[] {
  const directory = scratchDirectory('launcher');
  const file = (name: string) => join(directory, name);
  const isDamage = (error: unknown) => error instanceof Error && error.message.includes(directory);
  const state = { instance: 'shop.web.left.1-1', state: 1 };
  const result = `${JSON.stringify({ operationId: 'a', order: 'start', state })}\n`;
  const instance = 'shop.web.left.1-1';
  mkdirSync(join(directory, 'journal', instance), { recursive: true });
  return [
    {
      name: 'launcher/results',
      // One exception a line that is none.
      msPerKiB: 8,
      corpus: [result + result.replace('"a"', '"b"')],
      words: ['\n', '"operationId":"', '"state":null', '{}'],
      feed: async (bytes) => {
        writeFileSync(file('results.jsonl'), bytes);
        const memory = await openResultMemory(file('results.jsonl'), 64);
        // What is found is used as a state: it has to be an object.
        return ['a', 'b'].map((id) => memory.find(id)).map((found) => found && Object.keys(found.state).length);
      },
    },
    {
      name: 'launcher/epochs',
      corpus: ['{"shop":3,"bank":9007199254740991}'],
      words: ['null', '[]', '-1', '"__proto__":5'],
      feed: async (bytes) => {
        writeFileSync(file('epochs.json'), bytes);
        const book = await openEpochBook(file('epochs.json'));
        const epoch = book.current('shop');
        if (!Number.isSafeInteger(epoch) || epoch < 0) throw new Error(`the epoch in force is ${epoch}`);
        return epoch;
      },
      mayThrow: isDamage,
    },
    {
      name: 'launcher/journal',
      corpus: [
        JSON.stringify({
          version: 1,
          driver: 'local',
          instance,
          deployable: 'shop',
          assembly: 'web',
          address: '127.1.1.1',
          hostname: 'web',
          startedAt: 1,
          bootId: 'b',
          pidNamespace: 'p',
        }),
      ],
      words: ['"version":1', 'null', '"startedAt":', '"memoryMiB":'],
      feed: (bytes) => {
        writeFileSync(join(directory, 'journal', instance, 'instance.json'), bytes);
        writeFileSync(join(directory, 'journal', instance, 'death.json'), bytes.subarray(0, bytes.length >> 1));
        return readJournal(join(directory, 'journal'));
      },
    },
    {
      name: 'launcher/small-records',
      corpus: [
        '{"subnet":"10.77.3","relayPorts":[4222]}',
        '{"shop.web":"10.1.1.1"}',
        '{"version":1,"project":"p","token":"t","deadline":1,"ports":[{"id":"a","address":"b"}],"phase":"asked"}',
        '{"directory":"/a","uuid":"u","process":{"pid":1,"startTime":"2","bootId":"b","pidNamespace":"p"}}',
      ],
      words: ['null', '"ports":[', '[]', '{}', '"phase":"running"', '"__proto__":'],
      feed: async (bytes) => {
        for (const name of ['network.json', 'addresses.json', 'openstack.json', 'guest.json', 'domain.json']) {
          writeFileSync(file(name), bytes);
        }
        const book = await openAddressBook(file('addresses.json'), ['10.1.1.1', '10.1.1.2']);
        return [
          await readNetworkRecord(file('network.json')),
          book.choose('shop.web', new Set()),
          await outcomeOf(readCloudRecord(directory)),
          await outcomeOf(readGuestRecord(directory)),
          await outcomeOf(readDomainRecord(directory)),
        ];
      },
    },
    {
      name: 'launcher/site-config',
      corpus: [
        JSON.stringify({
          launcherHosts: ['left'],
          drivers: { left: 'qemu' },
          busUrl: 'nats://127.0.0.1:1',
          natsServer: '/x',
          maxDeployables: 1,
          heartbeatMs: 1,
          agentLostMs: 2,
          isForeground: false,
        }),
      ],
      words: ['null', '"drivers":', '[]', '"launcherHosts":[1]', '"heartbeatMs":"x"'],
      feed: (bytes) => {
        writeFileSync(file('config.json'), bytes);
        const config = readSiteConfig(directory);
        if (config === undefined) return undefined;
        return config.launcherHosts.map((host) => host.length + (config.drivers[host] ?? 'local').length);
      },
      mayThrow: isDamage,
    },
    {
      name: 'launcher/image-record',
      corpus: [
        JSON.stringify({
          version: 1,
          name: 'debian-12',
          recipe: 'debian-12',
          madeAt: '2026-01-01T00:00:00Z',
          inputs: 'x',
          suite: 'bookworm',
          architecture: 'amd64',
          diskBytes: 1,
          kernelVersion: '6',
          kernelArguments: ['a'],
          hasInitrd: true,
          agent: { version: '1', digest: 'd', node: '20' },
          packages: ['a=1'],
        }),
      ],
      words: ['null', '"agent":{}', '"diskBytes":1e999', '../'],
      feed: (bytes) => parseImageRecord(bytes.toString('utf8')),
    },
  ];
}

function platformTargets(): FuzzTarget[] {
  const directory = scratchDirectory('clouds');
  const clouds = join(directory, 'clouds.yaml');
  const isPlain = (error: unknown) => error instanceof Error && error.constructor === Error;
  const rpc = encodeMessage({
    program: 0x20008086,
    procedure: 1,
    type: 1,
    serial: 1,
    status: 0,
    payload: Buffer.from('abcd'),
  });
  return [
    {
      name: 'launcher/qmp',
      msPerKiB: 8,
      corpus: [
        '{"QMP":{"version":{"qemu":{"micro":0,"minor":2,"major":7},"package":""},"capabilities":[]}}',
        '{"return":{"status":"running","running":true},"id":1}',
        '{"timestamp":{"seconds":1700000000,"microseconds":12},"event":"SHUTDOWN","data":{"guest":true,"reason":"guest-panic"}}',
        '{"id":2,"error":{"class":"GenericError","desc":"no"}}',
      ],
      words: ['"event":"SHUTDOWN"', '"seconds":1e300', '"data":null', '\n', '"reason":'],
      feed: (bytes) => {
        const text = bytes.toString('utf8');
        const events = readQmpEvents(text);
        return [
          text.split('\n').map(parseQmpLine),
          describeEnd({ events, log: text.slice(0, 4096), console: text.slice(0, 4096) }),
        ];
      },
    },
    {
      name: 'launcher/libvirt-rpc',
      corpus: [rpc, Buffer.concat([rpc, rpc])],
      feed: (bytes) => {
        const messages: unknown[] = [];
        const push = createMessageDecoder((message) => {
          messages.push(message.status === 1 ? decodeError(message.payload).message : message);
        });
        const half = bytes.length >> 1;
        push(bytes.subarray(0, half));
        push(bytes.subarray(half));
        return messages;
      },
      mayThrow: (error) => isPlain(error) || error instanceof XdrError || error instanceof LibvirtError,
    },
    {
      name: 'launcher/libvirt-error',
      corpus: [Buffer.from('00000001000000020000000100000003616263000000', 'hex')],
      feed: (bytes) => decodeError(bytes).message,
      mayThrow: (error) => error instanceof XdrError,
    },
    {
      name: 'launcher/libvirt-xml',
      // Linear, at 4 to 5 ms: the XML reader reports every error of a text that is full of them.
      msPerKiB: 10,
      corpus: [
        '<capabilities><host><secmodel><model>dac</model><baselabel>+64055:+64055</baselabel></secmodel></host><guest><os_type>hvm</os_type><arch name="x86_64"><emulator>/usr/bin/qemu</emulator><domain type="kvm"/></arch></guest></capabilities>',
        '<domain><metadata><cpe:instance xmlns:cpe="https://pacemaker-cloud.org/xmlns/libvirt/1" home="a" host="b" id="c"/></metadata></domain>',
      ],
      words: ['<metadata>', '<guest>', '<arch name="x86_64">', '+99999999999:+1', '&lt;', '<![CDATA['],
      feed: (bytes) => {
        const xml = bytes.toString('utf8');
        return [parseCapabilities(xml, 'x86_64'), readTag(xml)];
      },
    },
    {
      name: 'launcher/openstack-answers',
      corpus: openstackAnswers,
      words: [
        'null',
        '[]',
        '{}',
        '"addresses":',
        '"metadata":',
        '"OS-EXT-STS:power_state":1',
        '"fault":{"message":1}',
        '<html>',
      ],
      feed: (bytes) => {
        const headers = { 'content-type': 'application/json' };
        const value = jsonOf(bytes);
        return [
          attempt(() => parseToken('t', bytes)),
          attempt(() => parseServer(value)),
          cloudError(readRefusal('GET /x', { kind: 'answer', status: 403, headers, body: bytes })).message,
          cloudError(readRefusal('GET /x', { kind: 'answer', status: 403, headers: {}, body: bytes })).message,
        ];
      },
    },
    {
      name: 'launcher/clouds-yaml',
      corpus: [
        'clouds:\n  a:\n    auth: { auth_url: "https://x/v3", username: u, password: p, project_name: n, user_domain_name: d, project_domain_name: d }\n    region_name: r\n    cpe: { network: [a, b], flavor: f }\n',
      ],
      words: ['&a', '*a', 'regions: [', 'auth:', '<<: *a', '!!set', 'null', 'verify: no', 'cacert: /dev/null'],
      feed: (bytes) => {
        writeFileSync(clouds, bytes);
        return findCloudAccess({
          environment: { OS_CLIENT_CONFIG_FILE: clouds, OS_CLIENT_SECURE_FILE: join(directory, 'none') },
        });
      },
    },
    {
      name: 'launcher/words',
      corpus: ['qemu:/x', 'qemu+unix:///system?socket=/a', '10.64.3.0/24', 'nats://[::1]:4222', 'local', '10.0.0.0/9'],
      words: ['//', ':', '?socket=', '/24', '99999', '['],
      feed: (bytes) => {
        const text = bytes.toString('utf8');
        return [
          parseDriverChoice(text),
          parseLibvirtUri(text, {}),
          parseSubnet(text),
          chooseSubnet({ owner: 'x', preferred: undefined, routed: text.split('\n').slice(0, 64) }),
          attempt(() => parseBusServer(text)),
        ];
      },
    },
  ];
}

const openstackAnswers = [
  '{"token":{"expires_at":"2030-01-01T00:00:00Z","project":{"id":"p","name":"n"},"user":{"id":"u","name":"ann"},"catalog":[{"type":"compute","endpoints":[{"interface":"public","region_id":"r","url":"http://x/v2.1"}]}]}}',
  '{"id":"a","name":"b","status":"ACTIVE","OS-EXT-STS:power_state":1,"OS-EXT-STS:task_state":null,"addresses":{"net":[{"addr":"10.0.0.1","version":4,"OS-EXT-IPS:type":"fixed"}]},"metadata":{"k":"v"},"hostId":"h"}',
  '{"itemNotFound":{"code":404,"message":"no"}}',
  '{"NeutronError":{"type":"PortNotFound","message":"m","detail":""}}',
  '{"forbidden":{"code":403,"message":"Quota exceeded for cores, ram: Requested 4, 8192, but already used 18, 49152 of 20, 51200 cores, ram"}}',
  '<html><body>502</body></html>',
];

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A plain Error is what these document; a TypeError is a mistake. */
function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return ofError(error);
  }
}

async function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    return ofError(error);
  }
}

function ofError(error: unknown): unknown {
  const isUrl = error instanceof TypeError && 'code' in error && error.code === 'ERR_INVALID_URL';
  if (isUrl || error instanceof SyntaxError || (error instanceof Error && error.constructor === Error)) {
    return error.message;
  }
  throw error;
}
