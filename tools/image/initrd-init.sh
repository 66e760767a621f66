#!/bin/busybox sh
# The first program of a guest that is booted with an initrd: loads what the root disk needs, waits for it, hands over.
bb=/bin/busybox
$bb mount -t devtmpfs dev /dev
$bb mount -t proc proc /proc
$bb mount -t sysfs sys /sys

load() { for module in /modules/$1/*; do $bb insmod "$module" 2>/dev/null; done; }
has() { $bb cat /sys/bus/pci/devices/*/"$1" 2>/dev/null | $bb grep -qiE "$2"; }
load always
has device '^0x(1004|1048)' && load scsi
has class '^0x0101' && load ide

root='' init=/sbin/init
for word in $($bb cat /proc/cmdline); do
  case $word in root=*) root=${word#root=} ;; init=*) init=${word#init=} ;; esac
done
waited=0
while :; do
  case $root in
    LABEL=* | UUID=*) device=$($bb findfs "$root" 2>/dev/null) ;;
    *) device=$root ;;
  esac
  [ -b "$device" ] && break
  waited=$((waited + 1))
  # Where nothing is going to appear, a panic is what whoever watches understands.
  [ "$waited" -lt 600 ] || { echo "initrd: there is no root disk ${root:-(root= is missing)}"; exit 1; }
  $bb usleep 50000
done
$bb mount -t ext4 -o rw "$device" /newroot || { echo "initrd: $device cannot be mounted"; exit 1; }
for directory in dev proc sys; do $bb mount --move /$directory /newroot/$directory; done
exec $bb switch_root /newroot "$init" "$@"
