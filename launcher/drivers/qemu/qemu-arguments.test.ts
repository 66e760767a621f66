import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type QemuCommand, qemuArguments } from './qemu-arguments.js';

const command: QemuCommand = {
  binary: 'qemu-system-x86_64',
  machine: { accelerator: 'tcg', cpus: 2, memoryMiB: 512, root: 'nvme', disks: [] },
  instance: 'shop.db.local.1-1',
  uuid: '00000000-0000-8000-8000-000000000000',
  boot: { kernel: '/images/a/kernel', initrd: undefined, kernelArguments: ['rw', 'quiet'] },
  network: { kind: 'later' },
  credentials: [],
};

/** The values of an option. */
function valuesOf(option: string, changes: Partial<QemuCommand> = {}): string[] {
  const args = qemuArguments({ ...command, ...changes });
  return args.flatMap((arg, at) => (args[at - 1] === option ? [arg] : []));
}

test('a machine is what it was asked to be', () => {
  assert.deepEqual(valuesOf('-smp'), ['2']);
  assert.deepEqual(valuesOf('-m'), ['512M']);
  assert.deepEqual(valuesOf('-accel'), ['tcg,thread=multi']);
  assert.deepEqual(valuesOf('-accel', { machine: { ...command.machine, accelerator: 'kvm' } }), ['kvm']);
  assert.deepEqual(valuesOf('-name'), ['guest=shop.db.local.1-1']);
  assert.deepEqual(valuesOf('-append'), ['root=/dev/nvme0n1 console=ttyS0 rw quiet']);
  assert.deepEqual(valuesOf('-initrd'), []);
  assert.deepEqual(valuesOf('-initrd', { boot: { ...command.boot, initrd: '/images/a/initrd' } }), [
    '/images/a/initrd',
  ]);
});

test('every disk is a file of the guest, and extra ones bear their names', () => {
  const disks = [
    { name: 'data', sizeMiB: 1 },
    { name: 'log', sizeMiB: 1 },
  ];
  const devices = { machine: { ...command.machine, disks } };
  assert.deepEqual(
    valuesOf('-blockdev', devices).map((value) => /file\.filename=([^,]+)/.exec(value)?.[1]),
    ['root.qcow2', 'disk-0.qcow2', 'disk-1.qcow2'],
  );
  assert.deepEqual(
    valuesOf('-device', devices).filter((value) => value.includes('serial=')),
    [
      'nvme,id=root-disk,serial=root,drive=root',
      'virtio-blk-pci,id=virtio-disk-0,drive=disk-0,serial=data',
      'virtio-blk-pci,id=virtio-disk-1,drive=disk-1,serial=log',
    ],
  );
});

test('a guest is connected in one way', () => {
  const mac = '52:54:00:00:00:01';
  const tap = { network: { kind: 'tap', tap: 'cpet1', mac } } as const;
  assert.deepEqual(valuesOf('-netdev', tap), ['tap,id=net,ifname=cpet1,script=no,downscript=no']);
  const user = { network: { kind: 'user', network: '10.1.2.0/24', host: '10.1.2.2', mac } } as const;
  assert.deepEqual(valuesOf('-netdev', user), ['user,id=net,net=10.1.2.0/24,host=10.1.2.2']);
  assert.deepEqual(valuesOf('-netdev'), []);
  assert.ok(valuesOf('-device').includes('pcie-root-port,id=net-port,chassis=1,slot=1'));
});

test('a machine to be restored waits, and has a root disk that can be', () => {
  assert.deepEqual(valuesOf('-incoming'), []);
  assert.deepEqual(valuesOf('-incoming', { isRestored: true }), ['fd:0']);
  const virtio = { machine: { ...command.machine, root: 'virtio' } } as const;
  assert.match(valuesOf('-append', virtio).join(), /^root=\/dev\/vda /);
  assert.ok(valuesOf('-device', virtio).includes('virtio-blk-pci,id=root-disk,serial=root,drive=root'));
});

test('what it is given is named, never said', () => {
  assert.deepEqual(valuesOf('-fw_cfg', { credentials: ['cpe.identity', 'cpe.creds'] }), [
    'name=opt/io.systemd.credentials/cpe.identity,file=cpe.identity',
    'name=opt/io.systemd.credentials/cpe.creds,file=cpe.creds',
  ]);
});
