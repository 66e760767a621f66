import { simDocument } from './sim-document.js';
import type { Scenario } from './world.js';

const troubleS = 90;

const pair = simDocument('shop', {
  assemblies: { db: { resources: { redis: {} } }, web: { resources: { app: {}, front: {} } } },
  order: [['db.redis', 'web.app', 'web.front']],
});

const references = simDocument('shop', {
  assemblies: {
    db: { resources: { redis: {} } },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the document
    web: { resources: { app: { parameters: { state: '${db.ipaddress}' } } } },
  },
  order: [['db.redis', 'web.app']],
});

const often = { interval: '2s' };

const contained = simDocument('shop', {
  escalation: { failures: 3, period: '1h' },
  assemblies: {
    one: {
      escalation: { failures: 3, period: '5m' },
      resources: {
        a: { monitor: often, escalation: { failures: 3, period: '30s' } },
        b: { monitor: often, escalation: { failures: 2, period: '1m' } },
      },
    },
    two: { resources: { c: {} } },
  },
});

/** Budgets so small that it is restarted, halted, and started again by hand. */
const small = { failures: 2, period: '10m' };
const impatient = simDocument('shop', {
  escalation: small,
  assemblies: {
    db: { escalation: small, resources: { redis: { escalation: small } } },
    web: { escalation: small, resources: { app: { escalation: small } } },
  },
  order: [['db.redis', 'web.app']],
});

const grown = simDocument('shop', {
  assemblies: {
    db: { resources: { redis: { parameters: { state: 'changed' } }, cache: {} } },
    web: { resources: { app: {} } },
    extra: { resources: { job: {} } },
  },
  order: [
    ['db.redis', 'web.app'],
    ['db.redis', 'db.cache'],
    ['db.cache', 'extra.job'],
  ],
});

const shrunk = simDocument('shop', {
  assemblies: { web: { resources: { app: {}, front: {} } }, extra: { resources: { job: {} } } },
  order: [['extra.job', 'web.app']],
});

/** A second deployable beside another one. */
const mail = simDocument('mail', {
  assemblies: { imap: { resources: { dovecot: {} } }, smtp: { resources: { postfix: {} } } },
  order: [['imap.dovecot', 'smtp.postfix']],
});

const wiki = simDocument('wiki', {
  hosts: ['h2'],
  assemblies: { page: { resources: { server: { monitor: often } } } },
});

const group = simDocument('shop', {
  assemblies: {
    web: { resources: { disk: {}, app: {}, front: {} } },
    job: { resources: { runner: { monitor: often } } },
  },
  groups: { stack: ['web.disk', 'web.app', 'web.front'] },
  order: [['web.app', 'job.runner']],
});

const replicated = simDocument('shop', {
  assemblies: {
    db: { resources: { redis: {} } },
    web: { replicas: 2, resources: { app: {} } },
    door: { resources: { proxy: {} } },
  },
  order: [['db.redis', 'web.app', 'door.proxy']],
  apart: [['web']],
});

/** What must stop by itself when nobody decides: it stops soon, so that its end can be held against a bound. */
const soon = { timeout: '5s' };
const exclusive = simDocument('shop', {
  assemblies: {
    db: { resources: { writer: { isExclusive: true, more: { stop: soon } }, reader: {} } },
    web: { resources: { app: {} } },
  },
  order: [['db.writer', 'web.app']],
});

/** Parts that have nothing to do with each other. */
const many = simDocument('shop', {
  assemblies: Object.fromEntries(
    Array.from({ length: 6 }, (_, index) => [`part${index + 1}`, { resources: { app: {}, log: {} } }]),
  ),
  order: Array.from({ length: 6 }, (_, index) => [`part${index + 1}.app`, `part${index + 1}.log`]),
});

const one = { hosts: ['h1'], maxDeployables: 1, troubleS };
const two = { hosts: ['h1', 'h2'], maxDeployables: 1, troubleS };

export const scenarios: readonly Scenario[] = [
  { name: 'a pair in order', ...one, deployables: { shop: [pair] } },
  { name: 'two hosts and a reference', ...two, deployables: { shop: [references] } },
  { name: 'contained resources with budgets', ...one, deployables: { shop: [contained] } },
  { name: 'small budgets', ...one, deployables: { shop: [impatient] } },
  { name: 'reloads in the middle', ...two, deployables: { shop: [pair, grown, shrunk] } },
  { name: 'two deployables on two hosts', ...two, deployables: { shop: [pair, grown], mail: [mail] } },
  {
    name: 'three deployables in one process',
    ...two,
    maxDeployables: 3,
    deployables: { shop: [references], mail: [mail], wiki: [wiki] },
  },
  { name: 'a group', ...two, deployables: { shop: [group] } },
  { name: 'replicas apart', ...two, deployables: { shop: [replicated] } },
  { name: 'an exclusive resource', ...two, deployables: { shop: [exclusive] } },
  { name: 'independent parts', ...two, deployables: { shop: [many] } },
];

/** The scenario that a seed plays. */
export function scenarioOf(seed: number): Scenario {
  const scenario = scenarios[seed % scenarios.length];
  if (scenario === undefined) throw new Error('there is no scenario');
  return scenario;
}
