import type { InjectedFailure } from '../../coordinator/graph/simulate.js';
import type { TransitionGraph } from '../../coordinator/graph/transition-graph.js';
import { element } from '../../coordinator/policy/xml.js';
import { type Chance, chanceOf } from './generated-chance.js';
import { generatedConfiguration } from './generated-configuration.js';
import { GENERATED_NOW_UNIX_S } from './generated-history.js';
import { drawPlan, range } from './generated-plan.js';
import { generatedStatus } from './generated-status.js';
import type { GoldenCase } from './golden-compare.js';

/** Cases of launcher hosts, assemblies as guest nodes and resources of every kind, one for each seed from `first` on. */
export function generatedCases(first: number, count: number): GoldenCase[] {
  return range(count).map((index) => generatedCase(first + index));
}

/** Decided by its seed alone. Up to two operations of its graph are made to fail. */
export function generatedCase(seed: number): GoldenCase {
  const chance = chanceOf(String(seed));
  const plan = drawPlan(chance.fork('plan'));
  const cib = element(
    'cib',
    {
      crm_feature_set: '3.16.1',
      'validate-with': 'pacemaker-3.9',
      epoch: 1,
      num_updates: 0,
      admin_epoch: 0,
      'have-quorum': chance.happens(0.95) ? 1 : 0,
      'dc-uuid': '1',
    },
    [generatedConfiguration(chance.fork('configuration'), plan), generatedStatus(chance.fork('status'), plan)],
  );
  return {
    name: `seed ${seed}`,
    cib,
    nowUnixS: GENERATED_NOW_UNIX_S,
    drawFailures: (graph) => drawFailures(chance.fork('failures'), graph),
  };
}

function drawFailures(chance: Chance, graph: TransitionGraph): InjectedFailure[] {
  if (chance.happens(0.4)) return [];
  const candidates = graph.synapses
    .flatMap(({ actions }) => actions)
    .flatMap((action) => (action.kind === 'resource' && action.operation !== 'delete' ? [action] : []));
  return chance.some(candidates, chance.integer(1, 2)).map(({ resource, operation, intervalMs, node }) => ({
    resource: chance.happens(0.5) ? (resource.longId ?? resource.id) : resource.id,
    operation,
    intervalMs,
    node: node.name,
    exitCode: chance.pick([1, 1, 2, 5, 7]),
  }));
}
