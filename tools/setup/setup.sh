#!/bin/sh
# setup.sh [tests|image]: installs what this checkout needs and a Debian 12 machine with Node 20 may lack: Debian
# packages, without starting any service of theirs, and the npm packages of package-lock.json; with `tests` also what
# only the tests need, with `image` what baking images needs. Says what it does; does nothing when all is there.
set -eu
cd "$(dirname "$0")/../.."

# nats-server         the bus
# pacemaker-dev       headers of the scheduler library, to build the scheduler child (pulls in the library itself)
# pacemaker-cli-utils crm_simulate, crm_verify and crm_mon: oracles of the tests
# resource-agents     the OCF resource agents
# redis-server nginx-light curl   real software for the demo and the tests
# gcc libc6-dev pkg-config        compile the native programs
# util-linux procps iproute2      setpriv, ps, ip
packages='nats-server pacemaker-dev pacemaker-cli-utils resource-agents redis-server nginx-light curl
  gcc libc6-dev pkg-config util-linux procps iproute2'

# mmdebstrap debian-archive-keyring   Debian's part of an image, and whose signatures count
# e2fsprogs qemu-utils xz-utils       its disk, raw and qcow2; modules of newer kernels
images='mmdebstrap debian-archive-keyring e2fsprogs qemu-utils xz-utils'
[ "${1:-}" != image ] || packages="$packages $images"

# systemd-container               a booted Debian to test in (test/booted), and the driver nspawn
# dbus genisoimage                a private message bus to test on, and seed disks
# qemu-system-x86                 the driver qemu
# libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients   a private libvirtd for the driver libvirt, and virsh
# iptables                        losses between machines (test/network)
# strace                          what the store has written and synced (test/contract/store-power-cut.test.ts)
[ "${1:-}" != tests ] || packages="$packages $images systemd-container dbus genisoimage qemu-system-x86
  libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients iptables strace"

# The store checks its entries with zlib.crc32, which came with 20.15.
if ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 15) ? 0 : 1)' 2>/dev/null; then
  echo "setup: Node.js 20.15 or newer is needed, found $(node --version 2>/dev/null || echo none)" >&2
  exit 1
fi

missing=''
for package in $packages; do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done

if [ -n "$missing" ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "setup: these Debian packages are missing and only root can install them. Run as root:" >&2
    echo "  apt-get install --no-install-recommends$missing" >&2
    exit 1
  fi
  echo "setup: installing Debian packages:$missing (their services are not started)"
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT INT TERM
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  log=$(mktemp)
  if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    echo "setup: apt-get could not install:$missing" >&2
    exit 1
  fi
  rm -f "$log"
fi

if ! cmp -s package-lock.json node_modules/.package-lock.stamp; then
  echo "setup: installing the npm packages of package-lock.json"
  # Not `npm ci`: it refuses a lock file that leaves out the binaries of other platforms.
  npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.package-lock.stamp
fi
