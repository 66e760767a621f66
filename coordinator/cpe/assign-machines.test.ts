import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assignMachines, type MachineForUse } from './assign-machines.js';

const machines = (standings: Readonly<Record<string, MachineForUse['standing']>>) =>
  Object.entries(standings).map(([name, standing]) => ({ name, standing }));
const placed = (places: Readonly<Record<string, string | undefined>>) =>
  Object.entries(places).map(([name, machine]) => ({ name, dpe: `dped-${name}`, machine }));

const up = { a: 'in-service', b: 'in-service' } as const;

const cases: readonly {
  readonly name: string;
  readonly places: Readonly<Record<string, string | undefined>>;
  readonly standings: Readonly<Record<string, MachineForUse['standing']>>;
  readonly mayEvenOut?: boolean;
  readonly moves: readonly string[];
}[] = [
  {
    name: 'what is new is spread evenly, of equals to the first by name',
    places: { w: undefined, x: undefined, y: undefined },
    standings: up,
    moves: ['w -> a new', 'x -> b new', 'y -> a new'],
  },
  { name: 'what has a machine in service stays there', places: { w: 'a', x: 'a' }, standings: up, moves: [] },
  {
    name: 'what a silent machine decided for goes to the others, and nothing else does',
    places: { w: 'a', x: 'b', y: 'a' },
    standings: { a: 'silent', b: 'in-service', c: 'in-service' },
    moves: ['w -> c machine-silent', 'y -> b machine-silent'],
  },
  {
    name: 'a machine that goes down is left',
    places: { w: 'a' },
    standings: { a: 'leaving', b: 'in-service' },
    moves: ['w -> b machine-leaving'],
  },
  {
    name: 'a machine that nobody knows any more is left',
    places: { w: 'z' },
    standings: up,
    moves: ['w -> a machine-unknown'],
  },
  {
    name: 'with no machine in service nothing moves',
    places: { w: 'a', x: undefined },
    standings: { a: 'silent', b: 'leaving' },
    moves: [],
  },
  {
    name: 'loads are evened out one deployable at a time',
    places: { w: 'a', x: 'a', y: 'a', z: 'a' },
    standings: up,
    mayEvenOut: true,
    moves: ['w -> b uneven'],
  },
  {
    name: 'loads that differ by one are even',
    places: { w: 'a', x: 'a', y: 'b' },
    standings: up,
    mayEvenOut: true,
    moves: [],
  },
];

for (const { name, places, standings, mayEvenOut = false, moves } of cases) {
  test(`assignment: ${name}`, () => {
    const found = assignMachines(placed(places), machines(standings), { maxDeployables: 1, mayEvenOut });
    assert.deepEqual(
      found.map(({ deployable, to, reason }) => `${deployable} -> ${to} ${reason}`),
      moves,
    );
  });
}

test('what nobody decides for though its machine is in service goes to another one, where there is one', () => {
  const stalled = [{ name: 'w', dpe: 'dped-w', machine: 'a', isStalled: true }];
  const options = { maxDeployables: 1, mayEvenOut: false };
  const moves = assignMachines(stalled, machines(up), options);
  assert.deepEqual(
    moves.map(({ to, reason }) => [to, reason]),
    [['b', 'decider-silent']],
  );
  assert.deepEqual(assignMachines(stalled, machines({ a: 'in-service', b: 'silent' }), options), []);
});

test('deployables that share processes fill those of their machine', () => {
  const found = assignMachines(placed({ w: undefined, x: undefined, y: undefined }), machines({ a: 'in-service' }), {
    maxDeployables: 2,
    mayEvenOut: true,
  });
  assert.deepEqual(
    found.map(({ dpe }) => dpe),
    ['dped-1', 'dped-1', 'dped-2'],
  );
});
