import type { ClusterSnapshot } from "@kappa4/connectors";
import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { type ConnectionInput, connectionField } from "../actions/inputs.ts";
import { onConnection } from "../actions/scopes.ts";

/** How much is read. */
export interface SnapshotInput extends ConnectionInput {
  /** `full` also reads what only each guest's own configuration tells. Default `overview`. */
  readonly detail?: "overview" | "full" | undefined;
  /** Also reads pressure stall information. Default false. */
  readonly psi?: boolean | undefined;
}

/** `cluster.snapshot` */
export const snapshot: ReadAction<SnapshotInput, ClusterSnapshot> = defineAction<
  SnapshotInput,
  ClusterSnapshot
>({
  name: "cluster.snapshot",
  description: "Reads a whole cluster: nodes, guests, storages, rules.",
  kind: "read",
  risk: 0,
  permission: "guests.read",
  input: z.strictObject({
    connection: connectionField,
    detail: z.enum(["overview", "full"]).optional().describe("How much is read. Default overview."),
    psi: z.boolean().optional().describe("Also reads pressure stall information. Default false."),
  }),
  ...onConnection,
  run: async ({ systems, signal }, { connection, ...options }) =>
    (await systems.cluster(connection)).snapshot({ ...options, signal }),
});
