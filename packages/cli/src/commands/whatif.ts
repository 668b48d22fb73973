import { type CommandSpec, defineCommand } from "../command.ts";
import { connectionFlags, outputFlags, planFlags, snapshotFlags } from "../flags/common-flags.ts";

const common = { ...connectionFlags, ...snapshotFlags, ...planFlags, ...outputFlags };
const { balanciness: _target, ...withoutTarget } = common;

const notes = [
  "Nothing is changed. Ends with 11 when something becomes impossible that is possible now.",
];

const nodeFails = defineCommand({
  name: "whatif node-fails",
  summary:
    "Say where the guests of a node would start if it failed; without a node, of each one (N+1).",
  positional: { name: "NODE", summary: "the node that fails", required: false },
  flags: common,
  examples: ["whatif node-fails", "whatif node-fails pve2"],
  notes,
  load: async () => (await import("../run/what-if.ts")).runNodeFails,
});

const nodeAdded = defineCommand({
  name: "whatif node-added",
  summary: "Plan with one more node: like one that is there, or of a size.",
  positional: { name: "NODE", summary: "the name of the new node", required: true },
  flags: {
    like: { value: "NODE", summary: "The node that the new one is like." },
    memory: { value: "SIZE", summary: "Memory of the new node, for example 256GiB." },
    cores: { value: "N", summary: "Cores of the new node." },
    ...common,
  },
  examples: [
    "whatif node-added pve9 --like pve1",
    "whatif node-added pve9 --memory 256GiB --cores 64",
  ],
  notes,
  load: async () => (await import("../run/what-if.ts")).runNodeAdded,
});

const drain = defineCommand({
  name: "whatif drain",
  summary: "Say how a node would be emptied, and what could not leave it.",
  positional: { name: "NODE", summary: "the node to empty", required: true },
  flags: common,
  examples: ["whatif drain pve2"],
  notes,
  load: async () => (await import("../run/what-if.ts")).runDrain,
});

const guestAdded = defineCommand({
  name: "whatif guest-added",
  summary: "Say where a new guest would go, and what would move after it.",
  flags: {
    memory: { value: "SIZE", summary: "Memory of the new guest, for example 8GiB." },
    cores: { value: "N", summary: "Cores of the new guest." },
    tag: {
      value: "TAG",
      multiple: true,
      summary: "A tag of the new guest; may be given several times.",
    },
    pool: { value: "NAME", summary: "The pool of the new guest." },
    ...common,
  },
  examples: ["whatif guest-added --memory 8GiB --cores 2"],
  notes,
  load: async () => (await import("../run/what-if.ts")).runGuestAdded,
});

const ruleAdded = defineCommand({
  name: "whatif rule-added",
  summary: "Say what a new rule would move, and whether it can hold.",
  flags: {
    together: { value: "GUESTS", summary: "Ids or names, separated by commas: all on one node." },
    apart: { value: "GUESTS", summary: "No two of them on one node." },
    pin: { value: "GUESTS", summary: "Each on one of the nodes of --to." },
    to: { value: "NODES", summary: "The nodes of --pin, separated by commas." },
    soft: { summary: "A wish: followed where nothing hard speaks against it." },
    ...common,
  },
  examples: [
    "whatif rule-added --apart web-01,web-02",
    "whatif rule-added --pin db-01 --to pve1,pve2 --soft",
  ],
  notes,
  load: async () => (await import("../run/what-if.ts")).runRuleAdded,
});

const target = defineCommand({
  name: "whatif target",
  summary: "Say what another target would move.",
  positional: {
    name: "POINTS",
    summary: "the difference allowed between nodes, in percentage points",
    required: true,
  },
  flags: withoutTarget,
  examples: ["whatif target 5"],
  notes,
  load: async () => (await import("../run/what-if.ts")).runTarget,
});

/** Questions about what does not happen. */
export const whatIfCommands: readonly CommandSpec[] = [
  nodeFails,
  nodeAdded,
  drain,
  guestAdded,
  ruleAdded,
  target,
];
