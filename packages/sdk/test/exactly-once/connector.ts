import {
  type Connector,
  defineConnector,
  Kappa4Error,
  type MigrateResult,
  type Operation,
} from "@kappa4/connectors";
import { z } from "zod";
import { sampleCluster, sampleGuest, sampleNode } from "../rebalance/samples.ts";
import type { Reach } from "./points.ts";

const NODES = ["n1", "n2", "n3"];
const RESIDENT = 999_999_999;
const TIMEOUT_MS = 10_000;
/** Long enough for a request to be on its way, and shorter than the outside system takes to answer. */
const SENT_MS = 15;
const POLL_MS = 30;

/** A connector to the provider of this torture; `reach` is told where it is. */
export function torturedConnector(reach: Reach) {
  return defineConnector({
    kind: "tortured",
    options: z.strictObject({ url: z.url() }),
    capabilities: ["cluster"],
    connect: ({ url }, { connection, clock }) => connectorTo(url, connection, clock.now, reach),
  });
}

function connectorTo(url: string, name: string, now: () => number, reach: Reach): Connector {
  async function get(path: string): Promise<unknown> {
    const answer = await fetch(`${url}/${path}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return answer.json();
  }

  async function read() {
    const rows = z
      .array(z.object({ guest: z.int(), node: z.string(), isLocked: z.boolean() }))
      .parse(await get(`state/${name}`));
    const guests = rows.map(({ guest, node, isLocked }) =>
      sampleGuest(guest, node, {
        lock: isLocked ? "migrate" : null,
        memory: { total: 2 ** 20, used: 2 ** 20 },
      }),
    );
    // Somebody stays: a plan that left the node empty would be a drain, which two people have to approve.
    const resident = sampleGuest(RESIDENT, "n1");
    return {
      nodes: NODES.map((node) => sampleNode(node, 64_000)),
      guests: [...guests, resident],
    };
  }

  function operationOf(token: string): Operation<MigrateResult> {
    return {
      id: token,
      token,
      status: async () => ({ state: "running", progress: null, warnings: [] }),
      cancel: async () => "not_supported",
      async done() {
        while ((await get(`operation/${token}`)) === "running") {
          reach("poll");
          await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        }
        reach("operation done");
        return { node: "", warnings: [] };
      },
    };
  }

  return {
    kind: "tortured",
    connection: name,
    ping: async () => ({ version: "1" }),
    resumeOperation: operationOf,
    close: async () => {},
    cluster: {
      async snapshot() {
        const { nodes, guests } = await read();
        const meta = { name, readAt: new Date(now()) };
        return { ...sampleCluster([], guests), meta, nodes };
      },
      describeGuests: async () => [],
      state: async () => ({ name, ...(await read()) }),
      checkAccess: async () => [],
      async migrate(guest, to) {
        const body = JSON.stringify({ to, pid: process.pid });
        const sending = fetch(`${url}/migrate/${name}/${guest}`, { method: "POST", body });
        await Promise.race([sending, new Promise((resolve) => setTimeout(resolve, SENT_MS))]);
        reach("call sent");
        const answer = await sending;
        reach("call answered");
        if (answer.status === 202) return operationOf(String(await answer.json()));
        throw new Kappa4Error("conflict", `${guest} is locked or there already.`);
      },
    },
  };
}
