#!/bin/sh
# A hook of mmdebstrap (run outside, before its lists of packages go): puts the package that holds the kernel of
# $CPE_KERNEL, and the one with the shell of the initrd, into $CPE_DOWNLOADS. Not installed, because a guest that is
# booted directly needs neither a boot loader nor a program that makes initrds.
set -eu
export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
cd "$CPE_DOWNLOADS"
package=$CPE_KERNEL
case $package in
  linux-image-[0-9]*) ;;
  *)
    # A package that follows the newest kernel depends on that.
    package=$(apt-cache show --no-all-versions "$package" | sed -n 's/^Depends: .*\(linux-image-[0-9][^ ,(]*\).*/\1/p')
    [ -n "$package" ] || { echo "$CPE_KERNEL neither holds a kernel nor depends on one" >&2; exit 1; }
    ;;
esac
apt-get download --quiet "$package" busybox-static
