import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { layNetwork, type Namespaces } from './namespaces.js';

let network: Namespaces;
before(() => {
  network = layNetwork(['a', 'b', 'c']);
});
after(async () => {
  assert.deepEqual(await network.end(), []);
});

/** Whether a packet of each makes it to the other: a connection takes both ways, so a datagram is asked for. */
async function arrives(from: string, to: string): Promise<boolean> {
  const receive = `const s=require('dgram').createSocket('udp4');s.bind(4000,'0.0.0.0',()=>console.log('ready'));s.on('message',()=>process.exit(7));setTimeout(()=>process.exit(8),5000)`;
  const send = `const s=require('dgram').createSocket('udp4');let n=0;setInterval(()=>{s.send('x',4000,'${network.address(to)}');if(++n>5)process.exit()},20)`;
  const receiver = network.spawn(to, [process.execPath, '-e', receive], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(receiver, 'exit');
  await once(receiver.stdout as NonNullable<ChildProcess['stdout']>, 'data');
  const sender = network.spawn(from, [process.execPath, '-e', send], { stdio: 'inherit' });
  await once(sender, 'exit');
  // All that was sent has arrived or is lost: nothing on the way keeps it.
  if (receiver.exitCode === null) receiver.kill('SIGTERM');
  const [code] = (await ended) as [number | null];
  return code === 7;
}

async function ways(): Promise<Record<string, boolean>> {
  const found: Record<string, boolean> = {};
  for (const [from, to] of ['ab', 'ba', 'ac'].map((pair) => [...pair] as [string, string])) {
    found[`${from}${to}`] = await arrives(from, to);
  }
  return found;
}

test('machines reach each other until they are cut, both ways or one, and again when that is healed', async () => {
  assert.deepEqual(await ways(), { ab: true, ba: true, ac: true });
  network.cut('a', 'b');
  assert.deepEqual(await ways(), { ab: false, ba: false, ac: true });
  network.heal('a', 'b');
  network.cutOneWay('a', 'b');
  assert.deepEqual(await ways(), { ab: false, ba: true, ac: true });
  network.isolate('a');
  assert.deepEqual(await ways(), { ab: false, ba: false, ac: false });
  network.healAll();
  network.lose('a', 'c', 1);
  assert.deepEqual(await ways(), { ab: true, ba: true, ac: false });
  network.heal('a', 'c');
  assert.deepEqual(await ways(), { ab: true, ba: true, ac: true });
});

test('everything that runs in a machine goes when its power fails', async () => {
  const child = network.spawn('b', ['setsid', 'sh', '-c', 'sleep 600 & sleep 601'], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  while (network.pids('b').length < 3) await new Promise((resolve) => setImmediate(resolve));
  network.powerOff('b');
  await ended;
  assert.deepEqual(network.pids('b'), []);
});

test('the next run removes what a killed one has left', () => {
  const script = `import { layNetwork } from ${JSON.stringify(new URL('./namespaces.js', import.meta.url).href)};
    layNetwork(['x']).spawn('x', ['sleep', '600'], { detached: true, stdio: 'ignore' });
    console.log(process.pid);
    process.kill(process.pid, 'SIGKILL');`;
  const killed = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  assert.equal(killed.signal, 'SIGKILL', killed.stderr);
  const pid = Number(killed.stdout);
  const ofKilled = () => readdirSync('/run/netns').filter((name) => name.startsWith(`cpenet-${pid}-`));
  assert.equal(ofKilled().length, 2);
  execFileSync(process.execPath, [
    ...['--input-type=module', '-e'],
    `import { layNetwork } from ${JSON.stringify(new URL('./namespaces.js', import.meta.url).href)};
     await layNetwork([]).end();`,
  ]);
  assert.deepEqual(ofKilled(), []);
});
