import type { Scenario } from './dpe-sim.js';

const dummy = (timeouts = '') => `{ agent: "ocf:heartbeat:Dummy", monitor: { interval: 5s }${timeouts} }`;

const pair = `
deployable: shop
assemblies:
  db:
    resources:
      redis: ${dummy()}
  web:
    resources:
      app: ${dummy()}
      front: ${dummy()}
constraints:
  - { order: [db.redis, web.app, web.front] }
`;

const references = `
deployable: shop
assemblies:
  db:
    resources:
      redis: ${dummy()}
  web:
    resources:
      app: { agent: "ocf:heartbeat:Dummy", parameters: { state: "\${db.ipaddress}" } }
constraints:
  - { order: [db.redis, web.app] }
`;

const contained = `
deployable: shop
escalation: { failures: 3, period: 1h }
assemblies:
  one:
    escalation: { failures: 3, period: 5m }
    resources:
      a: { agent: "ocf:heartbeat:Dummy", monitor: { interval: 2s }, escalation: { failures: 3, period: 30s } }
      b: { agent: "ocf:heartbeat:Dummy", monitor: { interval: 2s }, escalation: { failures: 2, period: 1m } }
  two:
    resources:
      c: ${dummy()}
`;

/** Budgets so small that it is restarted, halted, and started again by hand. */
const impatient = `
deployable: shop
escalation: { failures: 2, period: 1h }
assemblies:
  db:
    escalation: { failures: 2, period: 10m }
    resources:
      redis: { agent: "ocf:heartbeat:Dummy", monitor: { interval: 5s }, escalation: { failures: 2, period: 5m } }
  web:
    escalation: { failures: 2, period: 10m }
    resources:
      app: { agent: "ocf:heartbeat:Dummy", monitor: { interval: 5s }, escalation: { failures: 2, period: 5m } }
constraints:
  - { order: [db.redis, web.app] }
`;

const reloaded = [
  pair,
  `
deployable: shop
assemblies:
  db:
    resources:
      redis: { agent: "ocf:heartbeat:Dummy", parameters: { state: changed }, monitor: { interval: 5s } }
      cache: ${dummy()}
  web:
    resources:
      app: ${dummy()}
  extra:
    resources:
      job: ${dummy()}
constraints:
  - { order: [db.redis, web.app] }
  - { order: [db.redis, db.cache] }
  - { order: [db.cache, extra.job] }
`,
  `
deployable: shop
assemblies:
  web:
    resources:
      app: ${dummy()}
      front: ${dummy()}
  extra:
    resources:
      job: ${dummy()}
constraints:
  - { order: [extra.job, web.app] }
`,
];

export const scenarios: readonly Scenario[] = [
  { name: 'a pair in order', hosts: ['h1'], documents: [pair], troubleS: 90 },
  { name: 'two hosts and a reference', hosts: ['h1', 'h2'], documents: [references], troubleS: 90 },
  { name: 'contained resources with budgets', hosts: ['h1'], documents: [contained], troubleS: 90 },
  { name: 'small budgets', hosts: ['h1'], documents: [impatient], troubleS: 90 },
  { name: 'reloads in the middle', hosts: ['h1', 'h2'], documents: reloaded, troubleS: 90 },
];

/** Seeds that once found something; what it was is in the unit tests of coordinator/dpe/core. */
export const knownSeeds: Readonly<Record<string, readonly number[]>> = {
  'a pair in order': [7, 26],
  'two hosts and a reference': [108],
  'contained resources with budgets': [22],
  'reloads in the middle': [212, 213, 601],
};
