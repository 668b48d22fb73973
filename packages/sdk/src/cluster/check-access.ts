import type { MissingAccess } from "@kappa4/connectors";
import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { type ConnectionInput, connectionField } from "../actions/inputs.ts";
import { onConnection } from "../actions/scopes.ts";

/** `cluster.checkAccess` */
export const checkAccess: ReadAction<ConnectionInput, readonly MissingAccess[]> = defineAction<
  ConnectionInput,
  readonly MissingAccess[]
>({
  name: "cluster.checkAccess",
  description: "Lists what the credentials of a connection lack for balancing.",
  kind: "read",
  risk: 0,
  permission: "connections.read",
  input: z.strictObject({ connection: connectionField }),
  ...onConnection,
  run: async ({ systems, signal }, { connection }) =>
    (await systems.cluster(connection)).checkAccess({ signal }),
});
