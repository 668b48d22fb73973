#!/usr/bin/env bash
# Builds the smallest container image that LXD and Incus run: one static busybox and a shell script as init.
# Same input, same bytes: owner, order and times in the archive are fixed.
#
#   lxd-image.sh BUSYBOX WORKDIR OUTPUT.tar.gz
set -euo pipefail

busybox=$1
work=$2
output=$3

rm -rf "$work"
mkdir -p "$work/templates"
root=$work/rootfs
for folder in bin sbin dev proc sys etc root tmp var run usr/bin usr/sbin mnt; do
  mkdir -p "$root/$folder"
done

install -m 755 "$busybox" "$root/bin/busybox"
while read -r applet; do
  [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
done < <("$busybox" --list)

echo 'root:x:0:0:root:/root:/bin/sh' > "$root/etc/passwd"
echo 'root:x:0:' > "$root/etc/group"
echo 'tiny' > "$root/etc/hostname"

# busybox's own init takes seconds to notice the SIGPWR with which a container is stopped; this one leaves at once.
# The config key user.load is a number of megabytes that the container fills at each start, so that it weighs something.
cat > "$root/sbin/init" <<'INIT'
#!/bin/sh
trap 'exit 0' PWR TERM INT USR1 USR2
hostname -F /etc/hostname
ip link set lo up
megabytes=$(cat /etc/load)
if [ "${megabytes:-0}" -gt 0 ]; then
  mount -t tmpfs tmpfs /tmp && dd if=/dev/zero of=/tmp/load bs=1M count="$megabytes" 2> /dev/null
fi
while :; do
  sleep 3600 &
  wait $!
done
INIT
chmod 755 "$root/sbin/init"

cat > "$work/metadata.yaml" <<'META'
architecture: x86_64
creation_date: 1700000000
properties:
  description: One static busybox
  os: busybox
templates:
  /etc/hostname:
    when: [create, copy, rename]
    template: hostname.tpl
  /etc/load:
    when: [start]
    template: load.tpl
META
echo '{{ config_get("user.load", "0") }}' > "$work/templates/load.tpl"
echo '{{ container.name }}' > "$work/templates/hostname.tpl"

find "$work" -type d -exec chmod 755 {} +
tar --numeric-owner --owner=0 --group=0 --sort=name --mtime=@1700000000 \
  -C "$work" -cf - metadata.yaml templates rootfs | gzip -n -1 > "$output"
