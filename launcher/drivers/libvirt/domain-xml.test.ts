import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTag } from './domain-tag.js';
import { type DomainPlan, domainXml } from './domain-xml.js';
import { findElement, findElements, readXml } from './xml-text.js';

const plan: DomainPlan = {
  name: 'cpe-shop.db.one.1-1',
  uuid: '7d7c4f5e-0000-8000-8000-000000000001',
  tag: { home: '0123456789abcdef', launcherHost: 'one', instance: 'shop.db.one.1-1' },
  type: 'qemu',
  cpus: 2,
  memoryMiB: 512,
  boot: { kernel: '/images/debian-12/kernel', initrd: undefined, kernelArguments: ['rw', 'quiet'] },
  root: { file: '/guests/1/root.qcow2', base: '/images/debian-12/disk.qcow2' },
  disks: [{ name: 'data', file: '/guests/1/disk-0.qcow2' }],
  interfaces: [{ kind: 'bridge', bridge: 'cpe0', mac: '52:54:00:00:00:01' }],
  consoleLog: '/guests/1/console.log',
  firmwareFiles: new Map([['opt/io.systemd.credentials/cpe.identity', '/guests/1/cpe.identity']]),
  guestUser: { uid: 64055, gid: 64055 },
};

const expected = `<domain type="qemu" xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">
  <name>cpe-shop.db.one.1-1</name>
  <uuid>7d7c4f5e-0000-8000-8000-000000000001</uuid>
  <metadata>
    <cpe:instance xmlns:cpe="https://pacemaker-cloud.org/xmlns/libvirt/1" home="0123456789abcdef" host="one" id="shop.db.one.1-1"/>
  </metadata>
  <memory unit="MiB">512</memory>
  <vcpu>2</vcpu>
  <sysinfo type="fwcfg">
    <entry name="opt/io.systemd.credentials/cpe.identity" file="/guests/1/cpe.identity"/>
  </sysinfo>
  <os>
    <type arch="x86_64" machine="q35">hvm</type>
    <kernel>/images/debian-12/kernel</kernel>
    <cmdline>root=/dev/nvme0n1 console=ttyS0 rw quiet</cmdline>
  </os>
  <features>
    <acpi/>
    <apic/>
  </features>
  <cpu mode="maximum"/>
  <clock offset="utc">
    <timer name="rtc" tickpolicy="catchup"/>
  </clock>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <disk type="file" device="disk">
      <driver name="qemu" type="qcow2" cache="unsafe" discard="unmap"/>
      <source file="/guests/1/root.qcow2"/>
      <backingStore type="file">
        <format type="qcow2"/>
        <source file="/images/debian-12/disk.qcow2"/>
        <backingStore/>
      </backingStore>
      <target dev="vda" bus="virtio"/>
      <serial>root</serial>
      <alias name="ua-cpe-root"/>
    </disk>
    <disk type="file" device="disk">
      <driver name="qemu" type="qcow2" cache="unsafe" discard="unmap"/>
      <source file="/guests/1/disk-0.qcow2"/>
      <target dev="vdb" bus="virtio"/>
      <serial>data</serial>
    </disk>
    <controller type="usb" model="none"/>
    <interface type="bridge">
      <source bridge="cpe0"/>
      <mac address="52:54:00:00:00:01"/>
      <model type="virtio"/>
      <rom enabled="no"/>
    </interface>
    <serial type="file">
      <source path="/guests/1/console.log" append="on"/>
    </serial>
    <rng model="virtio">
      <backend model="random">/dev/urandom</backend>
    </rng>
    <panic model="isa"/>
    <memballoon model="none"/>
  </devices>
  <seclabel type="static" model="dac" relabel="no">
    <label>+64055:+64055</label>
  </seclabel>
  <qemu:override>
    <qemu:device alias="ua-cpe-root">
      <qemu:frontend>
        <qemu:property name="driver" type="string" value="nvme"/>
      </qemu:frontend>
    </qemu:device>
  </qemu:override>
</domain>
`;

test('a domain is described as libvirt takes it', () => {
  assert.equal(domainXml(plan), expected);
});

test('whatever is in a name or a path stays what it is', () => {
  const nasty = `/a & b/<c>/"d"/'e'/ä`;
  const root = readXml(domainXml({ ...plan, root: { file: nasty, base: nasty }, consoleLog: nasty }));
  const disk = findElement(root, 'devices', 'disk');
  assert.equal(findElement(disk, 'source')?.attributes.file, nasty);
  assert.equal(findElement(disk, 'backingStore', 'source')?.attributes.file, nasty);
  assert.equal(findElement(root, 'devices', 'serial', 'source')?.attributes.path, nasty);
  assert.throws(() => domainXml({ ...plan, consoleLog: '/a\u0001b' }), /cannot be written as XML/);
});

test('a tag is found again in what libvirt says, and nowhere else', () => {
  assert.deepEqual(readTag(domainXml(plan)), plan.tag);
  assert.equal(readTag(domainXml(plan).replace('pacemaker-cloud.org', 'example.org')), undefined);
  assert.equal(readTag('<domain><name>cpe-shop.db.one.1-1</name></domain>'), undefined);
  assert.equal(readTag('<domain><metadata>'), undefined);
});

test('what differs with privileges, KVM, an initrd and networks', () => {
  const root = readXml(
    domainXml({
      ...plan,
      type: 'kvm',
      boot: { ...plan.boot, initrd: '/images/initrd' },
      interfaces: [
        { kind: 'user', network: '10.130.7.0/24', mac: '52:54:00:00:00:01' },
        { kind: 'network', network: 'storage', mac: '52:54:00:00:00:02' },
      ],
      firmwareFiles: new Map(),
      guestUser: undefined,
    }),
  );
  assert.equal(root?.attributes.type, 'kvm');
  assert.equal(findElement(root, 'cpu')?.attributes.mode, 'host-passthrough');
  assert.equal(findElement(root, 'os', 'initrd')?.text, '/images/initrd');
  assert.equal(findElement(root, 'sysinfo'), undefined);
  assert.equal(findElement(root, 'seclabel'), undefined);
  const [user, network] = findElements(findElement(root, 'devices'), 'interface');
  assert.deepEqual({ ...findElement(user, 'ip')?.attributes }, { family: 'ipv4', address: '10.130.7.0', prefix: '24' });
  assert.equal(findElement(network, 'source')?.attributes.network, 'storage');
});
