#!/bin/sh
# Builds the shim over libpci with valgrind-libpci.c, runs it under valgrind, and fails on a leak or
# an invalid access. Only what libpci itself loses when it gives up is not counted.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
shim=$here/../../../Sources/CLibPCI
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# function_in TREE ADDRESS: a virtio function as sysfs shows it.
function_in() {
  folder=$work/$1/devices/$2
  mkdir -p "$folder"
  echo 0x1af4 >"$folder/vendor"
  echo 0x1041 >"$folder/device"
  echo 0x020000 >"$folder/class"
  echo 0x01 >"$folder/revision"
  echo 0x1af4 >"$folder/subsystem_vendor"
  echo 0x0040 >"$folder/subsystem_device"
  echo 0x4000000000 0x400007ffff 0x140204 >"$folder/resource"
  head -c 4096 /dev/zero >"$folder/config"
}

function_in good 0000:00:04.0
function_in good 0000:00:05.0
function_in vanishing 0000:00:04.0
for part in vendor resource config; do
  function_in "no-$part" 0000:00:04.0
  rm "$work/no-$part/devices/0000:00:04.0/$part"
done
for tree in bad-vendor bad-resource long-vendor; do function_in "$tree" 0000:00:04.0; done
rm "$work/bad-vendor/devices/0000:00:04.0/vendor"
mkdir "$work/bad-vendor/devices/0000:00:04.0/vendor"
echo nonsense >"$work/bad-resource/devices/0000:00:04.0/resource"
head -c 5000 /dev/zero | tr '\0' ' ' >"$work/long-vendor/devices/0000:00:04.0/vendor"
mkdir -p "$work/bad-name/devices/virtio0" "$work/bad-domain/devices/ffffffff:00:04.0" "$work/proc"
echo nonsense >"$work/proc/devices"

# dump LINES: a dump of one function with these lines of bytes.
dump() { printf '00:04.0 Ethernet controller\n%b\n' "$1"; }
dump '00: f4 1a 41 10' >"$work/good.txt"
dump '00: f4 1a 41 xx' >"$work/malformed.txt"
dump "00: $(head -c 300 /dev/zero | tr '\0' ' ')" >"$work/long-line.txt"
dump '1000: f4 1a 41 10' >"$work/large.txt"

# Allocations below libpci are its own; ours never have it in their stack.
cat >"$work/libpci.supp" <<SUPPRESSION
{
  lost-by-libpci
  Memcheck:Leak
  ...
  obj:*/libpci.so*
  ...
}
SUPPRESSION

compile() { "${CC:-cc}" -std=c11 -D_GNU_SOURCE -DLIBPCI -g -O1 -Wall -Wextra -Werror "$@"; }
compile -fPIC -shared "$here/old-libpci.c" -o "$work/old-libpci.so"
compile -I"$shim/include" "$shim/clibpci.c" "$here/valgrind-libpci.c" -ldl -Wl,--wrap=calloc \
  -o "$work/test"
check() {
  valgrind --quiet --error-exitcode=9 --leak-check=full --show-leak-kinds=all \
    --errors-for-leak-kinds=all --keep-debuginfo=yes "$@"
}
check "$work/test" orderly "$work"
check --suppressions="$work/libpci.supp" "$work/test" fatal "$work"
