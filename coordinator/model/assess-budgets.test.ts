import assert from 'node:assert/strict';
import { test } from 'node:test';
import { budgetRisk, healthRisk, multiplicationRisk } from './assess-budgets.js';
import { defaults } from './defaults.js';
import type { Assembly, Resource } from './deployable.js';
import { plainAssembly, plainResource } from './plain.js';

function resource(name: string, failures: number): Resource {
  return {
    ...plainResource,
    name,
    agent: { class: 'service', type: name },
    escalation: { failures, periodMs: 60_000 },
  };
}

function assembly(failures: number, ...resources: Resource[]): Assembly {
  const escalation = { failures, periodMs: 60_000 };
  return { ...plainAssembly, name: 'a', escalation, resources };
}

test('a budget is unreachable when its failures cannot be seen within its period', () => {
  const monitored = (failures: number, periodMs: number, intervalMs: number) =>
    budgetRisk({ escalation: { failures, periodMs }, monitor: { intervalMs, timeoutMs: 1000 } });
  assert.equal(monitored(3, 20_000, 10_000), undefined);
  assert.equal(monitored(1, 1000, 86_400_000), undefined);
  assert.match(monitored(3, 19_000, 10_000) ?? '', /3 failures that only the monitor sees take 20s or more, .* 19s/);
});

test('of several health checks the quickest counts, and with none nothing has to be waited for', () => {
  const escalation = { failures: 3, periodMs: 60_000 };
  assert.equal(healthRisk({ escalation }, []), undefined);
  const slow = { intervalMs: 30_000, failures: 2 };
  assert.match(healthRisk({ escalation }, [slow]) ?? '', /a health check sees take 2m or more/);
  assert.equal(healthRisk({ escalation }, [slow, { intervalMs: 1000, failures: 2 }]), undefined);
});

test('budgets that multiply to more than a hundred failures are a risk', () => {
  const few = { failures: 2, periodMs: 1000 };
  assert.equal(multiplicationRisk(assembly(5, resource('r', 10)), few), undefined);
  assert.match(multiplicationRisk(assembly(5, resource('r', 2), resource('s', 11)), few) ?? '', /110 failures of a\.s/);
  assert.equal(multiplicationRisk(assembly(10_000), { failures: 10_000, periodMs: 1000 }), undefined);
});

test('the defaults are no risk', () => {
  const { resourceEscalation, assemblyEscalation, deployableEscalation } = defaults;
  const own = { ...resource('r', 1), escalation: resourceEscalation };
  assert.equal(budgetRisk(own), undefined);
  assert.equal(
    multiplicationRisk({ ...assembly(1, own), escalation: assemblyEscalation }, deployableEscalation),
    undefined,
  );
});
