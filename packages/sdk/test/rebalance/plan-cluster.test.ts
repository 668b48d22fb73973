import type { GuestDetail, GuestId } from "@kappa4/connectors";
import { expect, it } from "vitest";
import { EngineThread } from "../../src/engine-thread.ts";
import { planCluster, readCluster } from "../../src/rebalance/plan-cluster.ts";
import { MemoryCluster, virtualClock } from "./memory-cluster.ts";
import { sampleCluster, sampleGuest } from "./samples.ts";

const nodes = ["a", "b", "c"];
const engine = new EngineThread();

/** A cluster whose guests tell their disks only when asked one by one. */
class ReservedCluster extends MemoryCluster {
  readonly asked: GuestId[] = [];

  override async describeGuests(ids: readonly GuestId[]): Promise<readonly GuestDetail[]> {
    this.asked.push(...ids);
    return ids.map((id) => ({
      id,
      volumes: [{ storage: "ceph", bytes: 1 }],
      localResources: id === 1 ? ["hostpci0"] : [],
      lock: null,
    }));
  }
}

it("describes the guests that a plan wants to move, and plans again without those that cannot", async () => {
  const guests = [1, 2, 3, 4, 5, 6].map((id) => sampleGuest(id, "a", { volumes: undefined }));
  const cluster = new ReservedCluster(sampleCluster(nodes, guests));
  const { plan } = await planCluster({ cluster, clock: virtualClock(), engine });
  expect(plan.moves.length).toBeGreaterThan(0);
  expect(plan.moves.every(({ guest }) => guest !== 1 && cluster.asked.includes(guest))).toBe(true);
  expect(new Set(cluster.asked).size).toBe(cluster.asked.length);
});

it("asks nothing more of a cluster that is level", async () => {
  const cluster = new ReservedCluster(sampleCluster(nodes, []));
  expect((await planCluster({ cluster, clock: virtualClock(), engine })).plan.status).toBe("level");
  expect(cluster.asked).toEqual([]);
});

it.each([{ maintenanceNodes: ["pve7"] }, { ignoreNodes: ["a", "pve7"] }])(
  "refuses a node that is not there: %j",
  async (options) => {
    const cluster = new MemoryCluster(sampleCluster(nodes, []));
    await expect(readCluster(cluster, options)).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringMatching(/has no node "pve7" to (empty|leave alone)\. There are a, b/),
    });
  },
);
