import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { instantField } from "../actions/inputs.ts";
import { onOrg } from "../actions/scopes.ts";
import { type Id, isId } from "../ids.ts";
import type { AuditFilter, StoredAuditEntry } from "../store/index.ts";

/** Which entries; what is left out does not narrow. */
export interface SearchAuditInput {
  /** What was asked for, for example `rebalance.apply`. */
  readonly action?: string | undefined;
  /** Who did it: the id of a person, or `local`, `system`. */
  readonly actor?: string | undefined;
  /** What it was done to, for example `connection:gold`. */
  readonly target?: string | undefined;
  readonly decision?: "allowed" | "refused" | undefined;
  /** `succeeded`, or the code of an error. */
  readonly result?: string | undefined;
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
  /** Older than this entry, by its id: the last one of the page before. */
  readonly before?: string | undefined;
  /** At most so many, 500 at the most. Default 100. */
  readonly limit?: number | undefined;
}

/** An entry of the record, as it was written: see docs/audit.md for its fields. */
export interface AuditEntryView {
  readonly id: Id<"aud">;
  readonly at: Date;
  /** Its place in the chain; undefined until it is sealed. */
  readonly seq: number | undefined;
  readonly entry: Readonly<Record<string, unknown>>;
}

const text = z.string().min(1).max(500).optional();

/** `audit.search` */
export const search: ReadAction<SearchAuditInput, readonly AuditEntryView[]> = defineAction<
  SearchAuditInput,
  readonly AuditEntryView[]
>({
  name: "audit.search",
  description: "Searches the record of who did what, and who was refused, the newest first.",
  kind: "read",
  risk: 0,
  permission: "audit.read",
  input: z.strictObject({
    action: text.describe("What was asked for, for example rebalance.apply."),
    actor: text.describe("Who did it: the id of a person, or local, system."),
    target: text.describe("What it was done to, for example connection:gold."),
    decision: z.enum(["allowed", "refused"]).optional().describe("Only what was allowed, or not."),
    result: text.describe("succeeded, or the code of an error."),
    from: instantField.optional().describe("Not before this."),
    to: instantField.optional().describe("Before this."),
    before: text.describe("Older than this entry, by its id."),
    limit: z
      .int()
      .min(1)
      .max(500)
      .optional()
      .describe("At most so many, 500 at the most. Default 100."),
  }),
  ...onOrg,
  audit: () => ({ targets: ["audit"] }),
  async run({ inOrg }, input) {
    const filter = filterOf(input);
    return (await inOrg((tx) => tx.audit.list(filter))).map(entryView);
  },
});

function filterOf(input: SearchAuditInput): AuditFilter {
  const { action, actor, target, decision, result, before, ...rest } = input;
  if (before !== undefined && !isId("aud", before)) {
    const message = `${before} is not the id of an entry; audit.search has them.`;
    throw new Kappa4Error("invalid_argument", message);
  }
  const isNamed = actor !== undefined && isId("usr", actor);
  const having = {
    ...(action === undefined ? {} : { action }),
    ...(actor === undefined ? {} : { actor: isNamed ? { id: actor } : { kind: actor } }),
    ...(target === undefined ? {} : { targets: [target] }),
    ...(decision === undefined ? {} : { decision }),
    ...(result === undefined ? {} : { result }),
  };
  return { ...rest, before, having };
}

function entryView({ id, at, seq, body }: StoredAuditEntry): AuditEntryView {
  const entry: unknown = JSON.parse(body);
  return { id, at, seq: seq ?? undefined, entry: { ...Object(entry) } };
}
