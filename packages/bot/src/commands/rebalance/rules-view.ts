import type { RuleReport } from "@kappa4/sdk/balancing";
import { count } from "../../view/format.ts";
import type { View } from "../../view/model.ts";
import { conflictName, ruleName } from "./rule-words.ts";

type PlacementRule = RuleReport["rules"][number];

/** Options of {@link rulesView}. */
export interface RulesViewOptions {
  /** Lines of each list; the rest is counted. Default: all. */
  readonly most?: number | undefined;
}

/** Shows which rules hold, which do not, and which cannot. */
export function rulesView(report: RuleReport, options: RulesViewOptions = {}): View {
  const { rules, violations, conflicts } = report;
  const most = options.most ?? Number.POSITIVE_INFINITY;
  const isWell = violations.length === 0 && conflicts.length === 0;
  return {
    blocks: [
      { kind: "title", text: "Rules" },
      { kind: "text", text: verdict(report), tone: isWell ? "good" : "warning" },
      ...(conflicts.length > 0
        ? [
            {
              kind: "table",
              caption: "Cannot hold",
              layout: "lines",
              columns: [{ header: "Rule" }, { header: "Why, and what would help" }],
              rows: conflicts
                .slice(0, most)
                .map((conflict) => [conflictName(conflict), conflict.message]),
              rowHeader: 0,
            } as const,
          ]
        : []),
      ...(rules.length > 0
        ? [
            {
              kind: "table",
              caption: `All rules${rules.length > most ? ` (${most} of ${rules.length})` : ""}`,
              layout: "lines",
              columns: [
                { header: "Rule" },
                { header: "Wants" },
                { header: "State" },
                { header: "Who breaks it" },
              ],
              rows: worstFirst(report)
                .slice(0, most)
                .map((rule) => [ruleName(rule.id), wants(rule), ...stateOf(report, rule)]),
              rowHeader: 0,
            } as const,
          ]
        : []),
    ],
  };
}

function verdict({ rules, violations, conflicts }: RuleReport): string {
  if (rules.length === 0 && conflicts.length === 0) return "The cluster has no rules.";
  const all = count(rules.length, "rule", "rules");
  if (violations.length === 0 && conflicts.length === 0) return `${all}; all of them hold.`;
  return `${all}: ${violations.length} broken, ${conflicts.length} that cannot hold.`;
}

function worstFirst(report: RuleReport): readonly PlacementRule[] {
  const rank = (rule: PlacementRule): number =>
    ["cannot hold", "broken", "holds"].indexOf(stateOf(report, rule)[0]);
  return report.rules.toSorted((a, b) => rank(a) - rank(b));
}

function stateOf({ violations, conflicts }: RuleReport, { id }: PlacementRule): [string, string] {
  const broken = violations.find(({ rule }) => rule === id);
  const who = broken?.message ?? "";
  if (conflicts.some(({ rules }) => rules.includes(id))) return ["cannot hold", who];
  return [broken === undefined ? "holds" : "broken", who];
}

function wants(rule: PlacementRule): string {
  const guests = count(rule.guests.length, "guest", "guests");
  const soft = rule.hard ? "" : ", where possible";
  switch (rule.kind) {
    case "together":
      return `${guests} on one node${soft}`;
    case "apart":
      return `${guests} on different nodes${soft}`;
    case "pin":
      return `${guests} on ${rule.nodes.join(" or ")}${soft}`;
    case "ignore":
      return `${guests} never moved`;
  }
}
