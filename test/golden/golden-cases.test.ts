import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { generatedCase, generatedCases } from './generated-case.js';
import { compareAll } from './golden-compare-all.js';
import { reportOf } from './golden-report.js';
import { savedCases } from './golden-saved-cases.js';

/** `make golden` compares many more. */
const COUNT = 60;

const comparisons = compareAll(generatedCases(1, COUNT));

test(`${COUNT} generated cases have the graph, the order of actions and the end state of crm_simulate`, async (t) => {
  const { lines, isGood } = reportOf(await comparisons);
  for (const line of lines) t.diagnostic(line);
  assert.ok(isGood);
  assert.ok(!lines.some((line) => line.startsWith('known to differ')));
});

test('a seed decides a case to the last character', () => {
  assert.deepEqual(generatedCase(7).cib, generatedCase(7).cib);
  assert.notEqual(generatedCase(7).cib, generatedCase(8).cib);
});

test('generated cases have everything that graphs can be made of', async () => {
  const executed = (await comparisons).flatMap(({ order }) => order).join('\n');
  const needed = [
    ...['start', 'stop', 'monitor', 'monitor=10000', 'promote', 'demote', 'notify', 'cancel=10000', 'delete'].map(
      (operation) => ` ${operation} on h1$`,
    ),
    ...['migrate_to', 'migrate_from'].map((operation) => ` ${operation} on h`),
    ...['start', 'stop', 'monitor=10000'].map((operation) => `Resource action: .* ${operation} on a1$`),
    ...['clear_failcount for', 'do_shutdown on'].map((task) => `Cluster action:  ${task}`),
    ...['Fencing h\\d \\(reboot\\)', 'Fencing h\\d \\(off\\)', 'Pseudo action:   stonith-a\\d-'],
    ...['r\\d-group_start_0', 'r\\d-clone_running_0', 'r\\d-clone_confirmed-pre_notify_', 'maintenance_nodes'],
  ];
  for (const pattern of needed) assert.match(executed, new RegExp(pattern, 'm'));
});

test('saved cases of other layouts and versions are read as far as they go', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'saved-cases-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const save = (kind: string, name: string, text: string) => {
    mkdirSync(join(directory, kind), { recursive: true });
    writeFileSync(join(directory, kind, name), text);
  };
  assert.throws(() => savedCases(directory), /no cases/);
  const { cib } = generatedCase(1);
  save('xml', 'alone.xml', cib);
  save('xml', 'broken.xml', cib.slice(0, -20));
  save('xml', 'empty.xml', '');
  save('xml', 'none.xml', '\0\x01 no XML at all');
  save('xml', 'of-another-version.xml', cib);
  save('exp', 'of-another-version.exp', '<transition_graph cluster-delay="60s" transition_id="0"/>');
  save(
    'summary',
    'of-another-version.summary',
    'Current cluster status:\n\nExecuting Cluster Transition:\n  * Pseudo action:   x\n',
  );
  save('xml', 'with-broken-results.xml', cib);
  save('exp', 'with-broken-results.exp', '<transition_graph');
  save('summary', 'with-broken-results.summary', 'nothing was executed');
  save('xml', 'README', 'no case');
  const compared = await compareAll(savedCases(directory));
  assert.deepEqual(
    compared.map(({ name, unanswered }) => [name, unanswered === undefined]),
    [
      ['alone', true],
      ['broken', false],
      ['empty', false],
      ['none', false],
      ['of-another-version', true],
      ['with-broken-results', true],
    ],
  );
  const { lines, isGood } = reportOf(compared);
  assert.ok(isGood, lines.join('\n'));
  assert.deepEqual(lines.slice(-2), ['graphs matched 3 of 3', 'orders matched 3 of 3']);
});
