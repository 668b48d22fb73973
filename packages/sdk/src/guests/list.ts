import type { Guest } from "@kappa4/connectors";
import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { type ConnectionInput, connectionField } from "../actions/inputs.ts";
import { onConnection } from "../actions/scopes.ts";

/** Which guests; what is left out does not narrow. */
export interface ListGuestsInput extends ConnectionInput {
  readonly node?: string | undefined;
  readonly pool?: string | undefined;
  readonly tag?: string | undefined;
  readonly status?: Guest["status"] | undefined;
}

/** `guests.list` */
export const list: ReadAction<ListGuestsInput, readonly Guest[]> = defineAction<
  ListGuestsInput,
  readonly Guest[]
>({
  name: "guests.list",
  description: "Lists the guests of a cluster, all or those of a node, a pool, a tag or a status.",
  kind: "read",
  risk: 0,
  permission: "guests.read",
  input: z.strictObject({
    connection: connectionField,
    node: z.string().min(1).optional().describe("Only those on this node."),
    pool: z.string().min(1).optional().describe("Only those of this pool."),
    tag: z.string().min(1).optional().describe("Only those with this tag."),
    status: z
      .enum(["running", "stopped", "paused", "unknown"])
      .optional()
      .describe("Only those in this state."),
  }),
  ...onConnection,
  async run({ systems, signal }, { connection, node, pool, tag, status }) {
    const cluster = await systems.cluster(connection);
    const { guests } = await cluster.snapshot({ signal });
    return guests.filter(
      (guest) =>
        (node === undefined || guest.node === node) &&
        (pool === undefined || guest.pool === pool) &&
        (tag === undefined || guest.tags.includes(tag)) &&
        (status === undefined || guest.status === status),
    );
  },
});
