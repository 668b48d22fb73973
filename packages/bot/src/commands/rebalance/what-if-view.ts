import type { Impossible, WhatIf, WhatIfChange } from "@kappa4/sdk/balancing";
import { bytes, capital, count, names, percent } from "../../view/format.ts";
import type { Block, TableBlock, View } from "../../view/model.ts";
import { guestTables, lossNote, starter } from "./failover-view.ts";
import { movesTable, planFacts, planSentence } from "./plan-view.ts";
import { ruleName } from "./rule-words.ts";
import { loadName } from "./words.ts";

/** Options of {@link whatIfView}. */
export interface WhatIfViewOptions {
  /** Lines of each list; the rest is counted. Default: all. */
  readonly most?: number | undefined;
}

/** Shows what would become of a cluster: what stops being possible, the loads now and then, and what would move. */
export function whatIfView(report: WhatIf, options: WhatIfViewOptions = {}): View {
  const { plan, impossible, failover, homes } = report;
  const most = options.most ?? Number.POSITIVE_INFINITY;
  const told = new Set(
    failover.flatMap(({ unplaced, lost }) => [...unplaced, ...lost]).map(({ guest }) => guest),
  );
  const others = impossible.filter(
    ({ guests: [guest] }) => guest === undefined || !told.has(guest),
  );
  const changes = report.changes.map(changeText).join(", then ");
  return {
    blocks: [
      { kind: "title", text: `What if ${changes} · cluster ${plan.cluster}` },
      { kind: "text", ...verdict(impossible) },
      ...guestTables(failover, options.most),
      ...(failover.some(({ lost }) => lost.length > 0) ? [lossNote()] : []),
      ...(others.length > 0 ? [impossibleTable(others, most)] : []),
      ...restartTable(report, most),
      ...homes.flatMap(homeText),
      { kind: "text", text: planText(report) },
      ...(plan.moves.length > 0 ? [planFacts(plan)] : []),
      loadTable(report, most),
      ...(plan.moves.length > 0 ? [movesTable(plan, most)] : []),
      ...(plan.moves.length > most
        ? [{ kind: "note", text: `${most} of ${plan.moves.length} moves shown.` } as const]
        : []),
    ],
  };
}

/** Says what happens, as it follows "What if". */
function changeText(change: WhatIfChange): string {
  switch (change.kind) {
    case "node-fails":
      return `${change.node} fails`;
    case "node-added": {
      const what =
        "like" in change
          ? `like ${change.like}`
          : `with ${count(change.cores, "core", "cores")} and ${bytes(change.memoryBytes)}`;
      return `${change.node} joins, ${what}`;
    }
    case "drain":
      return `${change.node} is emptied`;
    case "guest-added":
      return `a guest of ${count(change.guest.cores, "core", "cores")} and ${bytes(change.guest.memoryBytes)} is added`;
    case "rule-added":
      return `rule ${ruleName(change.rule.id)} is added`;
    case "target":
      return `the target is ${count(change.balanciness, "point", "points")}`;
  }
}

function verdict(impossible: readonly Impossible[]): {
  readonly text: string;
  readonly tone: "good" | "warning";
} {
  if (impossible.length === 0) return { text: "Nothing becomes impossible.", tone: "good" };
  const what = count(impossible.length, "thing becomes", "things become");
  return { text: `${what} impossible.`, tone: "warning" };
}

function impossibleTable(impossible: readonly Impossible[], most: number): TableBlock {
  return {
    kind: "table",
    caption: "Becomes impossible",
    layout: "lines",
    columns: [{ header: "What" }, { header: "Why" }],
    rows: impossible
      .slice(0, most)
      .map(({ code, rules, message }) => [
        rules.length > 0 ? names(rules.map(ruleName), 3) : code,
        message,
      ]),
    rowHeader: 0,
  };
}

function restartTable({ failover }: WhatIf, most: number): readonly Block[] {
  const rows = failover.flatMap(({ restarts }) =>
    restarts.map((guest) => [guest.name, guest.to, starter(guest)]),
  );
  if (rows.length === 0) return [];
  const table: TableBlock = {
    kind: "table",
    caption: `Restarts elsewhere${rows.length > most ? ` (${most} of ${rows.length})` : ""}`,
    columns: [{ header: "Guest" }, { header: "On" }, { header: "Restart" }],
    rows: rows.slice(0, most),
    rowHeader: 0,
  };
  return [table];
}

function homeText({ name, choices }: WhatIf["homes"][number]): readonly Block[] {
  const [best] = choices;
  if (best?.fits !== true) return [];
  const text = [`${name} goes to `, { bold: best.node }, `: ${best.message}.`];
  return [{ kind: "text", text }];
}

function planText({ plan }: WhatIf): string {
  if (plan.moves.length > 0) return `Then ${planSentence(plan)}`;
  return plan.status === "partial"
    ? "No move would help then."
    : "Nothing would have to move then.";
}

function loadTable({ now, plan }: WhatIf, most: number): TableBlock {
  const load = loadName(plan);
  const before = new Map(now.nodes.map((node) => [node.name, node]));
  const right = new Map(plan.before.nodes.map((node) => [node.name, node]));
  const nodes = plan.after.nodes.slice(0, most);
  return {
    kind: "table",
    caption: `${capital(load)} of each node${plan.after.nodes.length > most ? ` (${most} of ${plan.after.nodes.length})` : ""}`,
    columns: [
      { header: "Node" },
      { header: "Now", align: "right" },
      { header: "With the change", align: "right" },
      { header: "After the moves", align: "right" },
      { header: "Guests then", align: "right" },
    ],
    rows: nodes.map((node) => [
      node.active ? node.name : `${node.name} (out)`,
      figure(before.get(node.name)?.load),
      figure(right.get(node.name)?.load),
      percent(node.load),
      String(node.guests),
    ]),
    rowHeader: 0,
  };
}

function figure(load: number | undefined): string {
  return load === undefined ? "–" : percent(load);
}
