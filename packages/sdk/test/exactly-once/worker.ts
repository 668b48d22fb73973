// One process of Kappa4: it takes requests and works on runs like any other, until it reaches the point at which its
// parent wants it killed or frozen.
import { writeSync } from "node:fs";
import type { Clock, Connector } from "@kappa4/connectors";
import type { Caller } from "../../src/actions/actor.ts";
import type { Systems } from "../../src/actions/context.ts";
import { systemClock } from "../../src/clock.ts";
import { parseConfig } from "../../src/config/index.ts";
import { Core } from "../../src/core.ts";
import { EngineThread } from "../../src/engine-thread.ts";
import { LogRing } from "../../src/logs/ring.ts";
import { actionsByName } from "../../src/register.ts";
import type { OpenStoreOptions } from "../../src/store/index.ts";
import { isPassing } from "../../src/store/is-passing.ts";
import { torturedConnector } from "./connector.ts";
import { followStatements } from "./statements.ts";

/** What a worker is started with. */
export interface WorkerOrders {
  readonly store: OpenStoreOptions;
  readonly provider: string;
  readonly clusters: readonly string[];
  /** The clock of all of them: real time since then, so many times as fast. */
  readonly epoch: number;
  readonly speed: number;
  /** Where it ends, or stands still, at the how manieth time that it comes there. */
  readonly fuse?:
    | { readonly point: string; readonly at: number; readonly signal: "SIGKILL" | "SIGSTOP" }
    | undefined;
}

/** A call that a worker makes for its parent. */
export interface CallOrder {
  readonly id: number;
  readonly caller: Caller;
  readonly action: string;
  readonly input: unknown;
  readonly requestKey?: string | undefined;
}

/** What came of it. */
export interface CallResult {
  readonly id: number;
  readonly value?: unknown;
  readonly error?:
    | {
        readonly code: string;
        readonly message: string;
        /** Whether the store was away just then. */
        readonly isPassing: boolean;
      }
    | undefined;
}

const orders: WorkerOrders = JSON.parse(process.argv[2] ?? "{}");
let times = 0;

function reach(point: string): void {
  if (point === "take lease answered") say("held");
  if (point === "release lease sent") say("free");
  const { fuse } = orders;
  if (fuse?.point !== point) return;
  times += 1;
  if (times !== fuse.at) return;
  say(`${fuse.signal} ${point}`);
  process.kill(process.pid, fuse.signal);
  // The signal is delivered before this process does anything else.
  if (fuse.signal === "SIGKILL") for (;;);
}

/** As whoever watches over a process starts it again. */
async function patiently(open: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      return void (await open());
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
  }
}

/** In one write, which a signal cannot come into. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

const clock: Clock = {
  now: () => orders.epoch + (Date.now() - orders.epoch) * orders.speed,
  sleep: (ms, signal) => systemClock.sleep(ms / orders.speed, signal),
};
const complain = (fields: object, message: string): void => {
  if (process.env.KAPPA4_TORTURE_LOG) console.error(process.pid, message, fields);
};
const logs = new LogRing(clock, {
  debug: () => {},
  info(fields, message) {
    if (message === "run is taken up") say(`up ${Object(fields).run}`);
    complain(fields, message);
  },
  warn: complain,
  error: complain,
});

followStatements(reach);
const { connect } = torturedConnector(reach);
const connectors = new Map<string, Connector>(
  orders.clusters.map((connection) => {
    const context = { connection, clock, random: Math.random, logger: logs.logger };
    return [connection, connect({ url: orders.provider }, context)];
  }),
);
function connectorOf(name: string | undefined): Connector {
  const connector = connectors.get(name ?? "");
  if (connector === undefined) throw new Error(`no connection ${name}`);
  return connector;
}
const systems: Systems = {
  names: orders.clusters,
  nameOf: (connection) => connectorOf(connection).connection,
  get: async (connection) => connectorOf(connection),
  async cluster(connection) {
    const { cluster } = connectorOf(connection);
    if (cluster === undefined) throw new Error("it has one");
    return cluster;
  },
  applying: {},
  balancing: () => ({}),
};
const core = new Core({
  ...{ clock, logger: logs.logger, systems, engine: new EngineThread() },
  self: {
    startedAt: new Date(),
    config: await parseConfig({
      connections: {
        none: {
          kind: "proxmox",
          endpoints: ["https://127.0.0.1"],
          auth: { type: "token", token: "a@pve!b=11111111-2222-4333-8444-555555555555" },
        },
      },
    }),
    logs,
  },
  ...{ store: orders.store, policy: undefined, actions: actionsByName },
});

process.on("message", async ({ id, caller, action: name, input, requestKey }: CallOrder) => {
  const result: CallResult = await Promise.resolve()
    .then(() => {
      const action = actionsByName.get(name);
      if (action === undefined) throw new Error(`no action ${name}`);
      return core.pipeline.call(caller, action, input, { requestKey });
    })
    .then(
      (value) => ({ id, value }),
      (error) => {
        const { code, message } = Object(error);
        return { id, error: { code: String(code), message, isPassing: isPassing(error) } };
      },
    );
  process.send?.(result);
});
process.on("disconnect", () => process.exit());
await patiently(() => core.store());
say("open");
await patiently(() => core.queue());
say("ready");
