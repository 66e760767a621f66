import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OcfDescription } from './ocf-metadata.js';
import { ocfPidFiles } from './ocf-pid-file.js';

function describing(parameters: Readonly<Record<string, string | undefined>>): OcfDescription {
  const rest = { type: 'string', isRequired: false, isUnique: false, isReloadable: false, replacedWith: [] };
  const listed = Object.entries(parameters).map(([name, value]) => ({ name, default: value, ...rest }));
  const metadata = { version: { major: 1, minor: 0 }, parameters: listed, actions: [] };
  return { kind: 'described', metadata, mentions: () => true, supplies: () => false };
}

const table = [
  { name: 'its parameter', parameters: { pidfile: '/run/a.pid' }, described: {}, path: '/run/a.pid' },
  { name: 'its other parameter', parameters: { pid: '/run/b.pid' }, described: { pid: '/c' }, path: '/run/b.pid' },
  { name: 'its default', parameters: {}, described: { pid: '/run/c.pid' }, path: '/run/c.pid' },
  { name: 'no path', parameters: { pid: '123' }, described: { pidfile: 'relative' }, path: undefined },
  { name: 'nothing', parameters: {}, described: { port: '1' }, path: undefined },
] as const;

for (const { name, parameters, described, path } of table) {
  test(`the pid file of a resource: ${name}`, () => {
    const files = ocfPidFiles();
    files.learn('/agent', describing(described));
    assert.equal(files.find('/agent', parameters), path);
    assert.equal(files.find('/other', {}), undefined);
  });
}
