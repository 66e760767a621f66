import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseModules, indexModules } from './kernel-modules.js';

const index = indexModules(
  `kernel/drivers/virtio/virtio.ko: kernel/drivers/virtio/virtio_ring.ko
kernel/drivers/virtio/virtio_ring.ko:
kernel/drivers/net/virtio_net.ko.xz: kernel/net/net_failover.ko kernel/net/failover.ko kernel/drivers/virtio/virtio.ko kernel/drivers/virtio/virtio_ring.ko
kernel/net/failover.ko:
kernel/net/net_failover.ko: kernel/net/failover.ko
kernel/fs/nls/nls_iso8859-1.ko:
`,
  'kernel/fs/ext4/ext4.ko\nkernel/drivers/nvme/host/nvme-core.ko\n',
);

const choose = (required: readonly string[], optional: readonly string[] = []) =>
  chooseModules(index, { required, optional });

test('a module comes after all that it needs', () => {
  assert.deepEqual(choose(['virtio_net']), {
    kind: 'modules',
    paths: [
      'kernel/drivers/virtio/virtio_ring.ko',
      'kernel/drivers/virtio/virtio.ko',
      'kernel/net/failover.ko',
      'kernel/net/net_failover.ko',
      'kernel/drivers/net/virtio_net.ko.xz',
    ],
  });
});

test('- and _ are the same in names, and each module comes once', () => {
  assert.deepEqual(choose(['nls_iso8859_1', 'nls-iso8859-1', 'failover'], ['failover']), {
    kind: 'modules',
    paths: ['kernel/net/failover.ko', 'kernel/fs/nls/nls_iso8859-1.ko'],
  });
});

test('what is part of the kernel need not be a module', () => {
  assert.deepEqual(choose(['ext4', 'nvme_core']), { kind: 'modules', paths: [] });
});

test('an optional module may be missing, a required one is named with what was meant', () => {
  assert.deepEqual(choose([], ['xfs']), { kind: 'modules', paths: [] });
  assert.deepEqual(choose(['virtio_met']), {
    kind: 'unknown',
    problem: 'the kernel has no module virtio_met, did you mean virtio_net?',
  });
});
