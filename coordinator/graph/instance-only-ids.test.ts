import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findInstanceOnlyIds } from './instance-only-ids.js';

const CIB = `
<cib><configuration><resources>
  <primitive id="plain"/>
  <group id="g"><primitive id="member"/></group>
  <clone id="c1"><primitive id="fresh"/></clone>
  <clone id="c2"><group id="cg"><primitive id="fresh-member"/><primitive id="recorded-member"/></group></clone>
  <bundle id="b"><docker image="i"/><primitive id="bundled"/></bundle>
</resources></configuration>
<status><node_state id="1"><lrm id="1"><lrm_resources>
  <lrm_resource id="recorded-member"/><lrm_resource id="plain"/>
</lrm_resources></lrm></node_state></status></cib>`;

test('a cloned primitive without history of its own name is known by its instances only', () => {
  const found = findInstanceOnlyIds(CIB);
  assert.ok(found.kind === 'ids');
  assert.deepEqual([...found.ids], ['fresh', 'fresh-member', 'bundled']);
});

test('a CIB that is no XML is answered with the reason', () => {
  assert.equal(findInstanceOnlyIds('<cib>').kind, 'malformed');
});

test('the history of an offline node counts only where fencing or shutdown locks make the scheduler read it', () => {
  const cib = (options: string) => `<cib><configuration>
      <crm_config><cluster_property_set id="o">${options}</cluster_property_set></crm_config>
      <resources><clone id="c"><primitive id="web"/></clone></resources>
    </configuration>
    <status><node_state id="2" uname="h2"><lrm><lrm_resources><lrm_resource id="web"/></lrm_resources></lrm></node_state></status>
  </cib>`;
  const unfenced = '<nvpair id="f" name="stonith-enabled" value="false"/>';
  const locked = `${unfenced}<nvpair id="l" name="shutdown-lock" value="true"/>`;
  const table: readonly (readonly [options: string, offline: string[], ids: string[]])[] = [
    ['', ['h2'], []],
    [unfenced, ['h2'], ['web']],
    [unfenced, ['h1'], []],
    [locked, ['h2'], []],
  ];
  for (const [options, offline, ids] of table) {
    assert.deepEqual(findInstanceOnlyIds(cib(options), new Set(offline)), { kind: 'ids', ids: new Set(ids) });
  }
});
