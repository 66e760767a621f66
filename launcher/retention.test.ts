import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstanceView } from './driver.js';
import { forgettable } from './retention.js';

const dead = (instance: string, at: number): InstanceView => ({ kind: 'dead', instance, evidence: 'gone', at });

const cases: { name: string; views: InstanceView[]; delivered?: string[]; expected: string[] }[] = [
  { name: 'nothing is forgotten when nothing is there', views: [], expected: [] },
  {
    name: 'the latest deaths of an assembly are kept, however the views are ordered',
    views: [dead('shop.db.local.1-2', 20), dead('shop.db.local.1-4', 40), dead('shop.db.local.1-1', 10)],
    expected: ['shop.db.local.1-1'],
  },
  {
    name: 'assemblies are counted apart',
    views: [
      dead('shop.db.local.1-1', 10),
      dead('shop.db.local.1-2', 20),
      dead('shop.web.local.1-3', 30),
      dead('blog.db.local.1-1', 40),
    ],
    expected: [],
  },
  {
    name: 'a death that was not delivered is kept',
    views: [dead('shop.db.local.1-1', 10), dead('shop.db.local.1-2', 20), dead('shop.db.local.1-3', 30)],
    delivered: ['shop.db.local.1-2', 'shop.db.local.1-3'],
    expected: [],
  },
  {
    name: 'what is not proven dead is neither counted nor forgotten',
    views: [
      { kind: 'unknown', instance: 'shop.db.local.1-0', reason: 'no record' },
      dead('shop.db.local.1-1', 10),
      dead('shop.db.local.1-2', 20),
    ],
    expected: [],
  },
];

for (const { name, views, delivered, expected } of cases) {
  test(name, () => {
    assert.deepEqual(
      forgettable(views, (instance) => delivered?.includes(instance) ?? true, 2),
      expected,
    );
  });
}
