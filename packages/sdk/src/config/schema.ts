import { z } from "zod";
import { OURSELVES } from "../ourselves.ts";
import { approvalsSchema } from "./approvals-schema.ts";
import { balancingSchema } from "./balancing-schema.ts";
import type {
  ApplySettings,
  AuditSettings,
  Kappa4Config,
  PersonConfig,
  StoreSettings,
} from "./types.ts";

const CONNECTION_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

const connection = z
  .looseObject({
    kind: z.string().min(1).describe("Which connector speaks to it."),
    balancing: balancingSchema
      .optional()
      .describe("What differs here from the common `balancing`."),
  })
  .describe("One outside system; the other keys are those of its kind.");

/** The `apply` part of a configuration. */
export const applySchema: z.ZodType<ApplySettings> = z
  .strictObject({
    maxParallel: z.int().min(1).describe("Moves at the same time. Default: as in `balancing`."),
    maxInflowPerNode: z.int().min(1).describe("Moves at the same time onto one node."),
    maxOutflowPerNode: z.int().min(1).describe("Moves at the same time away from one node."),
    onFailure: z
      .enum(["stop", "continue"])
      .describe("What happens after a failed move. Default stop: nothing more is started."),
  })
  .partial();

/** The `store` part of a configuration. */
const storeSchema: z.ZodType<StoreSettings> = z
  .strictObject({
    url: z
      .string()
      .regex(/^postgres(ql)?:\/\//, "must be an address such as postgres://host/database")
      .describe("A PostgreSQL database. Default: $DATABASE_URL, else a store embedded in `path`."),
    ownerUrl: z
      .string()
      .regex(/^postgres(ql)?:\/\//, "must be an address such as postgres://host/database")
      .describe("The same database as the login that owns the tables; only migrations use it."),
    path: z.string().min(1).describe("The folder of the embedded store. Default .kappa4."),
  })
  .partial();

/** The `audit` part of a configuration. */
const auditSchema: z.ZodType<AuditSettings> = z.strictObject({
  name: z
    .string()
    .regex(/^[^\s+]{1,100}$/, "must have neither spaces nor a plus sign")
    .optional()
    .describe("Under which name checkpoints are signed. Default kappa4."),
  privateKey: z
    .string()
    .regex(
      /^-----BEGIN PRIVATE KEY-----/,
      "must be an Ed25519 key in PEM; `openssl genpkey -algorithm ed25519` makes one",
    )
    .describe("What checkpoints of the audit record are signed with: Ed25519, in PEM."),
});

/** One entry of the `people` part of a configuration. */
const personSchema: z.ZodType<PersonConfig> = z
  .strictObject({
    name: z.string().trim().min(1).max(200).describe("As others know them."),
    email: z.email("must be an e-mail address").optional().describe("Unique in the organisation."),
    role: z
      .string()
      .min(1)
      .describe("viewer, operator, admin, super_admin, or the key of a role of your own."),
    slack: z
      .string()
      .regex(/^[UW][A-Z0-9]+$/, "must be a Slack member id such as U012ABCDEF")
      .optional()
      .describe("Member id in Slack, for example U012ABCDEF."),
  })
  .refine(({ email, slack }) => email !== undefined || slack !== undefined, {
    error: "give an e-mail address, a Slack member id, or both",
  });

/** The configuration without the connectors' own options, which each kind checks by its own schema. */
export const configSchema: z.ZodType<Kappa4Config> = z.strictObject({
  $schema: z.string().optional().describe("Where an editor finds the schema of this file."),
  connections: z
    .record(
      z
        .string()
        .regex(
          CONNECTION_NAME,
          "a name is letters, digits, dots, dashes and underscores, at most 63",
        )
        .refine((name) => name !== OURSELVES.connection, {
          error: "kappa4 is what Kappa4 calls itself in plans and runs; choose another name",
        }),
      connection,
    )
    .refine((connections) => Object.keys(connections).length > 0, {
      error: "name at least one connection",
    })
    .describe("The outside systems, by a name of your choice."),
  balancing: balancingSchema.prefault({}).describe("How clusters are levelled."),
  apply: applySchema.prefault({}).describe("How plans are carried out."),
  store: storeSchema.prefault({}).describe("Where plans, approvals, runs and the audit are kept."),
  approvals: approvalsSchema.optional().describe("What differs from the usual rules of approval."),
  audit: auditSchema.optional().describe("What vouches for the audit record."),
  people: z.array(personSchema).max(10_000).optional().describe("Who may do what."),
  slack: z.unknown().optional().describe("The Slack app; checked when the bot starts."),
});
