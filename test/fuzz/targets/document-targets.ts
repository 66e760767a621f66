import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { suggestNames } from '../../../coordinator/cpe/suggest-names.js';
import { parseDurationMs } from '../../../coordinator/graph/duration.js';
import { parseGraph } from '../../../coordinator/graph/parse-graph.js';
import { splitCommandLine } from '../../../coordinator/model/command-line.js';
import type { DocumentFormat } from '../../../coordinator/model/deployable.js';
import { detectFormat, parseDeployable } from '../../../coordinator/model/parse-deployable.js';
import { parseDuration, parseSize, renderDuration } from '../../../coordinator/model/quantities.js';
import { decodeParameter } from '../../../coordinator/policy/parameter-text.js';
import { parseAnswer } from '../../../coordinator/scheduler/parse-answer.js';
import { createFrameReader } from '../../../coordinator/scheduler/scheduler-frames.js';
import { parseRecipe } from '../../../tools/image/parse-recipe.js';
import type { FuzzTarget } from '../fuzz-target.js';

const megabyte = 1024 * 1024;
/** Documents are parsed once, with places and suggestions for all that is wrong; the largest blocks for two seconds. */
const documentTime = { maxBytes: megabyte, baseMs: 250, msPerKiB: 2 } as const;

/** Documents of people, and what the scheduler's library says. */
export function documentTargets(): FuzzTarget[] {
  return [
    documentTarget('yaml', ['everything.yaml', 'shop.yaml'], [rawSection]),
    documentTarget('xml', ['shop.xml'], []),
    {
      name: 'document/json',
      corpus: [
        JSON.stringify({ deployable: 'shop', assemblies: { db: { resources: { redis: { agent: 'ocf:x:y' } } } } }),
      ],
      words: vocabulary,
      made: fc.json({ maxDepth: 8 }).map((text) => Buffer.from(text)),
      ...documentTime,
      feed: (bytes) => {
        const text = bytes.toString('utf8');
        return parseDeployable(text, detectFormat(text, 'a.json'));
      },
    },
    { ...pacemakerTarget(), name: 'document/pacemaker' },
    {
      name: 'document/recipe',
      corpus: [recipe],
      words: ['name:', 'packages:', 'files:', 'users:', 'suite:', '#', '\n', ' '],
      feed: (bytes) => parseRecipe(bytes.toString('utf8'), 'amd64'),
    },
    {
      name: 'document/quantity',
      corpus: ['500ms', '1.5GiB', '10s', 'PT1M30S', '5min', '0', '1d'],
      words: ['P', 'T', 'ms', 'GiB', '.', '99999999999999999999999999'],
      feed: (bytes) => {
        const text = bytes.toString('utf8');
        const duration = parseDuration(text);
        return [
          duration,
          duration === undefined ? undefined : renderDuration(duration),
          parseSize(text),
          parseDurationMs(text),
        ];
      },
    },
    {
      name: 'document/command-line',
      corpus: ['sh -c "echo $HOME" \'a b\' c\\ d', 'redis-server --port 6379'],
      words: ['"', "'", '\\', '$', ' '],
      feed: (bytes) => splitCommandLine(bytes.toString('utf8')),
    },
    {
      name: 'document/suggest-names',
      corpus: ['redis\nredsi\ndb.redis\nweb.nginx', `${'a'.repeat(60)}\n${'b'.repeat(60)}`],
      feed: (bytes) => {
        const [wrong = '', ...names] = bytes.toString('utf8').split('\n');
        return suggestNames(
          wrong,
          names.map((name) => name.slice(0, 127)),
        );
      },
    },
    {
      name: 'scheduler/graph',
      corpus: [graph],
      words: [
        '<synapse id="1">',
        '<rsc_op',
        '<trigger>',
        '<inputs>',
        'CRM_meta_timeout="',
        '<pseudo_event',
        '</synapse>',
        'id="3"',
      ],
      maxBytes: megabyte,
      feed: (bytes) => parseGraph(bytes.toString('utf8')),
    },
    {
      name: 'scheduler/frames',
      corpus: [frame('{"kind":"graph"}', graph), Buffer.concat([frame('{}', ''), frame('{"a":1}', 'x')])],
      feed: (bytes) => {
        const reader = createFrameReader(8 * megabyte);
        const half = Math.floor(bytes.length / 2);
        return [...reader.push(bytes.subarray(0, half)), ...reader.push(bytes.subarray(half))];
      },
    },
    {
      name: 'scheduler/answer',
      corpus: answers,
      words: ['"kind"', '"graph"', '"refused"', '"hello"', 'null', '"warnings":[', '"status":{'],
      feed: (bytes) => parseAnswer(bytes.toString('utf8')),
      mayThrow: (error) => error instanceof SyntaxError,
    },
    {
      name: 'scheduler/parameter',
      corpus: ['a%20b', '\\u0041', 'plain'],
      words: ['\\u', '%', '\\', 'd800'],
      feed: (bytes) => decodeParameter(bytes.toString('utf8')),
    },
  ];
}

function documentTarget(format: DocumentFormat, files: readonly string[], more: readonly string[]): FuzzTarget {
  return {
    name: `document/${format}`,
    corpus: [...files.map((file) => readFileSync(join(documents(), file))), ...more],
    words: vocabulary,
    ...documentTime,
    feed: (bytes) => parseDeployable(bytes.toString('utf8'), format),
  };
}

/** The raw section alone is mutated, within a document that is right. */
function pacemakerTarget(): Omit<FuzzTarget, 'name'> {
  return {
    corpus: [
      '<rsc_location id="x" rsc="db.vm" node="left" score="100"/>',
      '<rsc_order id="o" first="db.redis" then="web.nginx"/>',
    ],
    words: [
      '<rsc_location',
      '<rsc_colocation',
      'rsc="',
      'score="INFINITY"',
      '<rule',
      '<expression',
      '/>',
      'db.vm',
      '<!--',
      '<constraints>',
    ],
    ...documentTime,
    maxBytes: megabyte / 2,
    feed: (bytes) => {
      const text = bytes.toString('utf8');
      const document = { ...shop, pacemaker: { constraints: text } };
      return [
        parseDeployable(JSON.stringify(document), 'yaml'),
        parseDeployable(JSON.stringify({ ...shop, pacemaker: text }), 'yaml'),
      ];
    },
  };
}

const shop = {
  deployable: 'shop',
  assemblies: {
    db: { resources: { redis: { exec: { command: ['sleep', '9'] } } } },
    web: { resources: { nginx: { exec: { command: ['sleep', '9'] } } } },
  },
};
const rawSection = `${JSON.stringify({ ...shop, pacemaker: '<rsc_location id="x" rsc="db.vm" node="left" score="1"/>' })}\n`;

const vocabulary = [
  'assemblies:',
  'resources:',
  'constraints:',
  'monitor:',
  'interval: 10s',
  'order:',
  'colocation:',
  'groups:',
  'clone:',
  'exec:',
  'command: [a, b]',
  'agent: ocf:heartbeat:redis',
  'defaults:',
  'templates:',
  'pacemaker: |',
  'hosts:',
  'replicas: 100000',
  'parameters:',
  '{db.address}',
  '<assembly name="a">',
  '<service name="b">',
  '<deployable',
  '</assembly>',
  '&x',
  '*x',
  '<<: *x',
  '!!map',
  '? ',
  '- ',
  '  ',
  '\n',
  '"',
  'INFINITY',
  '-INFINITY',
  'budget:',
  'utilization:',
  'memory: 1GiB',
];

const recipe = `name: web
suite: bookworm
packages: [nginx, redis-server]
files:
  - { path: /etc/motd, text: hello, mode: "0644" }
users:
  - { name: ann, keys: [ssh-ed25519 AAAA ann@x] }
services: [nginx]
`;

const graph = `<transition_graph cluster-delay="60s" stonith-timeout="60s" failed-stop-offset="INFINITY" failed-start-offset="INFINITY" transition_id="0">
  <synapse id="0">
    <action_set>
      <rsc_op id="3" operation="start" operation_key="db.vm_start_0" on_node="left" on_node_uuid="left">
        <primitive id="db.vm" class="ocf" provider="cpe" type="assembly"/>
        <attributes CRM_meta_name="start" CRM_meta_timeout="60000" CRM_meta_interval="0" crm_feature_set="3.16.2"/>
      </rsc_op>
    </action_set>
    <inputs/>
  </synapse>
  <synapse id="1" priority="1000000">
    <action_set>
      <pseudo_event id="4" operation="stop" operation_key="db_stop_0"><attributes CRM_meta_timeout="20000"/></pseudo_event>
    </action_set>
    <inputs><trigger><rsc_op id="3" operation="start" operation_key="db.vm_start_0" on_node="left" on_node_uuid="left"/></trigger></inputs>
  </synapse>
  <synapse id="2">
    <action_set><crm_event id="5" operation="stonith" operation_key="stonith-right-reboot" on_node="right" on_node_uuid="right"><attributes CRM_meta_on_node="right" stonith_action="reboot"/></crm_event></action_set>
    <inputs/>
  </synapse>
</transition_graph>
`;

const answers = [
  '{"kind":"hello","library":"2.1.5","featureSet":"3.16.2","schema":"3.9"}',
  '{"kind":"graph","recheckAtUnixS":1700000000,"warnings":[{"severity":"error","source":"s","message":"x"}],"status":{"resources":[{"id":"a","parent":null,"variant":"primitive","role":"Started","nextRole":"Started","isFailed":false,"isBlocked":false,"isManaged":true,"isOrphan":false,"pendingOperation":null,"on":["left"],"to":null}],"nodes":[]}}',
  '{"kind":"refused","reason":"schema","message":"no","warnings":[]}',
];

function frame(meta: string, xml: string): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(0x31455043, 0);
  head.writeUInt32LE(1, 4);
  head.writeUInt32LE(Buffer.byteLength(meta), 8);
  head.writeUInt32LE(Buffer.byteLength(xml), 12);
  return Buffer.concat([head, Buffer.from(meta + xml)]);
}

function documents(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return join(directory, 'test/documents');
}
