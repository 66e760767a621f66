/**
 * The binding gives the graphs that Pacemaker gives.
 *
 * CASES=DIR: DIR/xml/NAME.xml and DIR/exp/NAME.exp are Pacemaker's own regression inputs and expected graphs (they are
 * not part of this project). Without it only the CIBs written here are decided, with crm_simulate as the oracle.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { SaxesParser } from 'saxes';
import { openSchedulerChild } from '../../coordinator/scheduler/scheduler-child.js';

const cases = process.env.CASES;
const directory = mkdtempSync(join(tmpdir(), 'scheduler-cases-'));
const scheduler = openSchedulerChild();
after(async () => {
  await scheduler.close();
  rmSync(directory, { recursive: true });
});

/** Fixed, so that crm_simulate decides for the same time. */
const NOW = 1_700_000_000;

/** Times that Pacemaker's test driver gives on the command line (cts/cts-scheduler.in), where the input names none. */
const TIMES_OF_CASES: ReadonlyMap<string, string> = new Map([
  ['date-1', '2005-01-20T00:00:00Z'],
  ['date-2', '2005-01-20T12:30:00Z'],
  ['date-3', '2005-01-20T11:30:00Z'],
  ['origin', '2014-05-07T00:28:00Z'],
]);

/** Not in the test driver's list, so nobody keeps their expected graphs up to date. crm_simulate is the oracle instead. */
const OUTDATED_CASES: ReadonlySet<string> = new Set(['bundle-order-partial']);

test("Pacemaker's own cases", { skip: cases === undefined && 'CASES=DIR is not set: NONE OF THEM RUN' }, async (t) => {
  const names = readdirSync(join(cases ?? '', 'xml'))
    .filter((file) => file.endsWith('.xml'))
    .map((file) => file.slice(0, -'.xml'.length));
  assert.ok(names.length > 0, `no cases in ${cases}`);
  for (const name of names) {
    await t.test(`${name} gets the expected graph`, async () => {
      const cib = readFileSync(join(cases ?? '', 'xml', `${name}.xml`), 'utf8');
      const nowUnixS = timeOfCase(name, cib);
      const expected = OUTDATED_CASES.has(name)
        ? await simulate(cib, nowUnixS)
        : readFileSync(join(cases ?? '', 'exp', `${name}.exp`), 'utf8');
      assert.equal(canonical(await decide(cib, nowUnixS)), canonical(expected));
    });
  }
  t.diagnostic(`${names.length} cases decided`);
});

function timeOfCase(name: string, cib: string): number {
  const given = TIMES_OF_CASES.get(name);
  if (given !== undefined) return Date.parse(given) / 1000;
  return Number(/<cib [^>]*\bexecution-date="(\d+)"/.exec(cib)?.[1] ?? NOW);
}

for (const { name, cib, expectedKeys } of ownCases()) {
  test(`${name}: same graph as crm_simulate`, async () => {
    const graph = await decide(cib, NOW);
    for (const key of expectedKeys)
      assert.match(graph, new RegExp(` operation_key="${key}"|>?<crm_event [^>]*operation="${key}"`));
    assert.equal(canonical(graph), canonical(await simulate(cib, NOW)));
  });
}

async function decide(cib: string, nowUnixS: number): Promise<string> {
  // crm_simulate, which made the expected graphs, always assumes a sanitized CIB.
  const decision = await scheduler.decide({ cib, nowUnixS, isSanitized: true });
  assert.ok(decision.kind === 'graph', `${decision.kind}: ${decision.kind === 'graph' ? '' : decision.message}`);
  return decision.graphXml;
}

async function simulate(cib: string, nowUnixS: number): Promise<string> {
  const input = join(directory, 'input.xml');
  const output = join(directory, 'graph.xml');
  writeFileSync(input, cib);
  const time = new Date(nowUnixS * 1000).toISOString().slice(0, 19);
  const simulation = promisify(execFile)('crm_simulate', ['-R', '-Q', '-x', input, '-G', output, '-t', `${time}Z`], {
    // Without CIB_shadow_dir it writes to the system's own directory of CIBs.
    env: { PATH: `${process.env.PATH}:/usr/sbin`, CIB_shadow_dir: directory, LC_ALL: 'C', TZ: 'UTC' },
  });
  await simulation.catch((error: Error) => {
    throw new Error(`crm_simulate is the oracle (apt-get install pacemaker-cli-utils): ${error.message}`);
  });
  return readFileSync(output, 'utf8');
}

/** The graph as lines, without what differs between releases and processes. */
function canonical(graphXml: string): string {
  const ignored = new Set(['crm_feature_set', 'batch-limit', 'transition_id']);
  const lines: string[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const kept = Object.entries(attributes).filter(([key]) => !ignored.has(key));
    lines.push(`<${name}${kept.map(([key, value]) => ` ${key}="${value}"`).join('')}>`);
  });
  parser.on('closetag', ({ name }) => lines.push(`</${name}>`));
  parser.write(graphXml).close();
  return lines.join('\n');
}

interface OwnCase {
  readonly name: string;
  readonly cib: string;
  /** Some of what the graph must contain, so that two empty graphs are not taken for a success. */
  readonly expectedKeys: readonly string[];
}

function ownCases(): readonly OwnCase[] {
  const web = primitive('web', '', '<op id="web-monitor" name="monitor" interval="10s" timeout="20s"/>');
  const isRunning = operation('web', 'start', 0, 10, 0) + operation('web', 'monitor', 10_000, 11, 0);
  const hasFailed = `${isRunning}${operation('web', 'monitor', 10_000, 30, 7, 'last_failure_0')}`;
  const vm = primitive('db.vm', nvpair('db.vm-remote', 'remote-node', 'db'));
  const order = (id: string, first: string, then: string) => `<rsc_order id="${id}" first="${first}" then="${then}"/>`;
  return [
    {
      name: 'three resources start in order',
      cib: cibOf({
        resources: web + primitive('db') + primitive('cache'),
        constraints: order('o1', 'db', 'cache') + order('o2', 'cache', 'web'),
      }),
      expectedKeys: ['db_start_0', 'cache_start_0', 'web_start_0', 'web_monitor_10000'],
    },
    {
      name: 'a failed monitor restarts the resource and what depends on it',
      cib: cibOf({
        resources: web + primitive('db'),
        constraints: order('o', 'web', 'db'),
        histories: { one: [hasFailed, operation('db', 'start', 0, 12, 0)] },
      }),
      expectedKeys: ['web_stop_0', 'web_start_0', 'db_stop_0', 'db_start_0'],
    },
    {
      name: 'a failure that has expired',
      cib: cibOf({
        resources: primitive(
          'web',
          nvpair('web-timeout', 'failure-timeout', '60s'),
          '<op id="web-monitor" name="monitor" interval="10s"/>',
        ),
        histories: { one: [hasFailed] },
        attributes: {
          one:
            nvpair('one-count', 'fail-count-web#monitor_10000', '1') +
            nvpair('one-last', 'last-failure-web#monitor_10000', String(NOW - 1000)),
        },
      }),
      expectedKeys: ['web_clear_failcount_0'],
    },
    {
      name: 'a group, a clone and a colocation',
      cib: cibOf({
        resources: `<group id="stack">${primitive('db')}${primitive('app')}</group><clone id="everywhere">${web}</clone>`,
        constraints: '<rsc_colocation id="c" rsc="stack" with-rsc="everywhere" score="INFINITY"/>',
      }),
      expectedKeys: ['stack_start_0', 'everywhere_start_0', 'app_start_0'],
    },
    {
      name: 'a promotable clone',
      cib: cibOf({
        resources: `<clone id="all"><meta_attributes id="all-meta">${nvpair('all-promotable', 'promotable', 'true')}</meta_attributes>${primitive('db')}</clone>`,
        attributes: { two: nvpair('two-score', 'master-db', '10') },
        histories: { one: [operation('db', 'start', 0, 10, 0)], two: [operation('db', 'start', 0, 10, 0)] },
      }),
      expectedKeys: ['db_promote_0', 'all_promote_0'],
    },
    {
      name: 'a guest node starts, then the resource in it',
      cib: cibOf({
        resources: vm + primitive('db.redis'),
        constraints: '<rsc_location id="l" rsc="db.redis" node="db" score="INFINITY" resource-discovery="exclusive"/>',
      }),
      expectedKeys: ['db\\.vm_start_0', 'db_start_0', 'db\\.redis_start_0'],
    },
    {
      name: 'everything stops',
      cib: cibOf({
        options: nvpair('all', 'stop-all-resources', 'true'),
        resources: web,
        histories: { one: [isRunning] },
      }),
      expectedKeys: ['web_stop_0'],
    },
    {
      name: 'a lost host is fenced before its resource starts elsewhere',
      cib: cibOf({
        resources: `${web}<primitive id="power" class="stonith" type="fence_dummy"/>`,
        histories: { one: [isRunning], two: [operation('power', 'start', 0, 10, 0)] },
        lost: 'one',
      }),
      expectedKeys: ['stonith', 'web_start_0'],
    },
  ];
}

interface CibParts {
  readonly options?: string;
  readonly resources: string;
  readonly constraints?: string;
  /** Operation histories by host: one string of operations per resource. */
  readonly histories?: Readonly<Record<string, readonly string[]>>;
  /** Transient attributes by host. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** A host that left the cluster without a word. */
  readonly lost?: string;
}

/** Two hosts, `one` and `two`; fencing is on only for the case that loses one of them. */
function cibOf(parts: CibParts): string {
  const hosts = ['one', 'two'];
  return `<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.7" have-quorum="1" dc-uuid="two" admin_epoch="0" epoch="1" num_updates="0">
<configuration>
<crm_config><cluster_property_set id="options">
${nvpair('stonith', 'stonith-enabled', String(parts.lost !== undefined))}${nvpair('quorum', 'no-quorum-policy', 'ignore')}${parts.options ?? ''}
</cluster_property_set></crm_config>
<nodes>${hosts.map((host) => `<node id="${host}" uname="${host}"/>`).join('')}</nodes>
<resources>${parts.resources}</resources>
<constraints>${parts.constraints ?? ''}</constraints>
</configuration>
<status>${hosts.map((host) => nodeState(host, parts)).join('')}</status>
</cib>`;
}

function nodeState(host: string, parts: CibParts): string {
  const state =
    parts.lost === host ? 'in_ccm="false" crmd="offline" join="down"' : 'in_ccm="true" crmd="online" join="member"';
  const attributes = parts.attributes?.[host];
  const histories = (parts.histories?.[host] ?? []).map((operations) => {
    const id = /operation_key="([^"]+?)_(?:start|monitor)_/.exec(operations)?.[1] ?? '';
    const agent =
      id === 'power' ? 'class="stonith" type="fence_dummy"' : 'class="ocf" provider="pacemaker" type="Dummy"';
    return `<lrm_resource id="${id}" ${agent}>${operations}</lrm_resource>`;
  });
  return `<node_state id="${host}" uname="${host}" ${state} expected="member">
<lrm id="${host}"><lrm_resources>${histories.join('')}</lrm_resources></lrm>
${attributes === undefined ? '' : `<transient_attributes id="${host}"><instance_attributes id="status-${host}">${attributes}</instance_attributes></transient_attributes>`}
</node_state>`;
}

function nvpair(id: string, name: string, value: string): string {
  return `<nvpair id="${id}" name="${name}" value="${value}"/>`;
}

function primitive(id: string, meta = '', operations = ''): string {
  const metaAttributes = meta === '' ? '' : `<meta_attributes id="${id}-meta">${meta}</meta_attributes>`;
  return `<primitive id="${id}" class="ocf" provider="pacemaker" type="Dummy">${metaAttributes}<operations>${operations}</operations></primitive>`;
}

/** A completed operation that was expected to return 0. */
function operation(
  resource: string,
  name: string,
  intervalMs: number,
  callId: number,
  rc: number,
  suffix?: string,
): string {
  const key = `${resource}_${name}_${intervalMs}`;
  const id = `${resource}_${suffix ?? (intervalMs === 0 ? 'last_0' : `${name}_${intervalMs}`)}`;
  const transition = `${callId}:1:0:c4a5bbd5-7d0c-4f5e-9f5a-000000000001`;
  return `<lrm_rsc_op id="${id}" operation_key="${key}" operation="${name}" crm_feature_set="3.16.1"
 transition-key="${transition}" transition-magic="0:${rc};${transition}" call-id="${callId}" rc-code="${rc}" op-status="0"
 interval="${intervalMs}" last-rc-change="${NOW - 2000 + callId}" exec-time="1" queue-time="0"/>`;
}
