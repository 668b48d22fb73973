import type { SnapshotNode } from "@kappa4/connectors";
import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { type ConnectionInput, connectionField } from "../actions/inputs.ts";
import { onConnection } from "../actions/scopes.ts";

/** `nodes.list` */
export const list: ReadAction<ConnectionInput, readonly SnapshotNode[]> = defineAction<
  ConnectionInput,
  readonly SnapshotNode[]
>({
  name: "nodes.list",
  description: "Lists the nodes of a cluster with what they have and what is used of it.",
  kind: "read",
  risk: 0,
  permission: "nodes.read",
  input: z.strictObject({ connection: connectionField }),
  ...onConnection,
  async run({ systems, signal }, { connection }) {
    const cluster = await systems.cluster(connection);
    const { nodes } = await cluster.snapshot({ signal });
    return nodes.toSorted((a, b) => a.name.localeCompare(b.name, "en"));
  },
});
