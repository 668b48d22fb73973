import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, it } from "vitest";
import type { Clock } from "../../packages/connectors/src/contract/connector.ts";
import { lxd } from "../../packages/connectors/src/providers/lxd/index.ts";
import {
  type ConnectorTarget,
  describeConnector,
} from "../../packages/connectors/src/testing/index.ts";
import { connect, holdCluster, strangerOf, until } from "./connect.ts";
import { type FaultProxy, openFaultProxy } from "./fault-proxy.ts";

const cluster = holdCluster();
let proxy: FaultProxy | undefined;
/** Writes that were seen when the containers were last as a test wants to find them. */
let freshAt: number | undefined;

/** Pauses between attempts pass twenty times as fast; the cluster's own work takes the time it takes. */
const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms / 20, undefined, signal === undefined ? {} : { signal }),
};

beforeAll(async () => {
  await cluster.start();
  if (cluster.unavailable() === undefined) proxy = await openFaultProxy(cluster.get());
}, 180_000);

afterAll(async () => {
  await proxy?.close();
  await cluster.stop();
}, 60_000);

beforeEach((context) => {
  const reason = cluster.unavailable();
  if (reason !== undefined) context.skip(reason);
});

async function startTarget(): Promise<ConnectorTarget> {
  if (proxy === undefined) throw new Error("there is no cluster");
  const door = proxy;
  if (freshAt !== door.writes()) {
    await freshen();
    freshAt = door.writes();
  }
  const stranger = strangerOf(cluster.get());
  return {
    definition: lxd,
    clock,
    secrets: [stranger.key, readFileSync(cluster.get().keyFile, "utf8")].flatMap(linesOf),
    move: { guest: "c1", to: "node2", allowDowntime: true },
    connect: ({ wrongCredentials = false, timeoutMs, logger } = {}) =>
      connect(
        cluster.get(),
        {
          endpoints: [door.url],
          ...(wrongCredentials ? { auth: stranger } : {}),
          // A real server needs longer than a stand-in, and less than the three seconds that a slow one takes.
          ...(timeoutMs === undefined ? {} : { timeoutMs: timeoutMs * 4 }),
        },
        { clock, ...(logger === undefined ? {} : { logger }) },
      ),
    writes: door.writes,
    break: door.break,
    heal: door.heal,
    close: async () => door.heal(),
  };
}

/** A container that runs on node1: the one that is there, or a new one. */
async function freshen(): Promise<void> {
  // A test may leave a move to itself; to delete in the middle of one would break both.
  await until(async () => !(await isBusy()));
  const [c1] = await cluster.get().containers();
  if (c1?.member === "node1" && c1.status === "Running") return;
  await cluster.get().deleteContainers();
  await cluster.get().createContainers([{ name: "c1", member: "node1" }]);
}

async function isBusy(): Promise<boolean> {
  const { running = [] } = (await cluster.get().call("GET", "/1.0/operations?recursion=1")) as {
    readonly running?: readonly { readonly class: string }[];
  };
  return running.some((operation) => operation.class === "task");
}

/** The lines of a private key, each of them a secret. */
function linesOf(pem: string): readonly string[] {
  return pem.split("\n").filter((line) => line !== "" && !line.startsWith("-----"));
}

describeConnector({ describe, it }, "lxd 5.0, the real one", startTarget);
