import { type Clock, Kappa4Error } from "@kappa4/connectors";
import type { Systems } from "../../../src/actions/context.ts";
import { systemClock } from "../../../src/clock.ts";
import { parseConfig } from "../../../src/config/index.ts";
import { Core } from "../../../src/core.ts";
import { EngineThread } from "../../../src/engine-thread.ts";
import { LogRing } from "../../../src/logs/ring.ts";
import { actionsByName } from "../../../src/register.ts";
import type { OpenStoreOptions } from "../../../src/store/index.ts";
import { PROTECTED_IN_TOWN } from "./class-judge.ts";
import { connectorOf, type LivingCluster } from "./living-cluster.ts";

/** So long in real time until somebody who waits looks at the clock of the town again. */
const LOOK_MS = 5;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A clock that stands until the town lets time pass. */
export function townClock(now: () => number): Clock {
  return {
    now,
    async sleep(ms, signal) {
      const until = now() + ms;
      while (now() < until) await systemClock.sleep(LOOK_MS, signal);
    },
  };
}

/** Makes the Kappa4 that the people of a town ask, over their clusters. */
export async function openTownCore(
  clock: Clock,
  clusters: readonly LivingCluster[],
  store: OpenStoreOptions,
): Promise<Core> {
  const logs = new LogRing(clock, silent);
  const auth = { type: "token", token: "a@pve!b=11111111-2222-4333-8444-555555555555" } as const;
  const none = { kind: "proxmox", endpoints: ["https://127.0.0.1"], auth };
  const config = await parseConfig({ connections: { none } });
  return new Core({
    ...{ clock, logger: silent, systems: systemsOf(clusters), engine: new EngineThread() },
    self: { startedAt: new Date(clock.now()), config, logs },
    ...{ store, policy: { protected: PROTECTED_IN_TOWN }, actions: actionsByName },
  });
}

function systemsOf(clusters: readonly LivingCluster[]): Systems {
  const byName = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  const [first] = byName.keys();
  const find = async (name: string | undefined): Promise<LivingCluster> => {
    const found = byName.get(name ?? "");
    if (found === undefined) throw new Kappa4Error("not_found", `There is no cluster ${name}.`);
    return found;
  };
  return {
    names: [...byName.keys()],
    nameOf: (connection) => connection ?? first ?? "",
    get: async (connection) => connectorOf(await find(connection)),
    cluster: find,
    // One at a time: whoever waits for the town to be calm can see that nothing else is about to begin.
    applying: { maxParallel: 1 },
    balancing: () => ({}),
  };
}
