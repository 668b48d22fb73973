import { describe, expect, it } from "vitest";
import { parseUpid, readProgress } from "../../../src/providers/proxmox/tasks.ts";
import { readToken, writeToken } from "../../../src/providers/proxmox/token.ts";

describe("the id of a task", () => {
  it.each([
    ["root@pam", "UPID:pve1:0020C066:042DF204:6B001B4B:qmigrate:100:root@pam:"],
    ["lb@pve!proxlb", "UPID:pve1:0020C066:1042DF204:6B001B4B:qmigrate:100:lb@pve!proxlb:"],
  ])("tells node, start, type, guest and user %s", (user, text) => {
    expect(parseUpid(text)).toEqual({
      text,
      node: "pve1",
      startedAt: 0x6b001b4b,
      type: "qmigrate",
      id: "100",
      user,
    });
  });

  it("may name no guest", () => {
    expect(parseUpid("UPID:pve1:0020C066:042DF204:6B001B4B:vzdump::root@pam:")?.id).toBe("");
  });

  it.each([null, "", "UPID:pve1", { data: 1 }])("is not %j", (value) => {
    expect(parseUpid(value)).toBeUndefined();
  });
});

it.each([
  ["migration active, transferred 1.5 GiB of 6.0 GiB VM-state, 980.1 MiB/s", 0.25],
  ["mirror-scsi0: transferred 512.0 MiB of 1.0 GiB (50.00%) in 3s", 0.5],
  ["migration active, transferred 9.0 GiB of 6.0 GiB VM-state, 1.0 GiB/s", 1],
  ["starting migration of VM 100 to node 'pve2' (192.0.2.2)", undefined],
])("reads the progress of %j", (line, progress) => {
  expect(readProgress(line)).toBe(progress);
});

describe("a token", () => {
  const move = {
    v: 1,
    kind: "proxmox",
    connection: "gold",
    verb: "migrate",
    vmid: 100,
    type: "qemu",
    node: "pve1",
    upid: null,
    target: "pve2",
    ran: true,
    along: ["vm:101"],
  } as const;

  it("comes back as it went, also through JSON", () => {
    const token = writeToken(move);
    expect(readToken(JSON.parse(JSON.stringify(token)), "gold")).toEqual(move);
  });

  it.each([
    "",
    "lxd:e30",
    "proxmox:e30",
    "proxmox:%%",
    writeToken({ ...move, connection: "silver" }),
  ])("of somebody else is refused: %s", (token) => {
    expect(() => readToken(token, "gold")).toThrow(
      expect.objectContaining({ code: "invalid_argument" }),
    );
  });
});
