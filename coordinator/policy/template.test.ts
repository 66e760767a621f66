import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource, Template } from '../model/deployable.js';
import { plainResource } from '../model/plain.js';
import { renderExecDefinition } from './exec-definition.js';
import { type KnownAssemblies, resolveTemplate, unresolvedReferences } from './template.js';

const started = { host: 'h1', isConnected: true, isHeld: false, mayStart: true, wish: 'none' as const };
const assemblies: KnownAssemblies = {
  db: { ...started, address: '127.1.0.2', hostname: 'db-1' },
  web: { ...started, address: undefined, hostname: undefined },
};

const address = (assembly: string): Template => [{ kind: 'reference', assembly, attribute: 'ipaddress' }];
const text = (value: string): Template => [{ kind: 'text', text: value }];

const cases: readonly { readonly name: string; readonly template: Template; readonly resolved: string | undefined }[] =
  [
    { name: 'text stays', template: text('x'), resolved: 'x' },
    { name: 'an empty template is empty text', template: [], resolved: '' },
    {
      name: 'a reference becomes its value',
      template: [...address('db'), ...text(':6379')],
      resolved: '127.1.0.2:6379',
    },
    {
      name: 'a host name is one too',
      template: [{ kind: 'reference', assembly: 'db', attribute: 'hostname' }],
      resolved: 'db-1',
    },
    {
      name: 'a value that is not known yet leaves nothing',
      template: [...text('x'), ...address('web')],
      resolved: undefined,
    },
    { name: 'an assembly without an entry has no values', template: address('constructor'), resolved: undefined },
  ];

for (const { name, template, resolved } of cases) {
  test(name, () => {
    assert.equal(resolveTemplate(template, assemblies), resolved);
  });
}

const timing = { intervalMs: 2_000, timeoutMs: 1_000, failures: 2, initialDelayMs: 0 };
const exec = {
  command: [text('server'), address('db')],
  environment: { Z: text('last'), A: address('db') },
  directory: undefined,
  user: 'www-data',
  health: [{ ...timing, kind: 'http' as const, url: [...text('http://'), ...address('db')], status: [200] }],
};

test('an exec definition is JSON with sorted keys and nothing that is absent', () => {
  assert.equal(
    renderExecDefinition(exec, assemblies),
    '{"command":["server","127.1.0.2"],"environment":{"A":"127.1.0.2","Z":"last"},' +
      '"health":[{"failures":2,"initialDelayMs":0,"intervalMs":2000,"kind":"http","status":[200],"timeoutMs":1000,' +
      '"url":"http://127.1.0.2"}],"user":"www-data"}',
  );
});

test('limits and what a check asks for beyond the usual are in it only when they are said', () => {
  const limits = { processes: 2, memory: 2 ** 20 };
  const health = [{ ...timing, kind: 'process' as const, process: 'server', successes: 2 }];
  assert.equal(
    renderExecDefinition(
      { command: [], environment: {}, directory: undefined, user: undefined, limits, health },
      assemblies,
    ),
    '{"command":[],"environment":{},"health":[{"failures":2,"initialDelayMs":0,"intervalMs":2000,"kind":"process",' +
      '"process":"server","successes":2,"timeoutMs":1000}],"limits":{"memory":1048576,"processes":2}}',
  );
});

test('an exec definition does not depend on the order in which it was written', () => {
  const environment = { A: address('db'), Z: text('last') };
  assert.equal(renderExecDefinition({ ...exec, environment }, assemblies), renderExecDefinition(exec, assemblies));
});

test('what a start waits for is named, wherever in the resource it is', () => {
  const resource: Resource = {
    ...plainResource,
    name: 'app',
    agent: { class: 'exec', exec: { ...exec, command: [text('server'), address('web')] } },
  };
  assert.deepEqual(unresolvedReferences(resource, assemblies), address('web'));
  assert.equal(renderExecDefinition({ ...exec, command: [address('web')] }, assemblies), undefined);
});
