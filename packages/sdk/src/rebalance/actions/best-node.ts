import type { GuestId } from "@kappa4/connectors";
import { z } from "zod";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { guestField } from "../../actions/inputs.ts";
import { onConnection } from "../../actions/scopes.ts";
import type { NodeChoice } from "../../balancing/index.ts";
import { getGuest } from "../get-guest.ts";
import { readCluster, withDetails } from "../plan-cluster.ts";
import { type ClusterInput, clusterFields, type NewGuest, newGuest } from "./inputs.ts";
import { optionsOf } from "./options.ts";

/** A guest that is there, by id or name, or one that is not there yet. */
export interface BestNodeInput extends ClusterInput {
  readonly guest: GuestId | NewGuest;
}

/** `rebalance.bestNode` */
export const bestNode: ReadAction<BestNodeInput, readonly NodeChoice[]> = defineAction<
  BestNodeInput,
  readonly NodeChoice[]
>({
  name: "rebalance.bestNode",
  description:
    "Ranks the nodes of a cluster as a home for a guest that is there, or for a new one.",
  kind: "read",
  risk: 0,
  permission: "nodes.read",
  input: z.strictObject({
    ...clusterFields,
    guest: z
      .union([guestField, newGuest])
      .describe("A guest by id or name, or what a new one needs."),
  }),
  ...onConnection,
  async run(context, input) {
    const { systems, engine, signal } = context;
    const { guest } = input;
    const cluster = await systems.cluster(input.connection);
    const options = await optionsOf(context, input);
    const snapshot = await readCluster(cluster, { ...options, signal });
    if (typeof guest === "object")
      return engine.run("pickBestNode", [snapshot, guest, options], signal);
    const { id } = getGuest(snapshot, guest);
    const details = await cluster.describeGuests([id], { signal, snapshot });
    return engine.run("pickBestNode", [withDetails(snapshot, details), id, options], signal);
  },
});
