import type { Conflict } from "@kappa4/sdk/balancing";
import type { Block } from "../../view/model.ts";
import { conflictName } from "./rule-words.ts";

/** Lists what cannot be had, each with why and what would help; nothing when there is nothing. */
export function conflictBlocks(
  conflicts: readonly Conflict[],
  caption: string,
  most: number,
): readonly Block[] {
  if (conflicts.length === 0) return [];
  return [
    {
      kind: "table",
      caption,
      layout: "lines",
      columns: [{ header: "Rule" }, { header: "Why, and what would help" }],
      rows: conflicts.slice(0, most).map((conflict) => [conflictName(conflict), conflict.message]),
      rowHeader: 0,
    },
  ];
}
