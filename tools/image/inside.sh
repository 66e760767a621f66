#!/bin/sh
# inside.sh TREE PROGRAM [ARGUMENT...]: runs a program with TREE as its root directory, in a mount and PID namespace of its
# own: nothing that it mounts or leaves running outlives it.
set -eu
tree=$1
shift
mount -t tmpfs -o mode=755 dev "$tree/dev"
# device NAME MAJOR MINOR: one of its own, since those of the machine could be changed from inside. Where no device can be made,
# in a user namespace, they cannot be changed either.
device() {
  if said=$(mknod -m 666 "$tree/dev/$1" c "$2" "$3" 2>&1); then return; fi
  : >"$tree/dev/$1" || { echo "$said" >&2; exit 1; }
  mount --bind "/dev/$1" "$tree/dev/$1"
}
device null 1 3
device zero 1 5
device full 1 7
device random 1 8
device urandom 1 9
device tty 5 0
ln -s /proc/self/fd "$tree/dev/fd"
mount -t proc proc "$tree/proc"
exec chroot "$tree" "$@"
