import type { ClusterSnapshot, GuestId } from "@kappa4/connectors";
import {
  type CreateKappa4Options,
  checkChanges,
  createKappa4,
  getGuest,
  type Kappa4,
  type Kappa4Config,
  Kappa4Error,
  type NewGuest,
  type PlanInput,
  readBalancing,
  readConfig,
  readSnapshot,
} from "@kappa4/sdk";
import {
  checkFailover,
  checkRules,
  explainGuest,
  type FailoverReport,
  type GuestExplanation,
  type NodeChoice,
  pickBestNode,
  planRebalance,
  type RebalanceOptions,
  type RebalancePlan,
  type RuleReport,
  type WhatIf,
  type WhatIfChange,
  whatIf,
} from "@kappa4/sdk/balancing";
import type { CommandInput } from "../command.ts";
import { planOptions } from "../flags/plan-options.ts";
import { say } from "../say.ts";
import { refuseUnknownNodes } from "./known-nodes.ts";
import { placesOf } from "./places.ts";
import { lookOf } from "./print.ts";
import { readText } from "./read-text.ts";

/** Where plans come from: a cluster, or a file of one. */
export interface Source {
  plan(options: RebalanceOptions): Promise<RebalancePlan>;
  bestNode(guest: GuestId | NewGuest, options: RebalanceOptions): Promise<readonly NodeChoice[]>;
  explain(guest: GuestId, options: RebalanceOptions): Promise<GuestExplanation>;
  whatIf(changes: readonly WhatIfChange[], options: RebalanceOptions): Promise<WhatIf>;
  failover(options: RebalanceOptions): Promise<FailoverReport>;
  rules(options: RebalanceOptions): Promise<RuleReport>;
  snapshot(): Promise<ClusterSnapshot>;
  close(): Promise<void>;
}

/** Checks the flags, opens what they name, and closes it when the question is answered; returns the exit code. */
export async function withSource(
  input: CommandInput,
  answer: (source: Source, options: RebalanceOptions) => Promise<number>,
): Promise<number> {
  const { flags, io } = input;
  const options = planOptions(flags);
  lookOf(input, io.stdout);
  flags.check();
  const source = await openSource(input);
  try {
    return await answer(source, options);
  } finally {
    await source.close();
  }
}

/** Opens what the flags name: a snapshot file, or a connection of the configuration. */
export async function openSource(input: CommandInput): Promise<Source> {
  const file = input.flags.text("snapshot");
  if (file !== undefined) return openSnapshot(file, input);
  const { kappa4, connection } = await openConnection(input);
  return {
    plan: (asked) => kappa4.rebalance.preview({ connection, ...planInputOf(asked) }),
    bestNode: (guest, options) => kappa4.rebalance.bestNode({ connection, guest, options }),
    explain: (guest, asked) =>
      kappa4.rebalance.explain({ connection, guest, ...planInputOf(asked) }),
    whatIf: (changes, options) => kappa4.rebalance.whatIf({ connection, changes, options }),
    failover: (options) => kappa4.rebalance.checkFailover({ connection, options }),
    rules: (options) => kappa4.rules.check({ connection, options }),
    snapshot: () => kappa4.cluster.snapshot({ connection }),
    close: () => kappa4.close(),
  };
}

/** What was moved before is no option of the balancing, but of a plan. Without a file it is what Kappa4 has on record. */
export function planInputOf({
  history,
  now,
  ...options
}: RebalanceOptions): Pick<PlanInput, "options" | "history" | "now"> {
  return { options, history: history ?? "recorded", now };
}

/** A running Kappa4 and the connection that is meant. */
export interface OpenConnection {
  readonly kappa4: Kappa4;
  readonly connection: string;
}

/** Reads the configuration and picks the connection. Throws `config_invalid` when the flags name none of them. */
export async function openConnection(input: CommandInput): Promise<OpenConnection> {
  const kappa4 = await openKappa4(input);
  try {
    return { kappa4, connection: connectionOf(kappa4, input) };
  } catch (error) {
    await kappa4.close();
    throw error;
  }
}

/** Reads the configuration that the flags name. */
export function configOf({ flags, io }: CommandInput): Promise<Kappa4Config> {
  return readConfig(flags.text("config"), placesOf(io));
}

/** Reads the configuration, unless it was read already, and makes a Kappa4 of it; opens no socket. */
export async function openKappa4(
  input: CommandInput,
  known?: Kappa4Config,
  work?: CreateKappa4Options["work"],
): Promise<Kappa4> {
  const { io } = input;
  const config = known ?? (await configOf(input));
  const onProgress = (sentence: string): void => say(io.stderr, `note: ${sentence}`);
  return createKappa4(config, { clock: io.clock, via: "terminal", onProgress, work });
}

function connectionOf({ connections }: Kappa4, { flags }: CommandInput): string {
  const wanted = flags.text("connection");
  const [only, ...others] = connections;
  if (wanted === undefined && only !== undefined && others.length === 0) return only;
  const known = connections.join(", ");
  if (wanted !== undefined && connections.includes(wanted)) return wanted;
  const message =
    wanted === undefined
      ? `missing; the configuration has ${known}`
      : `there is no connection ${JSON.stringify(wanted)}; the configuration has ${known}`;
  flags.problem("connection", message);
  flags.check();
  throw new Kappa4Error("internal", "A wrong connection name was let through.");
}

async function openSnapshot(file: string, { flags, io }: CommandInput): Promise<Source> {
  const snapshot = await readSnapshot(await readText(file, "--snapshot", io), file);
  // A file needs no configuration; one that is named gives its `balancing`.
  const configFile = flags.text("config");
  const common = configFile === undefined ? {} : await readBalancing(configFile, placesOf(io));
  refuseUnknownNodes(flags, snapshot.nodes);
  for (const warning of snapshot.meta.warnings ?? []) say(io.stderr, `note: ${warning}`);
  return {
    async plan(options) {
      const startedAt = io.clock.now();
      const plan = planRebalance(snapshot, { ...common, ...options });
      return { ...plan, seconds: (io.clock.now() - startedAt) / 1000 };
    },
    async bestNode(guest, options) {
      const subject = typeof guest === "object" ? guest : getGuest(snapshot, guest).id;
      return pickBestNode(snapshot, subject, { ...common, ...options });
    },
    async explain(guest, options) {
      const all = { ...common, ...options };
      const { id } = getGuest(snapshot, guest);
      return explainGuest(snapshot, planRebalance(snapshot, all), id, all);
    },
    async whatIf(changes, options) {
      return whatIf(snapshot, checkChanges(snapshot, changes), { ...common, ...options });
    },
    failover: async (options) => checkFailover(snapshot, undefined, { ...common, ...options }),
    rules: async (options) => checkRules(snapshot, { ...common, ...options }),
    snapshot: async () => snapshot,
    close: async () => {},
  };
}
