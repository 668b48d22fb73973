import { type Command, defineCommand } from "./define.ts";
import { apply } from "./rebalance/verbs/apply.ts";
import { bestNode } from "./rebalance/verbs/best-node.ts";
import { cancel } from "./rebalance/verbs/cancel.ts";
import { discard } from "./rebalance/verbs/discard.ts";
import { dryRun } from "./rebalance/verbs/dry-run.ts";
import { explain } from "./rebalance/verbs/explain.ts";
import { rules } from "./rebalance/verbs/rules.ts";
import { status } from "./rebalance/verbs/status.ts";
import { whatif } from "./rebalance/verbs/whatif.ts";

/** Levels a cluster: plan, look, apply. */
export const rebalance: Command = defineCommand({
  name: "rebalance",
  summary:
    "Levels a cluster. A dry run makes a plan and changes nothing; apply does exactly what the plan says.",
  verbs: {
    "dry-run": dryRun,
    apply,
    status,
    explain,
    "best-node": bestNode,
    whatif,
    rules,
    cancel,
    discard,
  },
});
