import type { ClusterSnapshot, PlacementRule } from "@kappa4/connectors";
import { describe, expect, test } from "vitest";
import {
  checkFailover,
  checkRules,
  planRebalance,
  readRules,
  whatIf,
} from "../../src/balancing/index.ts";
import { cluster, GIB, guestsOn } from "./cluster.ts";

const nodes = { pve1: {}, pve2: {}, pve3: {} };
const plain = cluster(nodes, [...guestsOn("pve1", 4, 100), ...guestsOn("pve2", 4, 200)]);

function rule(id: string, guests: readonly (number | string)[]): PlacementRule {
  return { id, kind: "apart", guests, hard: true, source: "config" };
}

describe("two rules of one id", () => {
  const web = rule("web", [100, 101]);
  const db = rule("web", [102, 103]);

  test("both hold, in whatever order they are given", () => {
    const plan = planRebalance(plain, { rules: [web, db] });
    expect(planRebalance(plain, { rules: [db, web] })).toEqual(plan);
    expect(plan.before.violations).toBe(2);
    expect(plan.after.violations).toBe(0);
    const ids = plan.moves.flatMap(({ reasons }) => reasons.flatMap((one) => one.rule ?? []));
    expect([...new Set(ids)].toSorted()).toEqual(["web", "web#2"]);
  });

  test("are one where they say the same", () => {
    expect(readRules(plain, { rules: [web, rule("web", [101, 100])] })).toHaveLength(1);
  });

  test("take no third rule's id", () => {
    const rules = [web, db, rule("web#2", [200, 201])];
    expect(readRules(plain, { rules }).map(({ guests }) => guests)).toEqual([
      [100, 101],
      [102, 103],
      [200, 201],
    ]);
  });

  test("replace each other where one is given as a change", () => {
    const report = whatIf(plain, [{ kind: "rule-added", rule: db }], { rules: [web] });
    expect(report.options.rules).toEqual([db]);
  });
});

/** A guest with two disks, two networks and two devices, listed in both directions. */
function bothWays(
  make: (list: <Item>(items: readonly Item[]) => readonly Item[]) => ClusterSnapshot,
) {
  return [make((items) => items), make((items) => items.toReversed())] as const;
}

describe("what a guest has", () => {
  const storages = ["fast", "slow"].map((id) => ({ id, shared: false, total: 900 * GIB, used: 0 }));
  const [listed, reversed] = bothWays((list) =>
    cluster({ pve1: { storages, bridges: ["a", "b"] }, pve2: { bridges: [] } }, [
      ...guestsOn("pve1", 8, 100, 10, {
        volumes: list(storages.map(({ id }) => ({ storage: id, bytes: GIB }))),
      }),
      ...guestsOn("pve1", 1, 200, 8, { localResources: list(["hostpci0", "usb1"]) }),
      ...guestsOn("pve1", 1, 300, 8, { bridges: list(["a", "b"]) }),
    ]),
  );

  test("is told in one order", () => {
    const drain = { maintenanceNodes: ["pve1"] };
    const plan = planRebalance(listed, drain);
    expect(planRebalance(reversed, drain)).toEqual(plan);
    const messages = plan.blocked.map(({ message }) => message).join("\n");
    expect(messages).toContain("(hostpci0, usb1)");
    expect(messages).toContain("the storage fast");
    expect(messages).toContain("the network a");
    expect(checkFailover(reversed)).toEqual(checkFailover(listed));
  });
});

test("names that options give and nobody has are told once each, in one order", () => {
  const named = (list: readonly string[]) => ({
    ignoreNodes: list,
    maintenanceNodes: list,
    ignoreGuests: list,
    memoryReserveBytes: Object.fromEntries(list.map((name) => [name, GIB])),
    pools: Object.fromEntries(list.map((name) => [name, { type: "affinity" } as const])),
  });
  const { conflicts } = planRebalance(plain, named(["nobody", "nowhere", "nobody"]));
  expect(planRebalance(plain, named(["nowhere", "nobody"])).conflicts).toEqual(conflicts);
  expect(conflicts).toHaveLength(10);
});

test("guests of one name are told in one order", () => {
  const twins = cluster(nodes, guestsOn("pve1", 2, 100, 4, { name: "twin" }));
  const swapped = { ...twins, guests: twins.guests.toReversed() };
  const rules = [rule("x", ["twin", 100])];
  const report = checkRules(twins, { rules });
  expect(checkRules(swapped, { rules })).toEqual(report);
  expect(report.conflicts[0]?.guests).toEqual([100, 101]);
});
