import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { type ConnectionInput, connectionField } from "../actions/inputs.ts";
import { onConnection } from "../actions/scopes.ts";

/** What answers at a connection. */
export interface PingAnswer {
  /** Name of the connector, for example `proxmox`. */
  readonly kind: string;
  readonly version: string;
}

/** `cluster.ping` */
export const ping: ReadAction<ConnectionInput, PingAnswer> = defineAction<
  ConnectionInput,
  PingAnswer
>({
  name: "cluster.ping",
  description: "Asks whether a connection answers and accepts its credentials.",
  kind: "read",
  risk: 0,
  permission: "overview.read",
  input: z.strictObject({ connection: connectionField }),
  ...onConnection,
  async run({ systems, signal }, { connection }) {
    const connector = await systems.get(connection);
    const { version } = await connector.ping({ signal });
    return { kind: connector.kind, version };
  },
});
