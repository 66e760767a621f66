import type { InjectedFailure } from '../../coordinator/graph/simulate.js';

/** CIBs of ours for comparing with crm_simulate: hosts, assemblies as guest nodes, and what may befall them. */
export interface GraphCase {
  readonly name: string;
  readonly cib: string;
  readonly failure?: InjectedFailure;
  /** Lines without which the case would not show what it is meant to show. */
  readonly shows: readonly string[];
}

const DUMMY = 'class="ocf" provider="pacemaker" type="Dummy"';
const FEATURES = 'crm_feature_set="3.16.1" validate-with="pacemaker-3.0"';

const ASSEMBLIES = `
  <primitive id="fencer" class="stonith" type="null">
    <meta_attributes id="fencer-meta"><nvpair id="fencer-role" name="target-role" value="Stopped"/></meta_attributes>
  </primitive>
  ${assembly('db')} ${resource('db', 'redis')}
  ${assembly('web')} ${resource('web', 'nginx')}`;

const ASSEMBLY_CONSTRAINTS = `
  <rsc_location id="l1" rsc="db.vm" node="h1" score="100"/>
  <rsc_location id="l2" rsc="db.vm" node="h2" score="50"/>
  <rsc_location id="l3" rsc="web.vm" node="h2" score="100"/>
  <rsc_location id="l4" rsc="web.vm" node="h1" score="50"/>
  <rsc_location id="l5" rsc="db.redis" node="db" score="INFINITY" resource-discovery="exclusive"/>
  <rsc_location id="l6" rsc="web.nginx" node="web" score="INFINITY" resource-discovery="exclusive"/>
  <rsc_order id="o1" first="db.redis" then="web.nginx"/>`;

const FRESH = cib(ASSEMBLIES, ASSEMBLY_CONSTRAINTS, [host('h1', []), host('h2', [])]);

/** A VM that has died: its monitor says "not running". */
const DEAD_ON_H1 = [history('db.vm', [started(1), monitored(7, 9)]), connection('db')];
const RUNNING_ON_H2 = [history('web.vm', [started(1), monitored(0, 2)]), connection('web')];
const GUESTS = [
  guest('db', [history('db.redis', [started(1), monitored(0, 2)])]),
  guest('web', [history('web.nginx', [started(1), monitored(0, 2)])]),
];

const CLONED = `
  <primitive id="fencer" class="stonith" type="fence_dummy"/>
  <clone id="base-clone"><primitive id="base" ${DUMMY}/></clone>
  <primitive id="solo" ${DUMMY}/>`;
const ANYWHERE = { isSymmetric: true };

export const GRAPH_CASES: readonly GraphCase[] = [
  {
    name: 'a deployable starts: VM, connection, resource, then what depends on it',
    cib: FRESH,
    shows: ['Resource action: db.vm           start on h1', 'Resource action: web.nginx       start on web'],
  },
  {
    name: 'a start that fails in the middle',
    cib: FRESH,
    failure: { resource: 'db.redis', operation: 'start', intervalMs: 0, node: 'db', exitCode: 1 },
    shows: ['Resource action: db.redis        start on db'],
  },
  {
    name: 'a VM that has died is recovered with all that hangs on it',
    cib: cib(ASSEMBLIES, ASSEMBLY_CONSTRAINTS, [host('h1', DEAD_ON_H1), host('h2', RUNNING_ON_H2), ...GUESTS]),
    shows: ['Pseudo action:   stonith-db-reboot on db', 'Resource action: web.nginx       stop on web'],
  },
  {
    name: 'a launcher host shuts down, and a clone that never ran goes by its instances',
    cib: cib(
      CLONED,
      '',
      [
        host('h1', []),
        host('h2', [history('solo', [started(4)])], '<nvpair id="h2-shutdown" name="shutdown" value="1"/>'),
      ],
      ANYWHERE,
    ),
    shows: ['Cluster action:  do_shutdown on h2', 'Resource action: base:0'],
  },
  {
    name: 'a launcher host that was lost is fenced',
    cib: cib(
      CLONED,
      '',
      [
        host('h1', [history('fencer', [started(2)], 'class="stonith" type="fence_dummy"')]),
        lostHost('h2', [history('solo', [started(4)])]),
      ],
      ANYWHERE,
    ),
    shows: ['Fencing h2 (reboot)', 'Pseudo action:   solo_stop_0'],
  },
];

function cib(
  resources: string,
  constraints: string,
  states: readonly string[],
  options = { isSymmetric: false },
): string {
  return `<cib ${FEATURES} epoch="1" num_updates="0" admin_epoch="0" have-quorum="1">
  <configuration>
    <crm_config><cluster_property_set id="options">
      <nvpair id="o-symmetric" name="symmetric-cluster" value="${options.isSymmetric}"/>
      <nvpair id="o-stonith" name="stonith-enabled" value="true"/>
      <nvpair id="o-start" name="start-failure-is-fatal" value="false"/>
      <nvpair id="o-quorum" name="no-quorum-policy" value="ignore"/>
    </cluster_property_set></crm_config>
    <nodes><node id="h1" uname="h1"/><node id="h2" uname="h2"/></nodes>
    <resources>${resources}</resources>
    <constraints>${constraints}</constraints>
  </configuration>
  <status>${states.join('')}</status>
</cib>`;
}

function assembly(name: string): string {
  return `<primitive id="${name}.vm" ${DUMMY}>
    <meta_attributes id="${name}-vm-meta">
      <nvpair id="${name}-vm-node" name="remote-node" value="${name}"/>
      <nvpair id="${name}-vm-stay" name="resource-stickiness" value="1000"/>
    </meta_attributes>
    <operations><op id="${name}-vm-monitor" name="monitor" interval="10s"/></operations>
  </primitive>`;
}

function resource(where: string, name: string): string {
  return `<primitive id="${where}.${name}" ${DUMMY}>
    <operations><op id="${where}-${name}-monitor" name="monitor" interval="10s"/></operations>
  </primitive>`;
}

function host(name: string, histories: readonly string[], attributes = ''): string {
  return nodeState(name, 'in_ccm="true" crmd="online" join="member" expected="member"', histories, attributes);
}

function lostHost(name: string, histories: readonly string[]): string {
  return nodeState(name, 'in_ccm="false" crmd="offline" join="down" expected="member"', histories, '');
}

function guest(name: string, histories: readonly string[]): string {
  return nodeState(name, 'remote_node="true" node_fenced="0"', histories, '');
}

function nodeState(name: string, state: string, histories: readonly string[], attributes: string): string {
  return `<node_state id="${name}" uname="${name}" ${state}>
    <lrm id="${name}"><lrm_resources>${histories.join('')}</lrm_resources></lrm>
    <transient_attributes id="${name}"><instance_attributes id="${name}-t">${attributes}</instance_attributes></transient_attributes>
  </node_state>`;
}

interface Recorded {
  readonly operation: string;
  readonly intervalMs: number;
  readonly rc: number;
  readonly callId: number;
}

function started(callId: number): Recorded {
  return { operation: 'start', intervalMs: 0, rc: 0, callId };
}

function monitored(rc: number, callId: number): Recorded {
  return { operation: 'monitor', intervalMs: 10_000, rc, callId };
}

function history(name: string, records: readonly Recorded[], agent = DUMMY): string {
  const operations = records.map(({ operation, intervalMs, rc, callId }) => {
    const id = intervalMs > 0 ? `${name}_${operation}_${intervalMs}` : `${name}_last_0`;
    const key = `${callId}:1:0:00000000-0000-0000-0000-000000000001`;
    return `<lrm_rsc_op id="${id}" operation="${operation}" operation_key="${name}_${operation}_${intervalMs}"
      crm_feature_set="3.16.1" transition-key="${key}" transition-magic="0:${rc};${key}" call-id="${callId}"
      rc-code="${rc}" op-status="0" interval="${intervalMs}" last-rc-change="1700000000"
      op-digest="f2317cad3d54cec5d7d7aa7d0bf35cf8"/>`;
  });
  return `<lrm_resource id="${name}" ${agent}>${operations.join('')}</lrm_resource>`;
}

function connection(name: string): string {
  return history(name, [started(3)], `class="ocf" provider="pacemaker" type="remote" container="${name}.vm"`);
}
