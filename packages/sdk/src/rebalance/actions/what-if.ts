import { z } from "zod";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { onConnection } from "../../actions/scopes.ts";
import type { WhatIf, WhatIfChange } from "../../balancing/index.ts";
import { readCluster } from "../plan-cluster.ts";
import { checkChanges } from "../what-if-changes.ts";
import { type ClusterInput, clusterFields } from "./inputs.ts";
import { optionsOf } from "./options.ts";
import { whatIfChange } from "./what-if-schema.ts";

/** What might happen, in this order. Guests in rules may be named by id or name. */
export interface WhatIfInput extends ClusterInput {
  readonly changes: readonly WhatIfChange[];
}

/** `rebalance.whatIf` */
export const whatIf: ReadAction<WhatIfInput, WhatIf> = defineAction<WhatIfInput, WhatIf>({
  name: "rebalance.whatIf",
  description: "Says what would become of a cluster if something happened to it; changes nothing.",
  kind: "read",
  risk: 0,
  permission: "rebalance.plan",
  input: z.strictObject({
    ...clusterFields,
    changes: z.array(whatIfChange).min(1).describe("What might happen, in this order."),
  }),
  ...onConnection,
  async run(context, input) {
    const { systems, engine, signal } = context;
    const cluster = await systems.cluster(input.connection);
    const options = await optionsOf(context, input);
    // Which guests a failure or a drain concerns is known only after planning: the disks of all are read.
    const snapshot = await readCluster(cluster, { ...options, signal, detail: "full" });
    return engine.run("whatIf", [snapshot, checkChanges(snapshot, input.changes), options], signal);
  },
});
