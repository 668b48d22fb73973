import { z } from "zod";
import type { MoveReasonCode, RebalanceHistory } from "../balancing/index.ts";
import { checkFile, parseJsonFile } from "./json-file.ts";

const name = z.string().min(1);

/** The `rebalance-history` format. */
export const historySchema: z.ZodType<RebalanceHistory> = z.looseObject({
  format: z.literal("rebalance-history"),
  version: z.literal(1),
  plans: z.int().nonnegative(),
  moves: z.array(
    z.looseObject({
      guest: z.union([z.int().nonnegative(), name]),
      from: name,
      to: name,
      at: z.iso.datetime(),
      plan: z.int().nonnegative(),
      reasons: z.array(
        z.custom<MoveReasonCode>((value) => typeof value === "string", "must be text"),
      ),
    }),
  ),
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
