import { type Guest, Kappa4Error, type SnapshotNode } from "@kappa4/connectors";
import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { type ConnectionInput, connectionField } from "../actions/inputs.ts";
import { onConnection } from "../actions/scopes.ts";
import { closest } from "../closest.ts";

/** A node by its name. */
export interface GetNodeInput extends ConnectionInput {
  readonly node: string;
}

/** A node and the guests on it. */
export interface NodeView extends SnapshotNode {
  readonly guests: readonly Guest[];
}

/** `nodes.get` */
export const get: ReadAction<GetNodeInput, NodeView> = defineAction<GetNodeInput, NodeView>({
  name: "nodes.get",
  description: "Shows one node and the guests on it.",
  kind: "read",
  risk: 0,
  permission: "nodes.read",
  input: z.strictObject({
    connection: connectionField,
    node: z.string().min(1).describe("A node of the cluster, by its name."),
  }),
  ...onConnection,
  async run({ systems, signal }, { connection, node: name }) {
    const cluster = await systems.cluster(connection);
    const { nodes, guests, meta } = await cluster.snapshot({ signal });
    const node = nodes.find((one) => one.name === name);
    if (node !== undefined)
      return { ...node, guests: guests.filter((guest) => guest.node === name) };
    const names = nodes.map((one) => one.name);
    const guess = closest(name, names);
    const hint = guess === undefined ? `There are ${names.join(", ")}.` : `Did you mean ${guess}?`;
    throw new Kappa4Error("not_found", `${meta.name} has no node ${JSON.stringify(name)}. ${hint}`);
  },
});
