import { manyFailures } from './defaults.js';
import type { Assembly, Budget, HealthCheck, Resource } from './deployable.js';
import { renderDuration } from './quantities.js';

/**
 * Whether failures that only the monitor sees can ever use up the budget: the first and the last of them are at least
 * `failures - 1` intervals apart. Undefined where they can; otherwise the reason for a warning.
 */
export function budgetRisk({ escalation, monitor }: Pick<Resource, 'escalation' | 'monitor'>): string | undefined {
  return unreachable(escalation, { what: 'the monitor', everyMs: monitor.intervalMs });
}

/**
 * The same for a command with health checks, of which the quickest counts. One that has none fails only when its
 * process ends, which is seen at once.
 */
export function healthRisk(
  { escalation }: Pick<Resource, 'escalation'>,
  checks: readonly Pick<HealthCheck, 'intervalMs' | 'failures'>[],
): string | undefined {
  if (checks.length === 0) return undefined;
  const everyMs = Math.min(...checks.map(({ intervalMs, failures }) => intervalMs * failures));
  return unreachable(escalation, { what: 'a health check', everyMs });
}

/**
 * Whether the budgets of the three levels, which multiply, let so many failures pass that an operator hears of it late.
 * Undefined where they do not; otherwise the reason for a warning. Looks at the resource with the largest budget.
 */
export function multiplicationRisk(assembly: Assembly, deployable: Budget): string | undefined {
  let largest: Resource | undefined;
  for (const resource of assembly.resources) {
    if (largest === undefined || resource.escalation.failures > largest.escalation.failures) largest = resource;
  }
  if (largest === undefined) return undefined;
  const levels = [largest.escalation.failures, assembly.escalation.failures, deployable.failures];
  const total = levels.reduce((product, failures) => product * failures, 1);
  if (total <= manyFailures) return undefined;
  const name = `${assembly.name}.${largest.name}`;
  return `budgets multiply: ${total} failures of ${name} (${levels.join(' x ')}) before an operator hears of it`;
}

function unreachable(
  { failures, periodMs }: Budget,
  detection: { readonly what: string; readonly everyMs: number },
): string | undefined {
  const leastMs = (failures - 1) * detection.everyMs;
  if (leastMs <= periodMs) return undefined;
  const needed = `${failures} failures that only ${detection.what} sees take ${renderDuration(leastMs)} or more`;
  return `never escalates: ${needed}, the period is ${renderDuration(periodMs)}`;
}
