import type { Model } from "../model/model.ts";
import { buildUnits } from "../model/units.ts";
import type { RuleReport, RuleViolation } from "../rule-report.ts";
import { ruleConflicts } from "../telling/conflicts-rules.ts";
import { some } from "../telling/words.ts";
import { type BrokenRule, brokenRules } from "./violations.ts";

/** Puts into words which rules there are, which do not hold, and which cannot. */
export function reportRules(model: Model): RuleReport {
  return {
    rules: model.rules,
    violations: brokenRules(model, model.home).map((broken) => describe(model, broken)),
    conflicts: [...model.problems, ...ruleConflicts(model, buildUnits(model))],
  };
}

function describe(model: Model, { rule, guests }: BrokenRule): RuleViolation {
  const nodeOf = (g: number): string => model.guests[g]?.node ?? "";
  const listed = guests.map((g) => ({
    guest: model.guests[g]?.id ?? "",
    name: model.guests[g]?.name ?? "",
    node: nodeOf(g),
  }));
  const where = some(listed.map(({ name, node }) => `${name} (on ${node})`));
  const wants = {
    together: `should be on one node with the other guests of rule ${rule.id}`,
    apart: `should not share a node with other guests of rule ${rule.id}`,
    pin: `should be on ${rule.kind === "pin" ? rule.nodes.join(" or ") : ""}`,
    ignore: "should stay",
  }[rule.kind];
  const { id, kind, hard } = rule;
  return { rule: id, kind, hard, guests: listed, message: `${where} ${wants}.` };
}
