import type { PlacementRule } from "@kappa4/connectors";
import type { FlagValues } from "../flags/flag-values.ts";

const KINDS = ["together", "apart", "pin"] as const;

/** Reads the rule that flags describe; guests are named by id or name. Notes a problem when they describe none. */
export function newRule(flags: FlagValues): PlacementRule {
  const given = KINDS.filter((kind) => flags.has(kind));
  const [kind = "apart"] = given;
  if (given.length === 0) flags.problem("together", "missing; or give --apart or --pin");
  for (const other of given.slice(1)) {
    flags.problem(other, `one rule at a time; leave out --${kind} or --${other}`);
  }
  const guests = flags.list(kind) ?? [];
  const nodes = flags.list("to") ?? [];
  const common = { guests, hard: !flags.has("soft"), source: "config" } as const;
  const id = `${kind}:${guests.join("+")}`;
  if (kind === "pin") {
    if (nodes.length === 0) flags.problem("to", "missing; --pin needs the nodes");
    return { ...common, id, kind, nodes };
  }
  if (flags.has("to")) flags.problem("to", "belongs to --pin; leave it out");
  if (guests.length === 1) flags.problem(kind, "needs two guests or more, separated by commas");
  return { ...common, id, kind };
}
