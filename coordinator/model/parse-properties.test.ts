// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how documents write references
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { documentLimits } from './defaults.js';
import { cloneId, type Deployable, resourceId, type Subject, subjectId, type Template, vmId } from './deployable.js';
import { parseDeployable } from './parse-deployable.js';
import { renderProblem } from './problem.js';

/** Whole documents over few names, so that constraints often name what there is. */
const documents = documentArbitrary();

test('random documents give a model or problems with places, and never throw', () => {
  let sound = 0;
  fc.assert(
    fc.property(documents, (document) => {
      const text = JSON.stringify(document, null, 1);
      const parsed = parseDeployable(text, 'yaml');
      const lines = text.split('\n').length;
      for (const problem of parsed.kind === 'problems' ? parsed.problems : parsed.warnings) {
        assert.ok(problem.line >= 1 && problem.line <= lines && problem.column >= 1, renderProblem(problem));
        assert.ok(problem.message !== '' && problem.path !== '', renderProblem(problem));
      }
      if (parsed.kind === 'problems') return;
      sound += 1;
      assert.deepEqual(flaws(parsed.deployable), []);
      assert.deepEqual(parseDeployable(text, 'yaml'), parsed);
    }),
    { numRuns: 1500 },
  );
  assert.ok(sound > 100, `only ${sound} documents were sound`);
});

test('a document in which any value became another gives a model or problems', () => {
  const values = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      '',
      [],
      {},
      [[]],
      [{}],
      { x: {} },
      0,
      -1,
      true,
      'INFINITY',
      '${self.ipaddress}',
      'a',
      'w',
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(documents, fc.nat(), values, (document, position, value) => {
      const text = JSON.stringify(replaceOne(document, position, value));
      const parsed = parseDeployable(text, 'yaml');
      if (parsed.kind === 'deployable') assert.deepEqual(flaws(parsed.deployable), []);
    }),
    { numRuns: 1500 },
  );
});

/** Everything of a model that nobody behind the parser should have to expect. */
function flaws(deployable: Deployable): string[] {
  const { assemblies, groups, constraints, hosts, hostOptions } = deployable;
  const found: string[] = [];
  const check = (isSound: boolean, flaw: string) => {
    if (!isSound) found.push(flaw);
  };
  const names = new Set(assemblies.map(({ name }) => name));
  const subjects = new Set(assemblies.map(({ name }) => vmId(name)));
  const promotable = new Set<string>();
  check(names.size === assemblies.length, 'two assemblies have one name');
  check(assemblies.length <= documentLimits.assemblies, 'too many assemblies');
  for (const { name, replica, resources } of assemblies) {
    check(replica === undefined || name === `${replica.of}-${replica.index}`, `${name} is another replica`);
    for (const resource of resources) {
      const id = resourceId({ assembly: name, resource: resource.name });
      for (const template of templatesOf(resource)) {
        for (const part of template) check(part.kind === 'text' || names.has(part.assembly), `${id} refers to nothing`);
      }
      const clone = resource.clone === undefined ? undefined : cloneId(`${replica?.of}.${resource.name}`);
      check(clone === undefined || replica !== undefined, `${id} is a clone without replicas`);
      subjects.add(clone ?? id);
      if (clone !== undefined && resource.clone?.promotable !== undefined) promotable.add(clone);
      for (const preferred of resource.clone?.promotable?.prefer ?? [])
        check(names.has(preferred), `${id} prefers nothing`);
      const intervals = [resource.monitor, ...resource.operations]
        .map(({ intervalMs }) => intervalMs)
        .filter((ms) => ms > 0);
      check(new Set(intervals).size === intervals.length, `${id} has two monitors with one interval`);
    }
  }
  const grouped = new Set<string>();
  for (const group of groups) {
    check(group.members.length > 0, `${group.name} is empty`);
    check(!names.has(group.name) && !hosts.includes(group.name), `${group.name} is a node`);
    for (const resource of group.members) {
      const id = resourceId({ assembly: group.assembly, resource });
      check(subjects.has(id) && !grouped.has(id), `${group.name} has no ${id} of its own`);
      grouped.add(id);
    }
    check(!subjects.has(group.name), `two groups are called ${group.name}`);
    subjects.add(group.name);
  }
  const ids = constraints.map(({ id }) => id);
  check(new Set(ids).size === ids.length && !ids.includes(''), 'ids of constraints are not their own');
  for (const subject of constraints.flatMap(subjectsOf))
    check(subjects.has(subjectId(subject)), `no ${subjectId(subject)}`);
  for (const constraint of constraints) {
    if (constraint.kind === 'order') {
      check(constraint.steps.length > 1, `${constraint.id} is no chain`);
      for (const { action, members } of constraint.steps) {
        check(members.length > 0, `${constraint.id} has an empty step`);
        const needsRole = action === 'promote' || action === 'demote';
        check(!needsRole || members.every((each) => promotable.has(subjectId(each))), `${constraint.id} promotes`);
      }
    } else if (constraint.kind === 'colocated-set') {
      check(constraint.members.length > 1, `${constraint.id} is alone`);
    } else if (constraint.kind === 'location' && constraint.preference.kind === 'node') {
      const { node } = constraint.preference;
      check(hosts.length === 0 || hosts.includes(node) || names.has(node), `${constraint.id} is nowhere`);
    }
  }
  check(
    Object.keys(hostOptions).every((host) => hosts.includes(host)),
    'options of no host',
  );
  return found;
}

function subjectsOf(constraint: Deployable['constraints'][number]): readonly Subject[] {
  switch (constraint.kind) {
    case 'order':
      return constraint.steps.flatMap(({ members }) => members);
    case 'colocation':
      return [constraint.resource, constraint.with];
    case 'colocated-set':
      return constraint.members;
    case 'location':
      return [constraint.subject];
  }
}

function templatesOf({
  agent,
  parameters,
}: Deployable['assemblies'][number]['resources'][number]): readonly Template[] {
  const own = Object.values(parameters);
  if (agent.class !== 'exec') return own;
  const { command, environment, health } = agent.exec;
  const checks = health.flatMap((check) => {
    if (check.kind === 'process') return [];
    return check.kind === 'tcp' ? [check.host] : check.kind === 'http' ? [check.url] : check.command;
  });
  return [...own, ...command, ...Object.values(environment), ...checks];
}

/** The document with the value at a position, counted depth first, replaced. */
function replaceOne(document: unknown, position: number, value: unknown): unknown {
  let left = position % countOf(document);
  const walk = (tree: unknown): unknown => {
    if (left === 0) {
      left -= 1;
      return value;
    }
    left -= 1;
    if (Array.isArray(tree)) return tree.map(walk);
    if (typeof tree !== 'object' || tree === null) return tree;
    return Object.fromEntries(Object.entries(tree).map(([key, below]) => [key, walk(below)]));
  };
  return walk(document);
}

function countOf(tree: unknown): number {
  if (typeof tree !== 'object' || tree === null) return 1;
  return Object.values(tree).reduce((sum: number, below) => sum + countOf(below), 1);
}

function documentArbitrary() {
  const from = <Value>(...values: Value[]) => fc.constantFrom(...values);
  const some = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 1 });
  const reference = from('${self.ipaddress}', '${a.hostname}', '${w-1.ipaddress}', 'plain');
  const text = from('x', 'y');
  const resource = fc
    .record({
      exec: some(
        fc.record({
          command: fc.array(reference, { minLength: 1, maxLength: 2 }),
          environment: fc.dictionary(text, reference),
        }),
      ),
      monitor: some(fc.record({ interval: from('5s', '10s') })),
      monitors: some(
        fc.uniqueArray(
          from('20s', '30s', '1m').map((interval) => ({ interval })),
          { selector: ({ interval }) => interval, maxLength: 2 },
        ),
      ),
      'on-fail': some(from('restart', 'stop', 'block')),
      stop: some(fc.record({ timeout: from('1s', '1m') })),
      priority: some(fc.integer({ min: -5, max: 5 })),
      managed: some(fc.boolean()),
    })
    .map(({ exec, ...rest }) => (exec === undefined ? { agent: 'ocf:p:t', ...rest } : { exec, ...rest }));
  const clone = from<unknown>(undefined, true, { promotable: true }, { promotable: { prefer: ['w-1'] }, max: 1 });
  const cloned = fc
    .record({ resource, clone })
    .map(({ resource: own, clone: how }) =>
      how === undefined ? own : { ...own, exec: undefined, agent: 'ocf:p:t', clone: how },
    );
  const assemblies = fc.record({
    a: fc.record({ resources: fc.record({ r: resource, s: resource }), attributes: some(fc.constant({ zone: 'x' })) }),
    b: fc.record({ resources: fc.record({ r: resource }), size: some(fc.constant({ cpus: 1 })) }),
    w: fc.record({ replicas: fc.integer({ min: 1, max: 3 }), resources: fc.record({ r: resource, c: cloned }) }),
  });
  const name = from('a', 'b', 'w', 'a.r', 'a.s', 'b.r', 'w.r', 'w.c', 'w-1', 'w-1.r', 'g');
  const step = fc.oneof(
    name,
    fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
    name.map((start) => ({ start })),
  );
  const rule = fc.record({
    score: from('5', '-INFINITY'),
    expressions: fc.constant([{ attribute: 'zone', is: 'eq', value: 'x' }, { hours: '9-16' }]),
  });
  const constraint = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        order: fc.array(step, { minLength: 2, maxLength: 4 }),
        kind: some(from('optional', 'mandatory', 'serialize')),
      }),
    },
    fc.record({ colocation: fc.record({ resource: name, with: name, score: some(from('5', '-INFINITY')) }) }),
    fc.record({
      apart: fc.uniqueArray(from('a', 'b', 'w'), { minLength: 2, maxLength: 3 }),
      score: some(fc.constant(-5)),
    }),
    fc.record({
      location: fc.oneof(
        fc.record({ assembly: from('a', 'b', 'w'), host: from('h1', 'h2'), score: fc.constant(5) }),
        fc.record({ resource: from('a.r', 'w.r', 'w.c'), rule }),
        fc.record({ resource: fc.constant('w.c'), replica: fc.constant('w-1'), score: fc.constant(5) }),
      ),
    }),
  );
  return fc.record({
    deployable: fc.constant('d'),
    hosts: from<unknown>(undefined, ['h1', 'h2'], { h1: {}, h2: { attributes: { zone: 'x' } } }),
    assemblies,
    groups: some(from<unknown>({ g: ['a.r', 'a.s'] }, { g: ['w.r'] }, { g: ['b.r'] })),
    constraints: some(fc.array(constraint, { maxLength: 3 })),
    placement: some(from('default', 'balanced')),
    defaults: some(fc.constant({ resource: { priority: 3 }, operation: { timeout: '30s' } })),
  });
}
