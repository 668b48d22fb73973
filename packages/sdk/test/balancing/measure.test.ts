import { expect, test } from "vitest";
import { measureBalance } from "../../src/balancing/index.ts";
import { cluster, GIB, guestsOn } from "./cluster.ts";

test("measures each node, and the spread over active nodes only", () => {
  const local = [{ id: "local", shared: false, total: 200 * GIB, used: 50 * GIB }];
  const snapshot = cluster({ pve1: { storages: local }, pve2: {}, pve3: { maintenance: true } }, [
    ...guestsOn("pve1", 3, 100, 10),
    ...guestsOn("pve2", 1, 200, 10),
    ...guestsOn("pve3", 1, 300, 80),
  ]);
  expect(measureBalance(snapshot)).toEqual({
    spread: 20,
    cpuSpread: 2.5,
    violations: 1,
    nodes: [
      { name: "pve1", active: true, load: 0.3, memory: 0.3, cpu: 0.0375, disk: 0.25, guests: 3 },
      { name: "pve2", active: true, load: 0.1, memory: 0.1, cpu: 0.0125, disk: 0.1, guests: 1 },
      {
        name: "pve3",
        state: "maintenance",
        active: false,
        load: 0.8,
        memory: 0.8,
        cpu: 0.0125,
        disk: 0.1,
        guests: 1,
      },
    ],
  });
});

test("measures what is levelled: configured size in mode assigned", () => {
  const snapshot = cluster({ pve1: {}, pve2: {} }, guestsOn("pve1", 3, 100, 10));
  expect(measureBalance(snapshot, { mode: "assigned" }).nodes[0]).toMatchObject({
    load: 0.6,
    memory: 0.3,
  });
});

test("counts the demand of guests where a node reports less", () => {
  const busy = guestsOn("pve1", 10, 100, 1).map((guest) => ({ ...guest, cpuCores: 4 }));
  const snapshot = cluster({ pve1: { cores: 32 }, pve2: {} }, busy);
  expect(snapshot.nodes[0]?.cpu.used).toBe(32);
  expect(measureBalance(snapshot).nodes[0]?.cpu).toBe(1.25);
});

test("an empty cluster is level", () => {
  expect(measureBalance(cluster({}, []))).toEqual({
    spread: 0,
    cpuSpread: 0,
    violations: 0,
    nodes: [],
  });
});
