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
