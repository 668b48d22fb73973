import { expect, it } from "vitest";
import type { Guest } from "../../../src/contract/snapshot.ts";
import { withStoppedPartners } from "../../../src/providers/proxmox/stopped-partners.ts";

function guest(id: number, node: string, status: Guest["status"], isManaged = true): Guest {
  return {
    id,
    name: `vm-${id}`,
    type: "qemu",
    node,
    status,
    cpu: { cores: 1, used: 0 },
    memory: { total: 1, used: 0 },
    disk: { total: 1, used: 0 },
    tags: [],
    pool: null,
    ha: isManaged ? { state: status === "running" ? "started" : "stopped" } : null,
    localResources: [],
    lock: null,
  };
}

const rule = { id: "apart", type: "resource-affinity", affinity: "negative" } as const;
const guests = [guest(1, "a", "running"), guest(2, "b", "stopped"), guest(3, "c", "running")];

it("keeps a guest off the node where a stopped partner lies, and only that", () => {
  const [first, , third] = withStoppedPartners(guests, [
    { ...rule, resources: ["vm:1", "vm:2", "vm:3"] },
  ]);
  expect(first?.refusedNodes).toEqual({ b: expect.stringContaining("vm-2, which lies stopped") });
  expect(Object.keys(third?.refusedNodes ?? {})).toEqual(["b"]);
});

it.each([{ disabled: true }, { affinity: "positive" as const }, { resources: ["vm:2", "vm:9"] }])(
  "binds nothing by %j",
  (change) => {
    const rules = [{ ...rule, resources: ["vm:1", "vm:2"], ...change }];
    expect(withStoppedPartners(guests, rules)[0]?.refusedNodes).toBeUndefined();
  },
);

it.each([
  ["the guest itself", 1],
  ["the partner", 2],
])("binds nothing when the HA manager does not look after %s", (_, left) => {
  const seen = guests.map(({ id, node, status }) =>
    guest(Number(id), node, status, Number(id) !== left),
  );
  const [first] = withStoppedPartners(seen, [{ ...rule, resources: ["vm:1", "vm:2"] }]);
  expect(first?.refusedNodes).toBeUndefined();
});
