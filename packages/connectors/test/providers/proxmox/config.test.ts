import { describe, expect, it } from "vitest";
import { bridgesOf, localDevicesOf, volumesOf } from "../../../src/providers/proxmox/config.ts";
import { parseProperties, parseSize, splitList } from "../../../src/providers/proxmox/fields.ts";

const GIB = 2 ** 30;

describe("a VM's configuration", () => {
  const config = {
    memory: "2048",
    cores: 2,
    scsihw: "virtio-scsi-single",
    boot: "order=scsi0;ide2;net0",
    scsi0: "local-lvm:vm-100-disk-0,iothread=1,size=32G",
    virtio1: "file=ceph:vm-100-disk-1,size=528K",
    efidisk0: "ceph:vm-100-disk-2,efitype=4m,size=4M",
    unused0: "ceph:vm-100-disk-9",
    ide2: "nfs:iso/debian.iso,media=cdrom,size=600M",
    ide3: "none,media=cdrom",
    net0: "virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1",
    net1: "virtio=BC:24:11:00:00:02,bridge=vmbr1",
    net2: "virtio=BC:24:11:00:00:03,bridge=vmbr0",
    serial0: "socket",
    usb0: "host=1234:5678",
    usb1: "spice",
    hostpci0: "mapping=gpu,pcie=1",
    ivshmem: "size=32",
  };

  it("tells which volumes must be reachable", () => {
    const sizes = new Map([["ceph:vm-100-disk-9", 7]]);
    expect(volumesOf("qemu", config, sizes)).toEqual([
      { storage: "local-lvm", bytes: 32 * GIB },
      { storage: "ceph", bytes: 528 * 1024 },
      { storage: "ceph", bytes: 4 * 2 ** 20 },
      { storage: "ceph", bytes: 7 },
    ]);
  });

  it("tells its networks, each once", () => {
    expect(bridgesOf(config)).toEqual(["vmbr0", "vmbr1"]);
  });

  it("tells what binds it to its node", () => {
    expect(localDevicesOf("qemu", config)).toEqual(["hostpci0", "ivshmem", "usb0"]);
  });
});

describe("a container's configuration", () => {
  const config = {
    rootfs: "local-lvm:vm-200-disk-0,size=8G",
    mp0: "volume=ceph:vm-200-disk-1,mp=/data,size=1T",
    mp1: "/srv/folder,mp=/srv",
    mp2: "/mnt/nfs,mp=/nfs,shared=1",
    dev0: "/dev/ttyUSB0",
    net0: "name=eth0,bridge=vmbr0,ip=dhcp,type=veth",
    lxc: [["lxc.cgroup2.devices.allow", "c 10:200 rwm"]],
  };

  it("tells its volumes, networks and bonds", () => {
    expect(volumesOf("lxc", config)).toEqual([
      { storage: "local-lvm", bytes: 8 * GIB },
      { storage: "ceph", bytes: 1024 * GIB },
    ]);
    expect(bridgesOf(config)).toEqual(["vmbr0"]);
    expect(localDevicesOf("lxc", config)).toEqual(["dev0", "mp1"]);
  });
});

it("reads property strings, sizes and lists", () => {
  expect(Object.fromEntries(parseProperties("a:b,size=1G,opt=x=y"))).toEqual({
    "": "a:b",
    size: "1G",
    opt: "x=y",
  });
  expect([parseSize("1.5G"), parseSize("12"), parseSize("x"), parseSize(undefined)]).toEqual([
    1.5 * GIB,
    12,
    undefined,
    undefined,
  ]);
  expect(splitList(" a;b, c;;")).toEqual(["a", "b", "c"]);
});
