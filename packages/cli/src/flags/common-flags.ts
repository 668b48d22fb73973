import type { FlagSpec } from "../command.ts";

type Flags<Name extends string> = Readonly<Record<Name, FlagSpec>>;

/** Which configuration and which of its connections. */
export const connectionFlags: Flags<"config" | "connection"> = {
  config: {
    value: "FILE",
    summary: "Configuration. Default: KAPPA4_CONFIG, else kappa4.yaml here.",
  },
  connection: { value: "NAME", summary: "Which connection; not needed when there is only one." },
};

/** How the answer looks. */
export const outputFlags: Flags<"json" | "no-color" | "width"> = {
  json: { summary: "Print JSON for programs instead of text for people." },
  "no-color": { summary: "No colour, even in a terminal." },
  width: { value: "COLUMNS", summary: "Columns to fill. Default: those of the terminal, else 80." },
};

/** What becomes of a file that is there. */
export const forceFlag: Flags<"force"> = {
  force: { summary: "Replace the file if it is there already." },
};

/** A file instead of a cluster. */
export const snapshotFlags: Flags<"snapshot"> = {
  snapshot: {
    value: "FILE",
    summary: "Plan for a cluster-snapshot file, without any network; - reads stdin.",
  },
};

/** What was moved before. */
export const historyFlags: Flags<"history"> = {
  history: {
    value: "FILE",
    summary: "What was moved before, so that nothing goes to and fro; apply keeps it up to date.",
  },
};

/** What a plan aims at; each wins over the configuration. */
export const planFlags: Flags<
  | "method"
  | "mode"
  | "balanciness"
  | "max-moves"
  | "max-move-bytes"
  | "max-minutes"
  | "maintenance"
  | "ignore-node"
  | "only"
  | "failover"
  | "max-parallel"
> = {
  method: { value: "memory|cpu|disk", summary: "Which resource is levelled." },
  mode: { value: "used|assigned|psi", summary: "What counts as load." },
  balanciness: {
    value: "POINTS",
    summary: "Difference allowed between nodes, in percentage points.",
  },
  "max-moves": {
    value: "N",
    summary: "Level no further than N moves; repairs and drains count, and stay.",
  },
  "max-move-bytes": {
    value: "SIZE",
    summary: "The same for memory and local disks that travel, for example 200GiB.",
  },
  "max-minutes": { value: "N", summary: "The same for the time that the moves should take." },
  maintenance: {
    value: "NODE",
    multiple: true,
    summary: "A node to empty; may be given several times.",
  },
  "ignore-node": {
    value: "NODE",
    multiple: true,
    summary: "A node to leave alone; may be given several times.",
  },
  only: { value: "rules", summary: "Repair rules and drain, but do not level." },
  failover: {
    value: "report|keep|restore",
    summary: "Mind what happens if a node fails (N+1): tell it, keep it covered, or restore that.",
  },
  "max-parallel": { value: "N", summary: "Moves at the same time in the whole cluster." },
};
