import type { Scene } from './scene.js';
import type { Expected } from './timeline.js';

const running: Expected = ['deployable-running', 'shop'];

/** What fails in the shop, from the smallest failure to the largest. */
export const scenes: readonly Scene[] = [
  {
    title: 'SIGKILL to the log shipper: nothing depends on it, its agent repairs it alone',
    victim: { assembly: 'front', program: 'tail' },
    inOrder: [
      [
        ['resource-failed', 'front.shipper'],
        ['resource-recovered', 'front.shipper'],
      ],
    ],
    end: ['resource-recovered', 'front.shipper'],
    untouched: [{ assembly: 'db', program: 'redis-server' }],
    pageFails: false,
  },
  {
    title: 'SIGKILL to redis: what depends on it is stopped before and started after, in order',
    victim: { assembly: 'db', program: 'redis-server' },
    inOrder: [
      [
        ['resource-failed', 'db.redis'],
        ['resource-stopped', 'front.nginx'],
        ['resource-stopped', 'web.app'],
        ['resource-started', 'db.redis'],
        ['resource-started', 'web.app'],
        ['resource-started', 'front.nginx'],
      ],
    ],
    end: running,
    untouched: [{ assembly: 'front', program: 'tail' }],
    pageFails: true,
  },
  {
    title: 'SIGKILL to a whole instance, the one of web: a new one, and what depends on it around it',
    victim: { assembly: 'web' },
    inOrder: [
      [
        ['assembly-failed', 'web'],
        ['assembly-started', 'web'],
        ['assembly-running', 'web'],
        ['resource-started', 'web.app'],
        ['resource-started', 'front.nginx'],
      ],
      // The new instance boots meanwhile: only the application in it has to wait for this.
      [
        ['assembly-failed', 'web'],
        ['resource-stopped', 'front.nginx'],
        ['resource-started', 'web.app'],
      ],
    ],
    end: running,
    untouched: [
      { assembly: 'db', program: 'redis-server' },
      { assembly: 'front', program: 'tail' },
    ],
    pageFails: true,
  },
];
