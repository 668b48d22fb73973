import { connect as connectSocket, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { LxdConnector } from "../../packages/connectors/src/providers/lxd/index.ts";
import { connect, holdCluster, until } from "./connect.ts";

const cluster = holdCluster();
let connector: LxdConnector;
const allowDowntime = true;

beforeAll(async () => {
  await cluster.start();
  if (cluster.unavailable() !== undefined) return;
  await cluster.get().createContainers([
    { name: "c1", member: "node1" },
    { name: "c3", member: "node3" },
  ]);
  connector = connect(cluster.get());
}, 180_000);

afterAll(async () => {
  await connector?.close();
  await cluster.stop();
}, 60_000);

beforeEach((context) => {
  const reason = cluster.unavailable();
  if (reason !== undefined) context.skip(reason);
});

async function place(name: string): Promise<string> {
  const found = (await cluster.get().containers()).find((container) => container.name === name);
  return `${found?.status} on ${found?.member}`;
}

async function memberStatus(name: string): Promise<string | undefined> {
  const { nodes } = await connector.cluster.state();
  const node = nodes.find((candidate) => candidate.name === name);
  return node?.maintenance === true ? "maintenance" : node?.status;
}

describe("an answer that is lost", () => {
  it("does not make the connector send the move again", async () => {
    const { endpoints } = cluster.get();
    const wire = await startWire(endpoints[0] ?? "");
    const other = connect(cluster.get(), { endpoints: [wire.url] });
    // Opens the connections on which the reads before the move go, so that the next new one carries the move.
    await other.cluster.state();
    await other.cluster.state();
    const mark = cluster.get().mark();
    wire.cutNextAnswer();
    const operation = await other.cluster.migrate("c1", "node2", { allowDowntime });
    expect(await operation.done()).toMatchObject({ node: "node2" });
    expect(wire.cuts()).toBe(1);
    expect(cluster.get().writesSince(mark)).toEqual(["POST /1.0/instances/c1"]);
    expect(await place("c1")).toBe("Running on node2");
    await other.close();
    await wire.close();
  });
});

describe("a member in maintenance", () => {
  it("is seen as such and gets nothing", async () => {
    const path = "/1.0/cluster/members/node1/state";
    await cluster.get().call("POST", path, { action: "evacuate" });
    expect(await memberStatus("node1")).toBe("maintenance");
    const mark = cluster.get().mark();
    const move = connector.cluster.migrate("c1", "node1", { allowDowntime });
    await expect(move).rejects.toMatchObject({ code: "unavailable" });
    expect(cluster.get().writesSince(mark)).toEqual([]);
    expect(await place("c1")).toBe("Running on node2");
    await cluster.get().call("POST", path, { action: "restore" });
    expect(await memberStatus("node1")).toBe("online");
  });
});

describe("a member that dies", () => {
  it("breaks a move to it half-way, and the container runs again where it was", async () => {
    await cluster.get().createContainers([{ name: "big", member: "node2" }]);
    await cluster.get().call("POST", "/1.0/instances/big/exec", {
      command: ["dd", "if=/dev/urandom", "of=/root/ballast", "bs=1M", "count=400"],
      "wait-for-websocket": false,
      interactive: false,
    });
    const operation = await connector.cluster.migrate("big", "node3", { allowDowntime });
    await until(async () => /\dMB/.test((await operation.status()).stage ?? ""));
    await cluster.get().killMember("node3");
    const error = await operation.done().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: expect.stringMatching(/Error/), outcome: "not_applied" });
    expect(String(error)).toMatch(/It is on node2 as before\..*lxd-move-of-.* on node3/);
    expect(await place("big")).toBe("Running on node2");
    const again = connector.cluster.migrate("big", "node1", { allowDowntime });
    await expect(again).rejects.toMatchObject({ code: "failed_precondition" });
  });

  it("is offline after a while; its containers are counted, unknown and not moved", async () => {
    await until(async () => (await memberStatus("node3")) === "offline");
    const { nodes, guests } = await connector.cluster.snapshot();
    expect(nodes[2]).toMatchObject({ name: "node3", status: "offline", storages: [] });
    expect(guests.find(({ id }) => id === "c3")).toMatchObject({
      node: "node3",
      status: "unknown",
    });
    const mark = cluster.get().mark();
    const { migrate } = connector.cluster;
    const code = "unavailable";
    await expect(migrate("c1", "node3", { allowDowntime })).rejects.toMatchObject({ code });
    await expect(migrate("c3", "node1", { allowDowntime })).rejects.toMatchObject({ code });
    expect(cluster.get().writesSince(mark)).toEqual([]);
  });

  it("comes back with what it has", async () => {
    await cluster.get().reviveMember("node3");
    await until(async () => (await memberStatus("node3")) === "online");
    expect(await place("c3")).toBe("Running on node3");
    const operation = await connector.cluster.migrate("c3", "node1", { allowDowntime });
    expect(await operation.done()).toMatchObject({ node: "node1" });
  });

  it("may be the first entry point and the leader of the cluster", async () => {
    await cluster.get().killMember("node1");
    const fresh = connect(cluster.get());
    expect((await fresh.cluster.state()).nodes).toHaveLength(3);
    await fresh.close();
  });
});

interface Wire {
  readonly url: string;
  /** Forwards what the next new connection asks, and lets no answer to it through. */
  cutNextAnswer(): void;
  cuts(): number;
  close(): Promise<void>;
}

/** A wire between the connector and a member that can be cut; it sees sealed bytes only. */
async function startWire(endpoint: string): Promise<Wire> {
  const { hostname, port } = new URL(endpoint);
  const sockets = new Set<Socket>();
  let armed = false;
  let cuts = 0;
  const server: Server = createServer((near) => {
    const cutting = armed;
    armed = false;
    const far = connectSocket({ host: hostname, port: Number(port) });
    let flights = 0;
    near.on("data", (bytes) => {
      far.write(bytes);
      flights += 1;
      // The second flight ends the handshake; the request needs nothing more from the other side.
      if (!cutting || flights !== 2) return;
      far.removeAllListeners("data");
      far.on("data", () => {});
      setTimeout(() => {
        cuts += 1;
        near.destroy();
        far.destroy();
      }, 300);
    });
    far.on("data", (bytes) => near.write(bytes));
    for (const [socket, partner] of [[near, far] as const, [far, near] as const]) {
      sockets.add(socket);
      socket.on("error", () => partner.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        partner.end();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const own = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `https://127.0.0.1:${own}`,
    cutNextAnswer: () => {
      armed = true;
    },
    cuts: () => cuts,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
