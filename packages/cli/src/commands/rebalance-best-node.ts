import { type CommandSpec, defineCommand } from "../command.ts";
import { connectionFlags, outputFlags, planFlags, snapshotFlags } from "../flags/common-flags.ts";

const { method, mode, maintenance, "ignore-node": ignoreNode } = planFlags;

/** Ranks the nodes as a home for a guest. */
export const bestNode: CommandSpec = defineCommand({
  name: "rebalance best-node",
  summary: "Rank the nodes as a home for a guest that is there, or for a new one.",
  positional: { name: "GUEST", summary: "the id or name of a guest", required: false },
  flags: {
    ...connectionFlags,
    ...snapshotFlags,
    memory: { value: "SIZE", summary: "Memory of a new guest, for example 8GiB." },
    cores: { value: "N", summary: "Cores of a new guest." },
    tag: {
      value: "TAG",
      multiple: true,
      summary: "A tag of the new guest; may be given several times.",
    },
    pool: { value: "NAME", summary: "The pool of the new guest." },
    method,
    mode,
    maintenance,
    "ignore-node": ignoreNode,
    ...outputFlags,
  },
  examples: ["rebalance best-node 104", "rebalance best-node --memory 8GiB --cores 4"],
  load: async () => (await import("../run/best-node.ts")).runBestNode,
});
