#!/bin/sh
# Builds the tiny guest: build.sh FILE writes a kernel for QEMU's -kernel. Needs gcc on x86-64, and nothing of 32 bits.
set -eu
[ $# -eq 1 ] || { echo "usage: $0 FILE" >&2; exit 2; }
cd "$(dirname "$0")"
"${CC:-gcc}" -m32 -std=gnu11 -O1 -Wall -Wextra -Werror -ffreestanding -fno-pic -fno-pie -fno-stack-protector \
  -fcf-protection=none -mgeneral-regs-only -nostdlib -static \
  -Wl,--build-id=none -Wl,--no-warn-rwx-segments -Wl,-T,tiny-guest.lds -o "$1" tiny-guest.c
