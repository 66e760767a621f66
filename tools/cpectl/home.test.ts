import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HomeSurroundings, resolveHome, systemHome } from './home.js';

const plain: HomeSurroundings = { environment: {}, isRoot: false, userHome: '/home/ann', exists: () => false };
const isSetUp = (path: string) => path === `${systemHome}/config.json`;

const cases: readonly [string, string | undefined, Partial<HomeSurroundings>, string][] = [
  ['the option wins over everything', '/srv/a', { environment: { CPE_HOME: '/srv/b' }, isRoot: true }, '/srv/a'],
  ['the option may be relative', 'a', {}, `${process.cwd()}/a`],
  ['CPE_HOME comes next', undefined, { environment: { CPE_HOME: '/srv/b' }, isRoot: true, exists: isSetUp }, '/srv/b'],
  [
    'an empty CPE_HOME says nothing',
    undefined,
    { environment: { CPE_HOME: '' } },
    '/home/ann/.local/state/pacemaker-cloud',
  ],
  ['root has the system service once it is set up', undefined, { isRoot: true, exists: isSetUp }, systemHome],
  [
    'root has a home of its own before that',
    undefined,
    { isRoot: true, userHome: '/root' },
    '/root/.local/state/pacemaker-cloud',
  ],
  ['a user never gets the system service', undefined, { exists: isSetUp }, '/home/ann/.local/state/pacemaker-cloud'],
  ['XDG_STATE_HOME moves it', undefined, { environment: { XDG_STATE_HOME: '/s' } }, '/s/pacemaker-cloud'],
  [
    'a relative XDG_STATE_HOME is ignored, as its specification says',
    undefined,
    { environment: { XDG_STATE_HOME: 's' } },
    '/home/ann/.local/state/pacemaker-cloud',
  ],
];

for (const [name, option, surroundings, expected] of cases) {
  test(`the home: ${name}`, () => assert.equal(resolveHome(option, { ...plain, ...surroundings }), expected));
}
