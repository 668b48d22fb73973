import type { Balance, NodeLoad, RebalancePlan } from "@kappa4/sdk/balancing";
import { capital, change, percent } from "../../view/format.ts";
import type { BarChartBlock, TableBlock } from "../../view/model.ts";
import { loadName } from "./words.ts";

/** Nodes a chart shows; with more, those whose load changes most. */
const CHART_NODES = 20;

const UNKNOWN = "–";

/** Balances to draw side by side; without `after` the cluster as it is. */
export interface BalancePair {
  readonly plan: Pick<RebalancePlan, "method" | "mode">;
  readonly before: Balance;
  readonly after?: Balance | undefined;
}

/** Draws the load of each node, before and after. */
export function balanceChart(pair: BalancePair): BarChartBlock {
  const rows = pairNodes(pair).filter(({ before }) => before.state !== "offline");
  const shown = mostChanged(rows, CHART_NODES);
  const left = rows.length - shown.length;
  const load = capital(loadName(pair.plan));
  const values = (pick: (row: NodePair) => NodeLoad): readonly number[] =>
    shown.map((row) => Math.round(pick(row).load * 100));
  const before = values((row) => row.before);
  const after = values((row) => row.after);
  const changes = pair.after !== undefined;
  return {
    kind: "barChart",
    title: `${load} per node${changes ? ", before and after" : ""}${left > 0 ? ` (${CHART_NODES} of ${rows.length})` : ""}`,
    categories: shown.map((row) => row.after.name),
    series: changes
      ? [
          { name: "before", values: before },
          { name: "after", values: after },
        ]
      : [{ name: "now", values: before }],
    unit: "%",
    ...(Math.max(0, ...before, ...after) <= 100 ? { max: 100 } : {}),
    alt: shown
      .map(
        (row) => `${row.after.name} ${change(percent(row.before.load), percent(row.after.load))}`,
      )
      .join(", "),
    tabulated: true,
  };
}

/** Lists every node: load and guests, before and after. */
export function balanceTable(pair: BalancePair): TableBlock {
  const load = loadName(pair.plan);
  const rows = pairNodes(pair);
  if (pair.after === undefined) {
    return {
      kind: "table",
      caption: `Nodes by ${load} in use`,
      columns: [
        { header: "Node" },
        { header: capital(load), align: "right" },
        { header: "Guests", align: "right" },
      ],
      rows: rows.map(({ before }) => [label(before), loadOf(before), guestsOn(before)]),
      rowHeader: 0,
    };
  }
  return {
    kind: "table",
    caption: `Nodes by ${load}, before and after`,
    columns: [
      { header: "Node" },
      { header: "Before", align: "right" },
      { header: "After", align: "right" },
      { header: "Guests", align: "right" },
    ],
    rows: rows.map(({ before, after }) => [
      label(after),
      loadOf(before),
      loadOf(after),
      change(guestsOn(before), guestsOn(after)),
    ]),
    rowHeader: 0,
  };
}

interface NodePair {
  readonly before: NodeLoad;
  readonly after: NodeLoad;
}

function pairNodes({ before, after }: BalancePair): readonly NodePair[] {
  const later = new Map((after ?? before).nodes.map((node) => [node.name, node]));
  return before.nodes.map((node) => ({ before: node, after: later.get(node.name) ?? node }));
}

function mostChanged(rows: readonly NodePair[], most: number): readonly NodePair[] {
  if (rows.length <= most) return rows;
  const size = ({ before, after }: NodePair): number => Math.abs(before.load - after.load);
  const kept = new Set([...rows].sort((one, other) => size(other) - size(one)).slice(0, most));
  return rows.filter((row) => kept.has(row));
}

function label(node: NodeLoad): string {
  return node.active ? node.name : `${node.name} (${node.state ?? "not levelled"})`;
}

/** Nothing is known of an offline node, and 0 % would look like room. */
function loadOf({ state, load }: NodeLoad): string {
  return state === "offline" ? UNKNOWN : percent(load);
}

function guestsOn({ state, guests }: NodeLoad): string {
  return state === "offline" ? UNKNOWN : String(guests);
}
