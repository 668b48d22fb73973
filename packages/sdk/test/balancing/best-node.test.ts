import { describe, expect, test } from "vitest";
import { pickBestNode } from "../../src/balancing/index.ts";
import { cluster, GIB, guestsOn, type NodeInput } from "./cluster.ts";

const nodes: Readonly<Record<string, NodeInput>> = { pve1: {}, pve2: {}, pve3: {} };
const small = { memoryBytes: 10 * GIB, cores: 2 };

describe("a new guest", () => {
  const guests = [
    ...guestsOn("pve1", 5, 100, 10),
    ...guestsOn("pve2", 2, 200, 10),
    ...guestsOn("pve3", 9, 300, 10),
  ];
  const snapshot = cluster(nodes, guests);

  test("goes to the emptiest node, and the others are ranked with their figures", () => {
    expect(pickBestNode(snapshot, small)).toEqual([
      { node: "pve2", load: 0.3, fits: true, message: "20 → 30 % memory with it" },
      { node: "pve1", load: 0.6, fits: true, message: "50 → 60 % memory with it" },
      {
        node: "pve3",
        load: 1,
        fits: false,
        code: "no-capacity",
        message: "pve3 has room for 5 GiB of memory and it needs 10 GiB",
      },
    ]);
  });

  test("does not go to a node that is offline, of which no load is told", () => {
    const offline = cluster({ ...nodes, pve1: { status: "offline" } }, guests);
    expect(pickBestNode(offline, small).at(-1)).toEqual({
      node: "pve1",
      load: null,
      fits: false,
      code: "no-target",
      message: "pve1 is offline",
    });
  });

  test("is levelled by the method asked for", () => {
    const [best] = pickBestNode(snapshot, small, { method: "cpu", mode: "assigned" });
    expect(best).toMatchObject({ node: "pve2", message: "25 → 31 % assigned cores with it" });
  });

  test("respects pins, affinity and anti-affinity in its tags", () => {
    const tagged = cluster(nodes, [
      ...guests,
      { id: 400, node: "pve3", gib: 0.5, more: { tags: ["plb_affinity_a"] } },
      { id: 401, node: "pve2", gib: 0.5, more: { tags: ["plb_anti_affinity_b"] } },
    ]);
    const best = (...tags: string[]) =>
      pickBestNode(tagged, { memoryBytes: GIB, cores: 1, tags })
        .filter(({ fits }) => fits)
        .map(({ node }) => node);
    expect(best("plb_pin_pve1")).toEqual(["pve1"]);
    expect(best("plb_affinity_a")).toEqual(["pve3"]);
    expect(best("plb_anti_affinity_b")).toEqual(["pve1", "pve3"]);
    expect(best("plb_anti_affinity_new")).toEqual(["pve2", "pve1", "pve3"]);
  });

  test("respects the rules of its pool, and follows wishes before load", () => {
    const pools = { web: { pin: ["pve1"], strict: false }, db: { pin: ["pve1"] } };
    const pooled = cluster(nodes, guests, { pools });
    expect(pickBestNode(pooled, { ...small, pool: "web" }).map(({ node }) => node)).toEqual([
      "pve1",
      "pve2",
      "pve3",
    ]);
    expect(pickBestNode(pooled, { ...small, pool: "db" }).filter(({ fits }) => fits)).toHaveLength(
      1,
    );
  });

  test("does not go where no guests go", () => {
    const odd = { ...nodes, pve2: { maintenance: true }, pve1: { ignored: true } };
    expect(pickBestNode(cluster(odd, []), small).map(({ node, fits }) => [node, fits])).toEqual([
      ["pve3", true],
      ["pve1", false],
      ["pve2", false],
    ]);
  });
});

describe("a guest that is there already", () => {
  test("may stay where it is, and its own load counts once", () => {
    const snapshot = cluster(nodes, [
      ...guestsOn("pve1", 1, 100, 10),
      ...guestsOn("pve2", 2, 200, 10),
    ]);
    expect(pickBestNode(snapshot, 100)).toMatchObject([
      { node: "pve1", load: 0.1, message: "it is there now, at 10 % memory" },
      { node: "pve3", load: 0.1 },
      { node: "pve2", load: 0.3 },
    ]);
  });

  test("is placed as if it ran when it is stopped", () => {
    const snapshot = cluster(nodes, guestsOn("pve1", 1, 100, 10, { status: "stopped" }));
    expect(pickBestNode(snapshot, 100)[0]).toMatchObject({ load: 0.2 });
  });

  test("needs its storages", () => {
    const shared = { id: "ceph", shared: true, total: GIB, used: 0 };
    const local = { id: "local", shared: false, total: 100 * GIB, used: 0 };
    const volumes = [{ storage: "local", bytes: 99 * GIB }];
    const stored = {
      pve1: { storages: [local] },
      pve2: { storages: [shared] },
      pve3: { storages: [local] },
    };
    const choices = pickBestNode(cluster(stored, guestsOn("pve1", 1, 100, 1, { volumes })), 100);
    expect(choices.filter(({ fits }) => !fits).map(({ message }) => message)).toEqual([
      "pve2 does not have the storage local",
      "pve3 has not enough room on its own storage",
    ]);
  });

  test("that does not exist has no nodes", () => {
    expect(pickBestNode(cluster(nodes, []), 100)).toEqual([]);
  });
});
