import { ConfigInvalidError } from "@kappa4/connectors";
import { expect, test } from "vitest";
import { readSnapshot } from "../../src/snapshot-file/index.ts";

const node = {
  name: "pve1",
  status: "online",
  cpu: { cores: 8, used: 1 },
  memory: { total: 64e9, used: 8e9 },
};
const guest = {
  id: 100,
  name: "web",
  type: "qemu",
  node: "pve1",
  status: "running",
  cpu: { cores: 2, used: 0.1 },
  memory: { total: 4e9, used: 2e9 },
};
const snapshot = {
  format: "cluster-snapshot",
  version: 1,
  meta: { name: "gold" },
  nodes: [node],
  guests: [guest],
};

function messageFor(text: string): string {
  try {
    readSnapshot(text, "gold.json");
  } catch (error) {
    if (error instanceof ConfigInvalidError) return error.message;
    throw error;
  }
  return expect.unreachable("the snapshot was accepted");
}

test("a small file is enough: what it leaves out is empty", () => {
  const read = readSnapshot(JSON.stringify(snapshot), "gold.json");
  expect(read.nodes[0]).toMatchObject({ maintenance: false, ignored: false, storages: [] });
  expect(read.guests[0]).toMatchObject({ tags: [], pool: null, ha: null, lock: null });
  expect(read).toMatchObject({ pools: {}, haRules: [], rules: [] });
});

test("unknown fields and a byte order mark pass", () => {
  const text = JSON.stringify({ ...snapshot, meta: { name: "gold", seed: 7 }, more: [1] });
  const read = readSnapshot(`\u{feff}${text}\n`, "gold.json");
  expect(read).toMatchObject({ meta: { name: "gold", seed: 7 }, more: [1] });
});

test.each<[string, string, string | RegExp]>([
  ["nothing", "", "gold.json: is empty; write one with `kappa4 snapshot > cluster.json`"],
  ["white space", " \n", /is empty/],
  ["YAML", "format: cluster-snapshot", /gold\.json: is not JSON|gold\.json:1:\d+: is not JSON/],
  ["a cut file", JSON.stringify(snapshot).slice(0, -30), /ends in the middle; the file is cut off/],
  [
    "a stray comma",
    '{\n  "format": "cluster-snapshot",\n  ,}',
    "gold.json:3:3: is not JSON; write one with `kappa4 snapshot > cluster.json`",
  ],
  ["a list", "[]", /format: is not a cluster snapshot/],
  ["null", "null", /format: is not a cluster snapshot/],
  [
    "a plan",
    '{"format":"rebalance-plan","version":1}',
    "gold.json: format: is a plan, not a cluster snapshot; give it to apply with --plan",
  ],
  ["something else", '{"moves":[]}', /"format" must be "cluster-snapshot"; write one/],
  [
    "another version",
    JSON.stringify({ ...snapshot, version: 2 }),
    "gold.json: version: must be 1, the only version that this Kappa4 reads",
  ],
  [
    "no nodes",
    JSON.stringify({ ...snapshot, nodes: [] }),
    "gold.json: nodes: must be a list of at least 1, not an empty list",
  ],
  [
    "nodes missing",
    JSON.stringify({ ...snapshot, nodes: undefined }),
    "gold.json: nodes: missing; give a list",
  ],
  [
    "no name",
    JSON.stringify({ ...snapshot, meta: {} }),
    "gold.json: meta.name: missing; give text",
  ],
  [
    "a text where a number belongs",
    JSON.stringify({ ...snapshot, guests: [{ ...guest, memory: { total: "4GB", used: 1 } }] }),
    'gold.json: guests.0.memory.total: must be a number, not "4GB"',
  ],
  [
    "less than nothing",
    JSON.stringify({ ...snapshot, guests: [{ ...guest, memory: { total: 1, used: -5 } }] }),
    "gold.json: guests.0.memory.used: must be at least 0, not -5",
  ],
  [
    "beyond all numbers",
    JSON.stringify(snapshot).replace("64000000000", "1e999"),
    /nodes\.0\.memory\.total: must be a number/,
  ],
  [
    "a null figure, as NaN becomes in JSON",
    JSON.stringify({ ...snapshot, nodes: [{ ...node, cpu: { cores: Number.NaN, used: 0 } }] }),
    "gold.json: nodes.0.cpu.cores: must be a number, not empty",
  ],
  [
    "an id that is no id",
    JSON.stringify({ ...snapshot, guests: [{ ...guest, id: 1.5 }] }),
    /guests\.0\.id: must be a whole number or text/,
  ],
  [
    "an unknown type",
    JSON.stringify({ ...snapshot, guests: [{ ...guest, type: "vm" }] }),
    'gold.json: guests.0.type: must be one of qemu or lxc, not "vm"',
  ],
  [
    "an unknown status",
    JSON.stringify({ ...snapshot, nodes: [{ ...node, status: "up" }] }),
    /nodes\.0\.status: must be one of online, offline or unknown, not "up"/,
  ],
  [
    "a guest nowhere",
    JSON.stringify({ ...snapshot, guests: [{ ...guest, node: "pve9" }] }),
    "gold.json: guests.0.node: there is no node pve9; add it to nodes, or correct the name",
  ],
  [
    "a guest twice",
    JSON.stringify({ ...snapshot, guests: [guest, guest] }),
    "gold.json: guests.1.id: 100 is already the id of guests.0; each id once",
  ],
  [
    "a node twice",
    JSON.stringify({ ...snapshot, nodes: [node, node] }),
    "gold.json: nodes.1.name: a second node named pve1; each name once",
  ],
  [
    "an online node without memory",
    JSON.stringify({ ...snapshot, nodes: [{ ...node, memory: { total: 0, used: 0 } }] }),
    "gold.json: nodes.0.memory.total: must be at least 1 MiB for a node that is online; sizes are in bytes",
  ],
])("%s is refused with its path and what to do", (_name, text, message) => {
  expect(messageFor(text)).toMatch(message);
});

test("many problems are counted, not listed", () => {
  const guests = Array.from({ length: 500 }, () => ({ ...guest, type: "vm" }));
  const lines = messageFor(JSON.stringify({ ...snapshot, guests })).split("\n");
  expect(lines).toHaveLength(22);
  expect(lines[0]).toBe("gold.json has 500 problems:");
  expect(lines.at(-1)?.trim()).toBe("and 480 more");
});
