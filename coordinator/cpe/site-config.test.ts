import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { configFile, defaultSiteConfig, readSiteConfig, type SiteConfig, writeSiteConfig } from './site-config.js';

const config: SiteConfig = {
  ...defaultSiteConfig,
  launcherHosts: ['left'],
  drivers: { left: 'qemu' },
  busUrl: 'nats://127.0.0.1:4222',
  natsServer: '/usr/sbin/nats-server',
  isForeground: false,
};

test('a configuration is read as it was written, and none is none', (context) => {
  const home = mkdtempSync(`${tmpdir()}/site-config-`);
  context.after(() => rmSync(home, { recursive: true }));
  assert.equal(readSiteConfig(home), undefined);
  writeSiteConfig(home, config);
  assert.deepEqual(readSiteConfig(home), config);
});

test('a damaged configuration is an error that names the file', (context) => {
  const home = mkdtempSync(`${tmpdir()}/site-config-`);
  context.after(() => rmSync(home, { recursive: true }));
  const damaged = [
    '',
    '{"launcherHosts":["left"],',
    'null',
    '[]',
    JSON.stringify({ ...config, launcherHosts: [1] }),
    JSON.stringify({ ...config, drivers: null }),
    JSON.stringify({ ...config, drivers: { left: 1 } }),
    JSON.stringify({ ...config, busUrl: undefined }),
    JSON.stringify({ ...config, heartbeatMs: 'soon' }),
  ];
  for (const text of damaged) {
    writeFileSync(configFile(home), text);
    assert.throws(() => readSiteConfig(home), { message: /config\.json is damaged/ }, text);
  }
});
