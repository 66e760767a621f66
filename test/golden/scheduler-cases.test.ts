/** The binding gives the graphs that Pacemaker gives: small CIBs, each about one thing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareAll } from './golden-compare-all.js';

/** Fixed, so that crm_simulate decides for the same time. */
const NOW = 1_700_000_000;

for (const { name, cib, executes } of ownCases()) {
  test(`${name}: same graph as crm_simulate`, async () => {
    const [comparison] = await compareAll([{ name, cib, nowUnixS: NOW }]);
    assert.ok(comparison);
    assert.equal(comparison.unanswered, undefined);
    const order = comparison.order.join('\n');
    for (const action of executes) assert.match(order, new RegExp(` ${action}( |$)`, 'm'));
    const same = { kind: 'same' };
    assert.deepEqual(comparison.verdicts, { graph: same, order: same, 'end state': same });
  });
}

interface OwnCase {
  readonly name: string;
  readonly cib: string;
  /** Some of what must be executed, so that two empty graphs are not taken for a success. */
  readonly executes: readonly string[];
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
      executes: ['db +start', 'cache +start', 'web +start', 'web +monitor=10000'],
    },
    {
      name: 'a failed monitor restarts the resource and what depends on it',
      cib: cibOf({
        resources: web + primitive('db'),
        constraints: order('o', 'web', 'db'),
        histories: { one: [hasFailed, operation('db', 'start', 0, 12, 0)] },
      }),
      executes: ['web +stop', 'web +start', 'db +stop', 'db +start'],
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
      executes: ['clear_failcount for web'],
    },
    {
      name: 'a group, a clone and a colocation',
      cib: cibOf({
        resources: `<group id="stack">${primitive('db')}${primitive('app')}</group><clone id="everywhere">${web}</clone>`,
        constraints: '<rsc_colocation id="c" rsc="stack" with-rsc="everywhere" score="INFINITY"/>',
      }),
      executes: ['stack_start_0', 'everywhere_start_0', 'app +start'],
    },
    {
      name: 'a promotable clone',
      cib: cibOf({
        resources: `<clone id="all"><meta_attributes id="all-meta">${nvpair('all-promotable', 'promotable', 'true')}</meta_attributes>${primitive('db')}</clone>`,
        attributes: { two: nvpair('two-score', 'master-db', '10') },
        histories: { one: [operation('db', 'start', 0, 10, 0)], two: [operation('db', 'start', 0, 10, 0)] },
      }),
      executes: ['db(:0)? +promote', 'all_promote_0'],
    },
    {
      name: 'a guest node starts, then the resource in it',
      cib: cibOf({
        resources: vm + primitive('db.redis'),
        constraints: '<rsc_location id="l" rsc="db.redis" node="db" score="INFINITY" resource-discovery="exclusive"/>',
      }),
      executes: ['db\\.vm +start', 'db +start', 'db\\.redis +start'],
    },
    {
      name: 'everything stops',
      cib: cibOf({
        options: nvpair('all', 'stop-all-resources', 'true'),
        resources: web,
        histories: { one: [isRunning] },
      }),
      executes: ['web +stop'],
    },
    {
      name: 'a lost host is fenced before its resource starts elsewhere',
      cib: cibOf({
        resources: `${web}<primitive id="power" class="stonith" type="fence_dummy"/>`,
        histories: { one: [isRunning], two: [operation('power', 'start', 0, 10, 0)] },
        lost: 'one',
      }),
      executes: ['Fencing one', 'web +start'],
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
