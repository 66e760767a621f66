import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assessEnd, type End, type ServerAction } from './assess-end.js';

/** Actions from the newest to the oldest; each has its events, the newest first. */
function actions(
  ...list: readonly (readonly [string, ...(readonly (readonly [string, string | undefined])[])])[]
): ServerAction[] {
  return list.map(([action, ...events], index) => ({
    action,
    request: `req-${list.length - index}`,
    events: events.map(([event, result]) => ({ event, result, finishedAt: result && '2026-03-01T12:00:00.000000' })),
  }));
}

const built = ['create', ['compute__do_build_and_run_instance', 'Success']] as const;

const cases: readonly (readonly [string, readonly ServerAction[], End['kind']])[] = [
  ['its host has terminated it', actions(['delete', ['compute_terminate_instance', 'Success']], built), 'over'],
  ['Nova has deleted it without its host', actions(['delete'], built), 'unproven'],
  ['no delete is recorded', actions(built), 'unproven'],
  [
    'the host is about to terminate it',
    actions(['delete', ['compute_terminate_instance', undefined]], built),
    'unproven',
  ],
  ['the host could not terminate it', actions(['delete', ['compute_terminate_instance', 'Error']], built), 'unproven'],
  [
    'it was switched off, then deleted without its host',
    actions(['delete'], ['stop', ['compute_stop_instance', 'Success']], built),
    'over',
  ],
  [
    'it was switched off and on again, then deleted without its host',
    actions(
      ['delete'],
      ['start', ['compute_start_instance', 'Success']],
      ['stop', ['compute_stop_instance', 'Success']],
      built,
    ),
    'unproven',
  ],
  [
    'it was switched off, a volume was detached, then it was deleted without its host',
    actions(
      ['delete'],
      ['detach_volume', ['compute_detach_volume', 'Success']],
      ['stop', ['compute_stop_instance', 'Success']],
      built,
    ),
    'over',
  ],
  ['it was put aside', actions(['softDelete', ['compute_soft_delete_instance', 'Success']], built), 'over'],
  [
    'no host of it was left',
    actions(
      ['delete'],
      ['shelve', ['compute_shelve_offload_instance', 'Success'], ['compute_shelve_instance', 'Success']],
      built,
    ),
    'over',
  ],
  [
    'it has come to no host',
    actions(['delete'], ['create', ['conductor_schedule_and_build_instances', 'Success']]),
    'over',
  ],
  ['something that is not known was done last', actions(['x', ['compute_new_thing', 'Success']], built), 'unproven'],
  ['Nova has nothing of it', [], 'unproven'],
];

for (const [what, list, expected] of cases) {
  test(`a server that Nova does not know any more, ${what}: ${expected}`, () => {
    assert.equal(assessEnd(list).kind, expected);
  });
}

test('the evidence names the request and the time', () => {
  const end = assessEnd(actions(['delete', ['compute_terminate_instance', 'Success']], built));
  assert.deepEqual(end, {
    kind: 'over',
    evidence: 'its host has terminated it (req-2, 2026-03-01T12:00:00.000000)',
  });
});
