import type { Clock } from "@kappa4/connectors";
import { Kappa4Error } from "@kappa4/connectors";
import type { ApprovalView, PlanView, RunAnswer, RunView } from "../../src/actions/answers.ts";
import type { Systems } from "../../src/actions/context.ts";
import type { RebalancePlan } from "../../src/balancing/index.ts";
import { systemClock } from "../../src/clock.ts";
import { parseConfig } from "../../src/config/index.ts";
import { Core } from "../../src/core.ts";
import { EngineThread } from "../../src/engine-thread.ts";
import type { Id } from "../../src/ids.ts";
import { LogRing } from "../../src/logs/ring.ts";
import { actionsByName } from "../../src/register.ts";
import type { Stopwatch } from "../../src/runs/stopwatch.ts";
import { type OpenStoreOptions, openStore } from "../../src/store/index.ts";
import { join } from "../core/people.ts";
import { sampleCluster, sampleGuest, sampleMove, samplePlan } from "../rebalance/samples.ts";

/** Who is there: four who operate, somebody who administers, and one who looks on. */
const STAFF = {
  ...{ ana: "operator", ben: "operator", eva: "operator", gil: "operator" },
  ...{ leo: "admin", vic: "viewer" },
};

/** One of the staff. */
export type Name = keyof typeof STAFF;

/** Somebody's program: it asks for pieces of a drain, and votes on them. */
export interface Program {
  readonly core: Core;
  /** Stores the moves of some guests, from the first to before the last, off the one node that has any. */
  plan(who: Name, cluster: string, first: number, last: number): Promise<PlanView>;
  apply(who: Name, plan: PlanView): Promise<RunAnswer>;
  approve(who: Name, approval: ApprovalView, requestKey?: string): Promise<RunAnswer>;
  /** Makes any call as one of the staff. */
  call(who: Name, action: string, input: unknown): Promise<unknown>;
  /** Waits until a run is over. */
  ended(who: Name, run: RunView): Promise<RunView>;
}

/** Programs over one store. */
export interface Programs extends AsyncDisposable {
  readonly programs: readonly Program[];
  /** Lets time pass for all of them. */
  pass(ms: number): void;
  /** Lets somebody move guests by hand, in every cluster, from the first to before the last. */
  moveAway(first: number, last: number): void;
  /** How often a cluster was looked at so far. */
  looks(): number;
  /** Takes a connection out of the configuration of all of them. */
  disconnect(connection: string): void;
}

/** How many guests the one node of each cluster has that has any. */
export const GUESTS = 10;
const LOOK_MS = 5;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Opens programs over one store. They work on the runs of no cluster but those that are named: what is started elsewhere
 * stays under way.
 */
export async function openPrograms(
  options: OpenStoreOptions,
  count: number,
  names: readonly string[] = [],
  stopwatch?: Stopwatch,
): Promise<Programs> {
  let now = Date.UTC(2026, 10, 21, 12);
  const clock: Clock = { now: () => now, sleep: () => systemClock.sleep(LOOK_MS) };
  const places = new Map<number, string>();
  const lacking = new Set<string>();
  let looks = 0;
  const store = await openStore(options);
  const ids = new Map<Name, Id<"usr">>();
  for (const name of Object.keys(STAFF) as Name[]) {
    ids.set(name, await join(store, name, STAFF[name]));
  }
  await store.close();
  const auth = { type: "token", token: "a@pve!b=11111111-2222-4333-8444-555555555555" } as const;
  const none = { kind: "proxmox", endpoints: ["https://127.0.0.1"], auth };
  const config = await parseConfig({ connections: { none } });
  const cores = Array.from({ length: count }, () => {
    const self = { startedAt: new Date(now), config, logs: new LogRing(clock, silent) };
    return new Core({
      ...{
        clock,
        logger: silent,
        systems: fullNodes(names, places, lacking, () => {
          looks += 1;
        }),
        engine: new EngineThread(),
        self,
      },
      ...{ store: options, policy: undefined, actions: actionsByName, stopwatch },
    });
  });
  function call(
    core: Core,
    who: Name,
    name: string,
    input: unknown,
    requestKey?: string,
  ): Promise<unknown> {
    const action = actionsByName.get(name);
    const id = ids.get(who);
    if (action === undefined || id === undefined) throw new Error(`no ${name} for ${who}`);
    const caller = { actor: { kind: "person", id }, via: "slack" } as const;
    return core.pipeline.call(caller, action, input, { requestKey });
  }
  return {
    programs: cores.map((core) => ({
      core,
      call: (who, name, input) => call(core, who, name, input),
      async plan(who, cluster, first, last) {
        const plan = pieceOf(cluster, first, last);
        return (await call(core, who, "rebalance.adopt", {
          connection: cluster,
          plan,
        })) as PlanView;
      },
      async apply(who, { id: plan }) {
        const input = { plan, reason: "one node is full" };
        return (await call(core, who, "rebalance.apply", input)) as RunAnswer;
      },
      async approve(who, { id: approval, hash }, requestKey) {
        const input = { approval, hash };
        return (await call(core, who, "approvals.approve", input, requestKey)) as RunAnswer;
      },
      async ended(who, { id: run }) {
        return (await call(core, who, "runs.wait", { run })) as RunView;
      },
    })),
    pass: (ms) => {
      now += ms;
    },
    moveAway(first, last) {
      for (let guest = first; guest < last; guest += 1) places.set(100 + guest, "n2");
    },
    looks: () => looks,
    disconnect: (connection) => void lacking.add(connection),
    async [Symbol.asyncDispose]() {
      for (const core of cores) await core.close();
    },
  };
}

function pieceOf(cluster: string, first: number, last: number): RebalancePlan {
  const guests = Array.from({ length: last - first }, (_, at) => 100 + first + at);
  return { ...samplePlan(guests.map((guest) => sampleMove(guest, "n1", "n2"))), cluster };
}

/** Every connection has a cluster of its name; the runs of those that are not configured are left to others. */
function fullNodes(
  names: readonly string[],
  places: ReadonlyMap<number, string>,
  lacking: ReadonlySet<string>,
  look: () => void,
): Systems {
  const nobody = async (): Promise<never> => {
    throw new Kappa4Error("unavailable", "No cluster here answers.", { retryable: false });
  };
  const ids = Array.from({ length: GUESTS }, (_, at) => 100 + at);
  const others = { describeGuests: nobody, state: nobody, migrate: nobody, checkAccess: nobody };
  return {
    names,
    nameOf(connection = "c1") {
      if (!lacking.has(connection)) return connection;
      throw new Kappa4Error("not_found", `There is no connection "${connection}".`);
    },
    get: async (connection = "c1") => ({
      ...{ kind: "proxmox", connection, ping: nobody },
      resumeOperation() {
        throw new Kappa4Error("unsupported", "Nothing is moved here.");
      },
      close: async () => undefined,
    }),
    cluster: async (connection = "c1") => ({
      ...others,
      async snapshot() {
        look();
        const guests = ids.map((id) => sampleGuest(id, places.get(id) ?? "n1"));
        const cluster = sampleCluster(["n1", "n2"], guests);
        return { ...cluster, meta: { ...cluster.meta, name: connection } };
      },
    }),
    applying: {},
    balancing: () => ({}),
  };
}
