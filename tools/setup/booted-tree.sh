#!/bin/sh
# booted-tree.sh [DIR]: a Debian 12 root directory that systemd-nspawn can boot, with systemd, D-Bus, the OCF resource
# agents and the software that they manage. Prints its path; everything else goes to standard error.
#
# DIR (.build/booted-tree) keeps one tree for each recipe, named by its digest: what is there is taken, what is not is
# built beside and renamed, and what an older recipe made is removed. Nobody may write into a tree: boot it with
# `--volatile=overlay`. Packages come from the sources of this machine. Needs root and mmdebstrap.
set -eu
cd "$(dirname "$0")/../.."
cache=${1:-.build/booted-tree}

fail() {
  echo "booted-tree: $*" >&2
  exit 1
}

# systemd systemd-sysv dbus       what is booted
# iproute2 procps util-linux mount kmod passwd e2fsprogs   what the agents' scripts and the tests call
# libstdc++6 ca-certificates      all that Node needs beyond the base system; its program is mounted
# resource-agents pacemaker-resource-agents           ocf:heartbeat and ocf:pacemaker
# redis-server nginx-light apache2 mariadb-server     software with resource agents, units and init scripts
# curl augeas-tools nats-server   monitors of web servers, augtool, a bus inside
packages='systemd,systemd-sysv,dbus,iproute2,procps,util-linux,mount,kmod,passwd,e2fsprogs,libstdc++6,ca-certificates'
packages="$packages,resource-agents,pacemaker-resource-agents,redis-server,nginx-light,apache2,mariadb-server"
packages="$packages,curl,augeas-tools,nats-server"
# The machine shares the network of the one that boots it: nothing may listen, or work, that no test has started.
disabled='redis-server nginx apache2 apache-htcacheclean mariadb nats-server logd e2scrub_reap e2scrub_all.timer
  dpkg-db-backup.timer fstrim.timer systemd-pstore'

digest=$(sha256sum tools/setup/booted-tree.sh | cut -c1-16)
tree=$cache/$digest/tree
if [ -e "$tree" ]; then
  realpath "$tree"
  exit
fi

[ "$(id -u)" = 0 ] || fail 'only root can build a Debian tree: run the tests as root'
command -v mmdebstrap >/dev/null || fail 'mmdebstrap is missing: run "tools/setup/setup.sh tests", or apt-get install mmdebstrap'
mkdir -p "$cache"
# Of several that need the tree at once, one builds it.
exec 9>"$cache/lock"
flock 9
if [ -e "$tree" ]; then
  realpath "$tree"
  exit
fi

sources=''
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
  if [ -e "$file" ] && grep -q '^[^#]*bookworm' "$file"; then sources="$sources $file"; fi
done
echo "booted-tree: building a Debian 12 tree with systemd and the tests' software (about 600 MB, a minute or two) ..." >&2
new=$cache/new
log=$cache/build.log
options=$cache/apt.conf
# Proxies and the like of this machine's apt; its packages are not recommended ones, nor is documentation wanted.
apt-config dump | grep -E '^Acquire::(https?|Check)' >"$options" || true
echo 'APT::Install-Recommends "false";' >>"$options"
rm -rf --one-file-system "$new"
started=$(date +%s)
# Word splitting of $sources is meant; without any, mmdebstrap takes Debian's own mirror.
if ! mmdebstrap --mode=root --variant=essential --format=directory --include="$packages" \
  --aptopt="$options" --dpkgopt=force-unsafe-io \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  bookworm "$new" $sources </dev/null >"$log" 2>&1; then
  tail -n 25 "$log" >&2
  rm -rf --one-file-system "$new"
  fail "mmdebstrap could not build the tree; can this machine reach its package sources?${sources:+ ($sources )}"
fi
for unit in $disabled; do
  systemctl --quiet --root="$new" disable "$unit" >>"$log" 2>&1 || true
done
# With an id this is no first boot, which would enable every service again.
echo 'c0de5eed0000400080000000b007ed12' >"$new/etc/machine-id"
# Its name is that with which it is booted.
rm -f "$new/etc/hostname"
printf '127.0.0.1 localhost\n::1 localhost\n' >"$new/etc/hosts"
mkdir -p "$new/opt/cpe"
touch "$new/usr/bin/node"

rm -rf --one-file-system "$cache"/????????????????
mkdir -p "$cache/$digest"
mv "$new" "$tree"
echo "booted-tree: built in $(($(date +%s) - started)) s" >&2
realpath "$tree"
