import { describe, it } from "vitest";
import { lxd } from "../../src/providers/lxd/index.ts";
import { type ConnectorTarget, describeConnector } from "../../src/testing/index.ts";
import { openBench } from "./lxd/connect.ts";

const SECRET = "the private key of the client";

/** A fresh stand-in with a container that runs on node1 and has room on node2. */
async function startTarget(brand: "lxd" | "incus"): Promise<ConnectorTarget> {
  const bench = await openBench({ brand });
  const { fake } = bench;
  fake.add({ name: "c1", location: "node1" });
  fake.add({ name: "c2", location: "node2" });
  return {
    definition: lxd,
    clock: bench.clock,
    secrets: [SECRET],
    // Incus has the guest stopped before the move; whoever waits for its end starts it again.
    move: {
      guest: "c1",
      to: "node2",
      allowDowntime: true,
      writes: brand === "incus" ? 2 : 1,
      laterWrites: brand === "incus" ? 2 : 0,
    },
    connect: ({ wrongCredentials = false, timeoutMs, logger } = {}) =>
      bench.connect({
        endpoints: [wrongCredentials ? fake.strangerUrl : fake.url],
        key: SECRET,
        timeoutMs,
        logger,
      }),
    writes: () => fake.writes().length,
    break: (kind, times = Number.POSITIVE_INFINITY) => {
      fake.state.fault = { kind, left: times };
    },
    heal: () => {
      fake.state.fault = undefined;
    },
    close: () => bench.close(),
  };
}

describeConnector({ describe, it }, "lxd 5.0", () => startTarget("lxd"));
describeConnector({ describe, it }, "incus 6.0", () => startTarget("incus"));
