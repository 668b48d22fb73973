import { defineConnector, Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import type { KnownConnectors } from "../../src/config/index.ts";

const options = z.strictObject({
  hosts: z.array(z.string()).min(1),
  auth: z.union([
    z.strictObject({ token: z.string().regex(/!/, "write a token as `user@realm!name=uuid`") }),
    z.strictObject({ user: z.string(), password: z.string() }),
  ]),
  port: z.int().max(65_535).default(8006),
  verify: z.boolean().default(true),
  ca: z.string().optional(),
});

/** A kind with the option shapes that real ones have; only its schema matters here. */
export const sampleConnectors: KnownConnectors = {
  kinds: ["sample", "other"],
  load: async (kind) =>
    defineConnector({
      kind,
      options,
      capabilities: [],
      connect() {
        throw new Kappa4Error("unsupported", "The sample connector connects to nothing.");
      },
    }),
};
