import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCapabilities } from './capabilities.js';
import { parseLibvirtUri } from './libvirt-uri.js';

test('the URIs of this machine have sockets', () => {
  const environment = { XDG_RUNTIME_DIR: '/run/user/7', HOME: '/home/a' };
  const socketsOf = (uri: string, given = environment as Record<string, string>) => {
    const parsed = parseLibvirtUri(uri, given);
    return parsed.kind === 'address' ? [parsed.address.uri, ...parsed.address.sockets] : parsed.problem;
  };
  assert.deepEqual(socketsOf('qemu:///system'), [
    'qemu:///system',
    '/run/libvirt/libvirt-sock',
    '/run/libvirt/virtqemud-sock',
  ]);
  assert.equal(socketsOf('qemu:///session')[1], '/run/user/7/libvirt/libvirt-sock');
  assert.equal(socketsOf('qemu:///session', { HOME: '/home/a' })[1], '/home/a/.cache/libvirt/libvirt-sock');
  assert.deepEqual(socketsOf('qemu+unix:///system?socket=/a/b'), ['qemu:///system', '/a/b']);
  assert.deepEqual(socketsOf('qemu+unix:///session?socket=/a/b', {}), ['qemu:///session', '/a/b']);
});

test('what is not a libvirtd of this machine is refused with a reason', () => {
  const refused: readonly [string, RegExp][] = [
    ['qemu+ssh://host/system', /none of/],
    ['qemu://host/system', /on another machine/],
    ['xen:///system', /none of/],
    ['qemu:///', /none of/],
    ['', /none of/],
    ['qemu:///system?socket=relative', /no absolute path/],
    ['qemu:///session', /XDG_RUNTIME_DIR/],
  ];
  for (const [uri, expected] of refused) {
    const parsed = parseLibvirtUri(uri, {});
    assert.match(parsed.kind === 'problem' ? parsed.problem : 'taken', expected, uri);
  }
});

const capabilities = (domains: string, secmodels = '') => `<capabilities>
  <host><cpu><arch>x86_64</arch></cpu>${secmodels}</host>
  <guest><os_type>hvm</os_type><arch name='i686'><emulator>/usr/bin/qemu-system-i386</emulator><domain type='kvm'/></arch></guest>
  <guest><os_type>hvm</os_type><arch name='x86_64'><emulator>/usr/bin/qemu-system-x86_64</emulator>${domains}</arch></guest>
</capabilities>`;

test('capabilities tell what guests run on, and as whom', () => {
  const apparmor = '<secmodel><model>apparmor</model><doi>0</doi></secmodel>';
  const dac =
    "<secmodel><model>dac</model><baselabel type='kvm'>+64055:+107</baselabel><baselabel type='qemu'>+64055:+107</baselabel></secmodel>";
  assert.deepEqual(
    parseCapabilities(capabilities("<domain type='qemu'/><domain type='kvm'/>", apparmor + dac), 'x86_64'),
    {
      hasKvm: true,
      hasQemu: true,
      emulator: '/usr/bin/qemu-system-x86_64',
      guestUser: { uid: 64055, gid: 107 },
    },
  );
  const bare = parseCapabilities(capabilities("<domain type='qemu'/>"), 'x86_64');
  assert.deepEqual([bare?.hasKvm, bare?.guestUser], [false, undefined]);
  assert.equal(parseCapabilities(capabilities(''), 'aarch64')?.hasQemu, false);
  assert.equal(parseCapabilities('<nothing/>', 'x86_64'), undefined);
  assert.equal(parseCapabilities('<capabilities>', 'x86_64'), undefined);
});
