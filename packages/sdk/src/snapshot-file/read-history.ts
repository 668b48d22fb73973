import { z } from "zod";
import type { MoveReasonCode, RebalanceHistory } from "../balancing/index.ts";
import { checkFile, parseJsonFile } from "./json-file.ts";

const name = z.string().min(1);

/** The `rebalance-history` format. */
export const historySchema: z.ZodType<RebalanceHistory> = z.looseObject({
  format: z.literal("rebalance-history").describe("What it is."),
  version: z.literal(1).describe("In which version of the format."),
  plans: z.int().nonnegative().describe("How many plans were recorded, those without moves too."),
  moves: z
    .array(
      z.looseObject({
        guest: z.union([z.int().nonnegative(), name]).describe("A guest by its id."),
        from: name.describe("The node that it left."),
        to: name.describe("The node that it came to."),
        at: z.iso.datetime().describe("When it was recorded."),
        plan: z.int().nonnegative().describe("Number of the plan that it was part of."),
        reasons: z
          .array(z.custom<MoveReasonCode>((value) => typeof value === "string", "must be text"))
          .describe("Why it was moved, as a plan gives it."),
      }),
    )
    .describe("What was moved, the oldest first."),
});

/**
 * Reads the text of a `rebalance-history` file, as `kappa4 rebalance apply --history FILE` keeps it. `source` is
 * what messages call it. Throws `config_invalid` with the path of each problem.
 */
export function readHistory(text: string, source: string): RebalanceHistory {
  const value = parseJsonFile(text, source, {
    format: "rebalance-history",
    version: 1,
    advice: "remove it, and `kappa4 rebalance apply --history` begins a new one",
  });
  return checkFile(historySchema, value, source);
}
