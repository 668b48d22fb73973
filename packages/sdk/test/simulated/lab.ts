import type { Clock } from "@kappa4/connectors";
import { generateCluster, type ProxmoxSimulator, startProxmox } from "@kappa4/simulator";
import type { RebalancePlan } from "../../src/balancing/index.ts";
import { EngineThread } from "../../src/engine-thread.ts";
import {
  type ApplyOptions,
  type ApplyResult,
  createKappa4,
  type Kappa4,
  type StoreSettings,
} from "../../src/index.ts";
import { applyPlan } from "../../src/rebalance/apply.ts";

/** A simulated cluster, a Kappa4 that is connected to it over HTTPS, and one clock for both. */
export interface Lab {
  readonly simulator: ProxmoxSimulator;
  readonly kappa4: Kappa4;
  readonly clock: Clock;
  /** Guests that the HA manager looks after. */
  readonly underHa: ReadonlySet<number>;
  /** Makes another Kappa4 over the same cluster and the same store, as the next process would. */
  reopen(): Promise<Kappa4>;
  close(): Promise<void>;
}

/** Options of {@link openLab}. */
export interface LabOptions {
  readonly seed: number;
  /** Name of the cluster: two that differ in it alone are a cluster and its copy. Default: the generator's own. */
  readonly cluster?: string | undefined;
  readonly nodes?: number | undefined;
  readonly guests?: number | undefined;
  readonly version?: string | undefined;
  /** Share of the guests whose disks lie on their node alone, and of those under HA. Default 0.1 each. */
  readonly localDisks?: number | undefined;
  readonly ha?: number | undefined;
  /** Log in with a password instead of a token. */
  readonly password?: boolean | undefined;
  /** Answer on a second port, as another node. */
  readonly secondEntry?: boolean | undefined;
  /** How often a task is looked at. Default: the connector's own. */
  readonly pollIntervalMs?: number | undefined;
  /** Where the store is. Default: a folder that nothing here opens. */
  readonly store?: StoreSettings | undefined;
  /** Limit of one request in real time. */
  readonly timeoutMs?: number | undefined;
}

const TOKEN = { id: "automation@pve!kappa4", secret: "11111111-2222-4333-8444-555555555555" };

/** Simulated time passes only when Kappa4 sleeps, so a run of an hour takes milliseconds and no race decides. */
export function clockOf(simulator: ProxmoxSimulator): Clock {
  return {
    now: () => simulator.now(),
    sleep: async (ms, signal) => {
      await Promise.resolve();
      if (signal?.aborted) throw signal.reason;
      simulator.advance(ms);
    },
  };
}

/** Starts a generated, skewed cluster and connects to it. */
export async function openLab(options: LabOptions): Promise<Lab> {
  const { seed, nodes = 4, guests = 16, version = "9.1", localDisks, ha } = options;
  const generated = generateCluster({ nodes, guests, seed, localDisks, ha });
  const meta = { ...generated.meta, name: options.cluster ?? generated.meta?.name ?? "lab" };
  const snapshot = { ...generated, meta };
  const second = snapshot.nodes[1]?.name;
  const simulator = await startProxmox({
    snapshot,
    seed,
    version,
    password: "simulated-password",
    tokens: [TOKEN],
    entryNodes: options.secondEntry && second !== undefined ? [{ node: second }] : [],
  });
  // The HA manager first repairs by itself what breaks its rules; a cluster that has been up for a while has done so.
  simulator.advance(300_000);
  const clock = clockOf(simulator);
  const reopen = (): Promise<Kappa4> =>
    createKappa4(
      {
        ...(options.store === undefined ? {} : { store: options.store }),
        connections: {
          lab: {
            kind: "proxmox",
            endpoints: simulator.urls,
            auth: options.password
              ? { type: "password", username: "root@pam", password: "simulated-password" }
              : { type: "token", token: `${TOKEN.id}=${TOKEN.secret}` },
            tls: { verify: "pin", sha256: simulator.entries.map(({ fingerprint }) => fingerprint) },
            timeoutMs: options.timeoutMs ?? 10_000,
            pollIntervalMs: options.pollIntervalMs,
          },
        },
      },
      { clock, random: () => 0.5 },
    );
  const kappa4 = await reopen();
  const close = async (): Promise<void> => {
    await kappa4.close();
    await simulator.close();
  };
  const underHa = new Set(snapshot.guests.flatMap(({ id, ha: state }) => (state ? [id] : [])));
  return { simulator, kappa4, clock, underHa, reopen, close };
}

/** Carries a plan out without a store: what is tried here is how moves are made, not how runs are kept. */
export async function carryOut(
  { kappa4, clock }: Lab,
  plan: RebalancePlan,
  options: ApplyOptions = {},
): Promise<ApplyResult> {
  const { cluster } = await kappa4.connector();
  if (cluster === undefined) throw new Error("the lab has no cluster");
  return applyPlan({ cluster, clock, engine: new EngineThread(), rules: {} }, plan, options).result;
}
