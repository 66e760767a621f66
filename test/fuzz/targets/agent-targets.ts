import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenarioPolicy } from '../../../agent/core/agent-scenario.js';
import { durableEntries, restoreState } from '../../../agent/core/durable-state.js';
import { parseBusAddress } from '../../../agent/dbus/bus-address.js';
import { parseSignature } from '../../../agent/dbus/signature.js';
import { decodeMessage, encodeMessage, messageLength } from '../../../agent/dbus/wire-message.js';
import { findOwnCgroup } from '../../../agent/executors/cgroup-mount.js';
import { parseOcfMetadata } from '../../../agent/executors/parse-ocf-metadata.js';
import { parseLine } from '../../../agent/executors/spawner-request.js';
import { openIso } from '../../../agent/guest/iso9660.js';
import { parseGuestFiles } from '../../../agent/guest/parse-guest-files.js';
import { seedDiskSource } from '../../../agent/guest/seed-disk.js';
import { parseIdentity, readIdentity } from '../../../agent/identity.js';
import { Journal } from '../../../agent/journal.js';
import { readRefusal } from '../../../agent/matahari/dbus/bus-refusal.js';
import { parseIntrospection } from '../../../agent/matahari/dbus/introspection.js';
import { parseCpus, parseLoad, parseMemory, parseProcessState } from '../../../agent/matahari/own/host-facts.js';
import { parseAddresses } from '../../../agent/matahari/own/network.js';
import { parseInitInfo } from '../../../agent/matahari/own/service-description.js';
import { parseLifetime } from '../../../agent/matahari/uuid-lifetime.js';
import { parseUnitName } from '../../../agent/systemd/unit-name.js';
import type { FuzzTarget } from '../fuzz-target.js';
import { isoImage } from '../iso-image.js';
import { scratchDirectory } from '../scratch-directory.js';

/** What an agent reads: its guest's kernel, firmware and disks, resource agents, D-Bus, and its own files. */
export function agentTargets(): FuzzTarget[] {
  return [...guestTargets(), ...dbusTargets(), ...machineTargets(), journalTarget()];
}

const identity = {
  deployable: 'shop',
  assembly: 'web',
  instance: 'shop.web.local.1-1',
  launcherHost: 'local',
  epoch: 3,
  busServers: ['nats://10.64.0.1:4222'],
  heartbeatIntervalMs: 1000,
  address: '10.64.0.2',
  hostname: 'web',
};
const network = { address: '10.64.0.2/24', gateway: '10.64.0.1', nameservers: ['10.64.0.1'], mac: '52:54:00:00:00:01' };

function guestTargets(): FuzzTarget[] {
  const directory = scratchDirectory('guest');
  const file = join(directory, 'identity.json');
  const devices = join(directory, 'devices');
  mkdirSync(devices);
  writeFileSync(join(devices, 'sr0'), '');
  const files = ['identity', 'bus', 'network', 'time', 'seed'] as const;
  const iso = isoImage('CIDATA', 'cpe', [
    ['identity', JSON.stringify(identity)],
    ['bus', 'creds'],
    ['network', JSON.stringify(network)],
  ]);
  return [
    {
      name: 'guest/identity',
      corpus: [JSON.stringify(identity), JSON.stringify({ ...identity, stateDirectory: '/x', credentialsFile: '/y' })],
      words: ['"instance"', '"busServers":[', 'null', '"epoch":-1', '1e400', '{}', '[]'],
      feed: (bytes) => {
        writeFileSync(file, bytes);
        return readIdentity(file);
      },
      // It names the file.
      mayThrow: (error) => error instanceof Error && error.message.startsWith(`${file}: `),
    },
    {
      name: 'guest/files',
      corpus: [
        [JSON.stringify(identity), 'creds', JSON.stringify(network), '1763807520123', 'c2VlZA=='].join('\u0001'),
      ],
      words: ['\u0001', 'null', '"address":', '/33', '[', '1e308'],
      feed: (bytes) => {
        const parts = bytes.toString('utf8').split('\u0001');
        const given = Object.fromEntries(files.map((name, index) => [name, parts[index]]));
        return parseGuestFiles({ ...given, identity: parts[0] ?? '' } as Parameters<typeof parseGuestFiles>[0], {
          run: '/run/x',
          state: '/var/x',
        });
      },
    },
    {
      name: 'guest/identity-value',
      corpus: [JSON.stringify({ ...identity, stateDirectory: '/x', credentialsFile: '/y' })],
      feed: (bytes) => parseIdentity(jsonOf(bytes)),
    },
    {
      name: 'guest/iso9660',
      corpus: [iso],
      maxBytes: 256 * 1024,
      feed: (bytes) => {
        const volume = openIso((offset, length) => bytes.subarray(offset, Math.min(bytes.length, offset + length)));
        return volume && [volume.label, attempt(() => volume.readFile(['cpe', 'identity'], 65_536))];
      },
    },
    {
      name: 'guest/seed-disk',
      corpus: [iso],
      maxBytes: 256 * 1024,
      feed: (bytes) => {
        writeFileSync(join(devices, 'sr0'), bytes);
        return seedDiskSource({ blocks: devices, devices, lookEveryMs: 0 }).look();
      },
    },
  ];
}

function dbusTargets(): FuzzTarget[] {
  const call = encodeMessage({
    type: 'call',
    serial: 7,
    expectsReply: true,
    path: '/org/freedesktop/systemd1',
    interface: 'org.freedesktop.systemd1.Manager',
    member: 'StartUnit',
    destination: 'org.freedesktop.systemd1',
    signature: 'ssa{sv}(iu)ayat',
    values: ['a.service', 'replace', { k: { signature: 's', value: 'v' } }, [1, 2], Buffer.from('abc'), [1n, 2n]],
  });
  const signal = encodeMessage({
    type: 'signal',
    serial: 8,
    expectsReply: false,
    path: '/a',
    interface: 'a.b',
    member: 'C',
    signature: 'aaybd',
    values: [[Buffer.from('x'), Buffer.from('y')], true, 1.5],
  });
  const isRange = (error: unknown) => error instanceof RangeError && !/call stack/.test(error.message);
  return [
    {
      name: 'dbus/message',
      corpus: [call, signal],
      words: ['a{sv}', '(iu)', 'v', 'aaaaaaaa', '((((', '\u0001v\u0000', 'ay'],
      feed: (bytes) => [messageLength(bytes), decodeMessage(bytes)],
      mayThrow: isRange,
    },
    {
      name: 'dbus/signature',
      corpus: ['a{sv}(iu)ayv', 'aaaas', '(((s)))'],
      words: ['a', '(', ')', '{', '}', 'v', 's'],
      maxBytes: 1024,
      feed: (bytes) => parseSignature(bytes.toString('latin1')),
      mayThrow: isRange,
    },
    {
      name: 'dbus/address',
      corpus: ['unix:path=/run/dbus/system_bus_socket', 'tcp:host=a,port=1;unix:abstract=%2fx', 'unixexec:path=a'],
      words: ['%', '%zz', ',', ';', '=', ':'],
      feed: (bytes) => parseBusAddress(bytes.toString('utf8')),
    },
    {
      name: 'dbus/introspection',
      corpus: [
        '<node><interface name="a.b"><method name="C"><arg type="s" direction="in"/></method><property name="P" type="u"/></interface><node name="x"/></node>',
      ],
      words: ['<node>', '<interface name="', '<method name="__proto__">', '<arg type="', '</node>'],
      feed: (bytes) => parseIntrospection(bytes.toString('utf8')),
    },
    {
      name: 'dbus/refusal',
      corpus: ['org.freedesktop.DBus.Error.NoReply', 'x.MatahariErrorQuark.Code2', 'constructor'],
      words: ['.', 'Code', '99999', '__proto__'],
      feed: (bytes) => readRefusal(bytes.toString('utf8'), ''),
    },
  ];
}

function machineTargets(): FuzzTarget[] {
  return [
    {
      name: 'agent/ocf-meta-data',
      // Linear, at 4 to 5 ms: the XML reader reports every error of a text that is full of them.
      msPerKiB: 10,
      corpus: [metadata],
      words: [
        '<parameter name="',
        '<content type="',
        '<action name="monitor" timeout="',
        'unique="1"',
        '<?xml ',
        '<!DOCTYPE ',
        ']>',
        '</resource-agent>',
        '<resource-agent ',
      ],
      maxBytes: 512 * 1024,
      feed: (bytes) => parseOcfMetadata(bytes.toString('utf8')),
    },
    {
      name: 'agent/proc-files',
      corpus: [
        'MemTotal:       24689012 kB\nMemFree:  1 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n',
        'processor\t: 0\nmodel name\t: x\nphysical id\t: 0\ncore id\t\t: 0\nflags\t\t: a b\n\nprocessor\t: 1\ncore id: 1\n',
        '0.1 0.2 0.3 1/2 3\n',
        '12 (a) b) S 1 2 3 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 123 4\n',
      ],
      words: ['MemTotal:', '\n', '\n\n', 'processor', ': ', '\t', ')'],
      feed: (bytes) => {
        const text = bytes.toString('utf8');
        return [parseMemory(text), parseCpus(text), parseLoad(text), parseProcessState(text)];
      },
    },
    {
      name: 'agent/cgroup-mount',
      corpus: [
        '30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n\u00010::/a/b\n',
        '30 23 0:26 /a /mnt\\040x ro - cgroup2 none rw\n\u00010::/a (deleted)\n',
      ],
      words: [' - ', 'cgroup2', '0::', '\\040', '\u0001', '/..'],
      feed: (bytes) => {
        const [mountinfo = '', membership = ''] = bytes.toString('utf8').split('\u0001');
        return findOwnCgroup(mountinfo, membership);
      },
    },
    {
      name: 'agent/spawner-line',
      corpus: ['ready', 'started a 12 34', 'failed a 2 exec', 'ended 12 exit 0', 'ended 12 signal 9'],
      words: [' ', '-1', 'Infinity', '0x10', ''],
      feed: (bytes) => parseLine(bytes.toString('utf8')),
    },
    {
      name: 'agent/init-info',
      corpus: ['#!/bin/sh\n### BEGIN INIT INFO\n# Short-Description: a\n# Description: b\n#   c\n### END INIT INFO\n'],
      words: ['### BEGIN INIT INFO', '### END INIT INFO', '# Description:', '#  ', '\n', ' '],
      feed: (bytes) => parseInitInfo(bytes.toString('utf8')),
    },
    {
      name: 'agent/words',
      corpus: [
        'nginx',
        'a@b.service',
        'system.slice',
        'persistent',
        '[{"addr_info":[{"family":"inet","local":"1.2.3.4"}]}]',
      ],
      words: ['@', '.service', 'addr_info', 'null', 'inet6'],
      feed: (bytes) => {
        const text = bytes.toString('utf8');
        return [parseUnitName(text), parseLifetime(text), parseAddresses(text)];
      },
    },
  ];
}

/** What the agent starts with again: a journal that a disk has damaged must not keep it from starting. */
function journalTarget(): FuzzTarget {
  const directory = scratchDirectory('journal');
  const file = join(directory, 'journal');
  const moment = { bootMs: 1000, unixMs: 1_700_000_000_000 };
  const clock = { bootId: 'b1', at: moment };
  const policy = { ...scenarioPolicy, boot: 'b1' };
  return {
    name: 'agent/journal',
    corpus: journalLines(directory),
    words: ['\n', '["order/1",', 'null', '"counters":', '"epoch":9', ']]'],
    feed: (bytes) => {
      // Lines without a checksum are those of an older version, which promised nothing of damage.
      writeFileSync(file, bytes.toString('latin1').replaceAll(/^\[/gm, '#'), 'latin1');
      const { journal, damaged } = Journal.open(file);
      try {
        const state = restoreState(journal.entries(), policy, { clock, epoch: 1 });
        const changes = durableEntries(state, clock);
        return { damaged, kept: changes.length, epoch: state.epoch };
      } finally {
        journal.close();
      }
    },
  };
}

/** As an agent writes them. */
function journalLines(directory: string): Uint8Array[] {
  const counters = {
    incarnation: 1,
    nextCallId: 2,
    nextReport: 3,
    deliveredReport: 0,
    handedReport: 0,
    condensedReports: 0,
  };
  const file = join(directory, 'written');
  const { journal } = Journal.open(file);
  journal.append([
    { key: 'clock', value: { bootId: 'b0', at: { bootMs: 1, unixMs: 2 } } },
    { key: 'agent', value: { epoch: 4, counters } },
  ]);
  journal.append([{ key: 'report/1', value: undefined }]);
  journal.close();
  return [readFileSync(file)];
}

const metadata = `<?xml version="1.0"?>
<!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">
<resource-agent name="redis" version="1.0">
<version>1.1</version>
<parameters><parameter name="port" unique="1" required="1" unique-group="a" reloadable="1">
<longdesc lang="en">x</longdesc><content type="integer" default="6379"/></parameter>
<parameter name="old"><deprecated><replaced-with name="port"/></deprecated><content type="string"/></parameter></parameters>
<actions><action name="start" timeout="120s"/><action name="monitor" depth="0" interval="10" timeout="20ms" role="Master"/></actions>
</resource-agent>
`;

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** An Error is what these document; anything else would be a mistake. */
function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && error.constructor === Error) return error.message;
    throw error;
  }
}
