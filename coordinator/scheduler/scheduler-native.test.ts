/** The real `cpe-scheduler`: what it refuses, what it isolates, and that it lasts. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Decision, Scheduler } from './scheduler.js';
import { schedulerBinary } from './scheduler-binary.js';
import { openSchedulerChild } from './scheduler-child.js';
import { startSchedulerProcess } from './scheduler-process.js';

const NOW = 1_700_000_000;
const DEADLINE_MS = 60_000;

const STATE = 'in_ccm="true" crmd="online" join="member" expected="member"';

/** A host with a resource not started yet; the inserts go where their names say. */
function cib(
  insert: { root?: string; prolog?: string; meta?: string; resources?: string; status?: string } = {},
): string {
  return `${insert.prolog ?? ''}<cib ${insert.root ?? 'crm_feature_set="3.16.1" validate-with="pacemaker-3.7"'} have-quorum="1" admin_epoch="0" epoch="1" num_updates="0">
  <configuration>
    <crm_config><cluster_property_set id="options">
      <nvpair id="options-stonith" name="stonith-enabled" value="false"/>
    </cluster_property_set></crm_config>
    <nodes><node id="1" uname="host"/></nodes>
    <resources>
      <primitive id="app" class="ocf" provider="pacemaker" type="Dummy">${insert.meta ?? ''}</primitive>${insert.resources ?? ''}
    </resources>
    <constraints/>
  </configuration>
  ${insert.status ?? `<status><node_state id="1" uname="host" ${STATE}/></status>`}
</cib>`;
}

type Opened = { pid: number; events: string[]; scheduler: Scheduler };

async function open(t: TestContext): Promise<Opened> {
  const events: string[] = [];
  let pid = 0;
  const scheduler = openSchedulerChild({
    onEvent: (event) => {
      if (event.kind === 'started') pid = event.pid;
      events.push(event.kind === 'started' ? 'started' : event.message);
    },
  });
  t.after(() => scheduler.close());
  await scheduler.hello();
  return { pid, events, scheduler };
}

async function decideGraph(
  scheduler: Scheduler,
  text: string,
  wantsStatus = false,
): Promise<Extract<Decision, { kind: 'graph' }>> {
  const decision = await scheduler.decide({ cib: text, nowUnixS: NOW, wantsStatus });
  assert.ok(decision.kind === 'graph', JSON.stringify(decision));
  return decision;
}

/** Everything but the time it took. */
async function decideTimeless(scheduler: Scheduler, text: string): Promise<unknown> {
  return { ...(await decideGraph(scheduler, text)), elapsedMs: 0 };
}

test('the library tells its version, feature set and newest schema', async (t) => {
  const { scheduler } = await open(t);
  const version = await scheduler.hello();
  assert.match(version.library, /^2\.1\.\d+$/);
  assert.match(version.featureSet, /^3\.\d+\.\d+$/);
  assert.match(version.schema, /^pacemaker-3\.\d+$/);
});

test('a decision has a graph numbered 0, the status of nodes and resources, and where each goes', async (t) => {
  const { scheduler } = await open(t);
  const { graphXml, status, warnings, recheckAtUnixS } = await decideGraph(scheduler, cib(), true);
  assert.match(graphXml, /^<transition_graph [^>]*transition_id="0"/);
  assert.match(graphXml, /operation_key="app_start_0"/);
  assert.equal(recheckAtUnixS, undefined);
  assert.deepEqual(warnings, [
    { severity: 'warning', source: 'unpack_config', message: 'Blind faith: not fencing unseen nodes' },
  ]);
  assert.deepEqual(status?.nodes, [
    {
      id: '1',
      name: 'host',
      kind: 'member',
      isOnline: true,
      isUnclean: false,
      isPending: false,
      isStandby: false,
      isInMaintenance: false,
      isShuttingDown: false,
      runningResources: 0,
    },
  ]);
  assert.deepEqual(status?.resources, [
    {
      id: 'app',
      parent: undefined,
      variant: 'primitive',
      role: 'Stopped',
      nextRole: 'Started',
      isFailed: false,
      isBlocked: false,
      isManaged: true,
      isOrphan: false,
      pendingOperation: undefined,
      on: [],
      to: 'host',
    },
  ]);
});

test('an answer that was not asked for its status has none', async (t) => {
  const { scheduler } = await open(t);
  assert.equal((await decideGraph(scheduler, cib())).status, undefined);
});

/** Fail counts of resources whose names say more to a regular expression, and begin alike. */
const FAIL_COUNTS = ['app', 'app2', 'ap', 'aXb', 'a.b'];

test('a fail count is that of one resource only, whatever its name looks like', async (t) => {
  const { scheduler } = await open(t);
  const threshold = (id: string) =>
    `<meta_attributes id="${id}-m"><nvpair id="${id}-t" name="migration-threshold" value="1"/></meta_attributes>`;
  const resources = FAIL_COUNTS.slice(1).map(
    (id) => `<primitive id="${id}" class="ocf" provider="pacemaker" type="Dummy">${threshold(id)}</primitive>`,
  );
  for (const failed of FAIL_COUNTS) {
    const attributes = `<transient_attributes id="1"><instance_attributes id="t">
      <nvpair id="t-f" name="fail-count-${failed}#monitor_10000" value="1"/></instance_attributes></transient_attributes>`;
    const status = `<status><node_state id="1" uname="host" ${STATE}>${attributes}</node_state></status>`;
    const { graphXml } = await decideGraph(
      scheduler,
      cib({ meta: threshold('app'), resources: resources.join(''), status }),
    );
    const started = FAIL_COUNTS.filter((id) => graphXml.includes(`operation_key="${id}_start_0"`));
    // The library's own pattern takes the dot of a name for any character.
    const barred = FAIL_COUNTS.filter((id) => new RegExp(`^${id}$`).test(failed));
    assert.deepEqual(
      started,
      FAIL_COUNTS.filter((id) => !barred.includes(id)),
      failed,
    );
  }
});

test('members of a clone come after it and name it as parent', async (t) => {
  const { scheduler } = await open(t);
  const clone = '<clone id="all"><primitive id="part" class="ocf" provider="pacemaker" type="Dummy"/></clone>';
  const { status } = await decideGraph(scheduler, cib({ resources: clone }), true);
  const brief = status?.resources.map(({ id, parent, variant }) => ({ id, parent, variant }));
  assert.deepEqual(brief?.slice(1), [
    { id: 'all', parent: undefined, variant: 'clone' },
    { id: 'part:0', parent: 'all', variant: 'primitive' },
  ]);
});

const WHOLE = cib();
for (const [name, text, reason, message] of [
  ['nothing', '', 'malformed-xml', /empty/],
  ['half a CIB', WHOLE.slice(0, WHOLE.indexOf('</resources>')), 'malformed-xml', /line \d+: Premature end/],
  ['a CIB and a half', `${WHOLE}<cib>`, 'malformed-xml', /Extra content/],
  ['an undeclared entity', cib({ meta: '&secret;' }), 'malformed-xml', /secret/],
  ['a NUL', WHOLE.replace('host', 'ho\0st'), 'malformed-xml', /line \d/],
  ['elements nested without end', '<cib>'.repeat(5000), 'malformed-xml', /depth/i],
  [
    'entities that expand to gigabytes',
    cib({ prolog: '<!DOCTYPE cib [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>' }),
    'forbidden-xml',
    /DOCTYPE/,
  ],
  ['a DTD elsewhere', cib({ prolog: '<!DOCTYPE cib SYSTEM "file:///etc/passwd">' }), 'forbidden-xml', /DOCTYPE/],
  ['another document', '<html/>', 'not-a-cib', /<html>/],
  ['an unknown element', cib({ meta: '<colour/>' }), 'schema', /pacemaker-3\.7.*colour/],
  ['no configuration', '<cib validate-with="pacemaker-3.7"><status/></cib>', 'schema', /pacemaker-3\.7/],
  ['an unknown schema', cib({ root: 'validate-with="pacemaker-7.0"' }), 'schema', /Cannot upgrade/],
  ['validation switched off', cib({ root: 'validate-with="none"' }), 'schema', /switch off/],
  [
    'a newer feature set',
    cib({ root: 'crm_feature_set="3.99.0" validate-with="pacemaker-3.7"' }),
    'feature-set',
    /3\.99\.0 is newer/,
  ],
] as const) {
  test(`${name} is refused with a reason, and the process goes on`, async (t) => {
    const { scheduler, events } = await open(t);
    const decision = await scheduler.decide({ cib: text, nowUnixS: NOW });
    assert.ok(decision.kind === 'refused', decision.kind);
    assert.equal(decision.reason, reason);
    assert.match(decision.message, message);
    await decideGraph(scheduler, cib());
    assert.deepEqual(events, ['started']);
  });
}

for (const [name, text] of [
  ['without its status', cib({ status: '<status/>' }).replace('<status/>', '')],
  ['of an old schema', cib({ root: 'validate-with="pacemaker-1.2"' })],
  ['with a wrong encoding declared', cib({ prolog: '<?xml version="1.0" encoding="UTF-16"?>' })],
  ['with comments and processing instructions', cib({ prolog: '<!-- a --><?b c?>', meta: '<!-- d --><?e f?>' })],
] as const) {
  test(`a CIB ${name} is decided`, async (t) => {
    await decideGraph((await open(t)).scheduler, text);
  });
}

test('the process itself refuses a CIB above its limit and serves the next one', async (t) => {
  const limits = { binary: schedulerBinary(), timeZone: 'UTC', maxCibBytes: 5000, maxResponseBytes: 1e6 };
  const process = startSchedulerProcess(limits);
  t.after(async () => {
    process.end();
    await process.ended;
  });
  const request = { kind: 'decide', nowUnixS: NOW, isSanitized: false, wantsStatus: false } as const;
  const oversize = await process.ask({ ...request, cib: cib({ meta: ' '.repeat(200_000) }) });
  assert.ok(oversize.kind === 'response');
  assert.match(oversize.meta, /"reason":"oversize"/);
  const next = await process.ask({ ...request, cib: cib() });
  assert.ok(next.kind === 'response' && next.graphXml.length > 0);
});

test('what the library prints goes to stderr, never to the responses', async (t) => {
  const { pid } = await open(t);
  const [input, printed, errors, responses] = [0, 1, 2, 3].map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  assert.equal(printed, errors);
  assert.equal(new Set([input, errors, responses]).size, 3);
});

test('the same CIB gets the same answer, warnings included, whatever was decided before', async (t) => {
  const { scheduler } = await open(t);
  const first = await decideTimeless(scheduler, cib());
  // By itself the library would warn of this once per process.
  assert.match(JSON.stringify(first), /"severity":"warning".*not fencing unseen nodes/);
  await decideGraph(scheduler, cib({ meta: '<operations/>' }));
  assert.deepEqual(await decideTimeless(scheduler, cib()), first);
  assert.deepEqual(await decideTimeless((await open(t)).scheduler, cib()), first);
});

test('the time at which an answer changes by itself is told', async (t) => {
  const { scheduler } = await open(t);
  const rule = `<meta_attributes id="night"><rule id="night-rule" score="INFINITY">
    <date_expression id="night-date" operation="lt" end="2023-11-15T00:00:00Z"/></rule>
    <nvpair id="night-role" name="target-role" value="Stopped"/></meta_attributes>`;
  const before = await decideGraph(scheduler, cib({ meta: rule }));
  assert.equal(before.recheckAtUnixS, Date.UTC(2023, 10, 15) / 1000);
  assert.doesNotMatch(before.graphXml, /app_start_0/);
  const later = await scheduler.decide({ cib: cib({ meta: rule }), nowUnixS: Number(before.recheckAtUnixS) });
  assert.ok(later.kind === 'graph');
  assert.match(later.graphXml, /app_start_0/);
});

test('a history that aborts the library fails its request with the assertion, not the next request', async (t) => {
  const { scheduler, events } = await open(t);
  // No schema covers the history: a running resource with a recurring operation that has no name.
  const result = 'transition-key="1:1:0:u" transition-magic="0:0;1:1:0:u" rc-code="0" op-status="0"';
  const nameless = `<status><node_state id="1" uname="host" ${STATE}><lrm id="1"><lrm_resources>
    <lrm_resource id="app" class="ocf" provider="pacemaker" type="Dummy">
    <lrm_rsc_op id="app_last_0" operation="start" interval="0" call-id="1" ${result}/>
    <lrm_rsc_op id="app_monitor_10000" interval="10000" call-id="2" ${result}/>
    </lrm_resource></lrm_resources></lrm></node_state></status>`;
  const decision = await scheduler.decide({ cib: cib({ status: nameless }), nowUnixS: NOW });
  assert.ok(decision.kind === 'failed', decision.kind);
  assert.deepEqual([decision.reason, decision.attempts], ['crashed', 2]);
  assert.match(decision.stderr, /Triggered fatal assertion/);
  await decideGraph(scheduler, cib());
  assert.deepEqual(events, ['started', 'it was ended by SIGABRT', 'started', 'it was ended by SIGABRT', 'started']);
});

test('a process killed while it decides is replaced and the request asked again', async (t) => {
  const { scheduler, events, pid } = await open(t);
  process.kill(pid, 'SIGSTOP'); // so that it cannot answer before it is killed
  const decision = decideGraph(scheduler, cib());
  process.kill(pid, 'SIGKILL');
  assert.match((await decision).graphXml, /app_start_0/);
  assert.deepEqual(events, ['started', 'it was ended by SIGKILL', 'started']);
});

test('the process dies with its parent, even when it cannot run', async (t) => {
  const module = new URL('./scheduler-child.js', import.meta.url).href;
  const script = `const { openSchedulerChild } = await import('${module}');
    let pid;
    await openSchedulerChild({ onEvent: (event) => { pid = event.pid; } }).hello();
    console.log(pid);`;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => parent.kill('SIGKILL'));
  const pid = await new Promise<number>((resolve) => {
    createInterface(parent.stdout).once('line', (line) => resolve(Number(line)));
  });
  process.kill(pid, 'SIGSTOP');
  parent.kill('SIGKILL');
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  while (isAlive(pid)) await setTimeout(10, undefined, { signal: deadline });
});

/** A zombie waiting to be reaped by init is dead. */
function isAlive(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return false;
  try {
    return !/\) Z /.test(readFileSync(path, 'utf8'));
  } catch {
    return false; // gone since the line above
  }
}

test('a thousand decisions do not make the process larger', async (t) => {
  const { scheduler, pid } = await open(t);
  const decideMany = async (rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      await scheduler.decide({ cib: round % 10 === 0 ? '<cib><half' : cib(), nowUnixS: NOW + round });
    }
  };
  await decideMany(200); // caches and the allocator's pools
  const before = residentKiB(pid);
  await decideMany(1000);
  assert.ok(residentKiB(pid) - before < 512, `${before} KiB grew to ${residentKiB(pid)} KiB`);
});

function residentKiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
