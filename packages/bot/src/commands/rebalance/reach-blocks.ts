import type { ApplyResult } from "@kappa4/sdk";
import { count, names } from "../../view/format.ts";
import type { Block } from "../../view/model.ts";
import { conflictBlocks } from "./conflict-blocks.ts";

/** Says of each node to be emptied whether it is, and whether more was asked for that is not reached. */
export function reachSentences(result: ApplyResult): readonly string[] {
  const { held, others } = sorted(result);
  const rest = count(others.length, "rule or target", "rules or targets");
  return [
    ...held.map(({ message }) => message),
    ...emptied(result),
    ...(others.length > 0 ? [`As the plan said, ${rest} cannot be reached.`] : []),
  ];
}

/** Ends a result with what people act on: is the node empty, and what is left to do. */
export function reachBlocks(result: ApplyResult, most: number): readonly Block[] {
  const { held, others } = sorted(result);
  return [
    ...conflictBlocks(others, "Not reached", most),
    ...held.map(({ message }): Block => ({ kind: "text", tone: "bad", text: message })),
    ...emptied(result).map((text): Block => ({ kind: "text", tone: "good", text })),
  ];
}

function sorted({ unreached }: ApplyResult): {
  readonly held: ApplyResult["unreached"];
  readonly others: ApplyResult["unreached"];
} {
  return {
    held: unreached.filter(({ code }) => code === "drain-blocked"),
    others: unreached.filter(({ code }) => code !== "drain-blocked"),
  };
}

/** Only what was looked at in the end is called empty. */
function emptied(result: ApplyResult): readonly string[] {
  const { plan, after } = result;
  const { held } = sorted(result);
  const { maintenanceNodes = [] } = plan;
  const empty = maintenanceNodes.filter((name) => held.every(({ node }) => node !== name));
  if (after === null || empty.length === 0) return [];
  return [`${names(empty, 10)} ${empty.length === 1 ? "is" : "are"} empty.`];
}
