import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { findBarrier } from '../../launcher/drivers/qemu/guest-user.js';
import { packageRoot } from '../../launcher/package-root.js';
import {
  type PrivateLibvirtd,
  startPrivateLibvirtd,
  withoutLibvirtd,
  withoutRoot,
} from '../contract/private-libvirtd.js';
import { told } from './scenarios.js';
import { assertRecovered, deployable, startVmSite, type VmSite } from './vm-site.js';

const foreign = `<domain type='qemu'><name>somebody-elses</name><memory unit='MiB'>32</memory>
  <os><type arch='x86_64'>hvm</type></os></domain>`;

describe('three virtual machines of libvirt', { skip: withoutLibvirtd() || withoutRoot() }, () => {
  let directory: string;
  let libvirtd: PrivateLibvirtd;
  let site: VmSite;
  before(
    async () => {
      directory = mkdtempSync(join(tmpdir(), 'cpe-vm-libvirt-'));
      await keepImagesReadable(directory);
      libvirtd = await startPrivateLibvirtd(directory);
      site = await startVmSite(`libvirt:${libvirtd.uri}`, '--agent-lost-ms', '45000');
    },
    { timeout: 1_200_000 },
  );
  after(async () => {
    await site?.end();
    await libvirtd?.dispose();
    rmSync(directory, { recursive: true, force: true });
  });

  const domainOf = (assembly: string) => `cpe-${site.instance(assembly).instance}`;

  test('virsh lists the domains, and every service answers', async () => {
    const domains = (await libvirtd.virsh('list', '--name')).split('\n');
    for (const assembly of ['db', 'web', 'worker']) assert.ok(domains.includes(domainOf(assembly)), assembly);
    await site.serving();
  });

  test('a domain that is destroyed behind our back is recovered, and a foreign one left alone', async () => {
    const file = site.document('foreign.xml', foreign);
    await libvirtd.virsh('create', file);
    const since = await site.lastSeq();
    await libvirtd.virsh('destroy', domainOf('db'));
    await told(site, since, /^db\. assembly-failed: .*destroyed/);
    await assertRecovered(site, since);
    assert.match(await libvirtd.virsh('list', '--name'), /^somebody-elses$/m);
    await libvirtd.virsh('destroy', 'somebody-elses');
  });

  test('a libvirtd that is killed is the death of nobody; it comes back and everything goes on', async () => {
    const [since, before] = [await site.lastSeq(), await site.databaseRun()];
    await libvirtd.kill();
    await site.inside('db', 'pkill -KILL redis-server');
    await told(site, since, /^db\.redis resource-failed/);
    await libvirtd.start();
    const events = await assertRecovered(site, since);
    assert.notEqual(await site.databaseRun(), before);
    assert.deepEqual(
      events.filter(({ kind }) => kind === 'assembly-failed'),
      [],
    );
  });

  test('in all of this no assembly ever had two instances, and with the deployable go the domains', async () => {
    assert.deepEqual(site.census.violations(), []);
    await site.must('--timeout', '5m', 'deployable', 'stop', deployable);
    assert.equal(await libvirtd.virsh('list', '--all', '--name'), '');
  });
});

/** libvirt runs guests as another user, who may have no way into this checkout: then its image is baked outside of it. */
async function keepImagesReadable(directory: string): Promise<void> {
  if (process.env.CPE_IMAGES !== undefined || (await findBarrier(join(packageRoot(), 'package.json'))) === undefined)
    return;
  chmodSync(directory, 0o711);
  process.env.CPE_IMAGES = join(directory, 'images');
}
