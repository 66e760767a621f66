import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { liveThrough } from '../real-agent.js';

test('ocf:heartbeat:IPaddr2 in a network namespace, whose address is taken away', async (context) => {
  const links = execFileSync('ip', ['-oneline', 'link'], { encoding: 'utf8' });
  assert.match(links, /^1: lo: [^\n]*\n$/, 'this runs in a network namespace of its own');
  execFileSync('ip', ['link', 'add', 'outer', 'type', 'veth', 'peer', 'name', 'inner']);
  for (const name of ['outer', 'inner']) execFileSync('ip', ['link', 'set', name, 'up']);
  const parameters = { ip: '192.0.2.17', cidr_netmask: '24', nic: 'outer', arp_count: '1' };
  const fail = () => void execFileSync('ip', ['address', 'del', '192.0.2.17/24', 'dev', 'outer']);
  await liveThrough(context, { type: 'IPaddr2', parameters, fail, toldBy: 'interval' });
  assert.ok(!execFileSync('ip', ['address', 'show', 'dev', 'outer']).includes('192.0.2.17'));
});
