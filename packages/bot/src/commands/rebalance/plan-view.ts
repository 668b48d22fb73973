import type { Conflict, Move, RebalancePlan } from "@kappa4/sdk/balancing";
import { bytes, change, count, duration, names, points } from "../../view/format.ts";
import type { Action, Block, FactsBlock, RichText, TableBlock, View } from "../../view/model.ts";
import { balanceChart, balanceTable } from "./balance-blocks.ts";
import { conflictBlocks } from "./conflict-blocks.ts";
import { againstRules, drains, stillOn } from "./drains.ts";
import { movesFile } from "./moves-file.ts";
import { busiestChange, loadName, obstacleOf } from "./words.ts";

/** Options of {@link planView}. */
export interface PlanViewOptions {
  /** Short id people can say, for example `P-7F3K`. */
  readonly id?: string | undefined;
  /** What the reader can do with the plan. */
  readonly actions?: readonly Action[] | undefined;
  /** Small print at the end: how long the plan holds, who asked for it. */
  readonly note?: RichText | undefined;
  /** What became of the plan; shown right below the title. */
  readonly state?: RichText | undefined;
  /** Moves, blocked guests and conflicts listed each; the rest is counted and in a file. Default: all. */
  readonly most?: number | undefined;
}

const LEFT_OUT: readonly Conflict["code"][] = ["node-offline", "own-balancer"];

/** Shows a plan: the result in a sentence, the balance before and after, each move and why, and what cannot be had. */
export function planView(plan: RebalancePlan, options: PlanViewOptions = {}): View {
  const most = options.most ?? Number.POSITIVE_INFINITY;
  const hasMoves = plan.moves.length > 0;
  const conflicts = plan.conflicts.filter(({ code }) => !LEFT_OUT.includes(code));
  const pair = { plan, before: plan.before, ...(hasMoves ? { after: plan.after } : {}) };
  const blocks: Block[] = [
    {
      kind: "title",
      text: `Plan${options.id === undefined ? "" : ` ${options.id}`} · cluster ${plan.cluster}`,
    },
    ...(options.state === undefined ? [] : [{ kind: "text", text: options.state } as const]),
    {
      kind: "text",
      text: planSentence(plan),
      tone: plan.status === "partial" ? "warning" : "good",
    },
    ...leftOut(plan),
    planFacts(plan),
    balanceChart(pair),
    balanceTable(pair),
    ...(hasMoves ? [movesTable(plan, most)] : []),
    ...remainder(plan.moves.length, most, "moves"),
    ...(plan.blocked.length > 0 ? [blockedTable(plan, most)] : []),
    ...remainder(plan.blocked.length, most, "guests that stay"),
    ...conflictBlocks(conflicts, "Cannot hold", most),
    ...remainder(conflicts.length, most, "conflicts"),
    ...(options.note === undefined ? [] : [{ kind: "note", text: options.note } as const]),
    ...(options.actions === undefined || options.actions.length === 0
      ? []
      : [{ kind: "actions", actions: options.actions } as const]),
  ];
  const tooLong = Math.max(plan.moves.length, plan.blocked.length, plan.conflicts.length) > most;
  return tooLong ? { blocks, files: [movesFile(plan, options.id)] } : { blocks };
}

/** Says in one sentence what a plan would do. */
export function planSentence(plan: RebalancePlan): string {
  const load = loadName(plan);
  const { before, after } = plan;
  if (plan.moves.length === 0) {
    const spent = plan.conflicts.find(({ code }) => code === "allowance-used");
    if (spent !== undefined) return `Nothing moves: ${lowered(spent.message)}`;
    if (plan.status === "partial")
      return `No move would help cluster ${plan.cluster} now: what stands in the way is listed below.`;
    return `Nothing to move: the nodes differ by ${points(before.spread)} points of ${load}, and the target is ${points(plan.balanciness)}.`;
  }
  const gains = [busiestGain(plan), repairGain(plan), drainGain(plan)].filter(
    (gain) => gain !== undefined,
  );
  const moves = count(plan.moves.length, "move", "moves");
  if (gains.length === 0) {
    return `${moves} would change the difference between nodes from ${points(before.spread)} to ${points(after.spread)} points of ${load}.`;
  }
  return `${moves} would ${listed(gains)}.`;
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function busiestGain(plan: RebalancePlan): string | undefined {
  const gain = busiestChange(plan, plan.before, plan.after);
  return gain === undefined ? undefined : `lower the busiest node ${gain}`;
}

function repairGain(plan: RebalancePlan): string | undefined {
  const { before, after } = againstRules(plan);
  if (before <= after) return undefined;
  if (after === 0) return `repair ${count(before, "rule violation", "rule violations")}`;
  return `repair ${before - after} of ${before} rule violations`;
}

function drainGain(plan: RebalancePlan): string | undefined {
  const left = drains(plan).filter(({ leaving }) => leaving > 0);
  const nodes = left.map(({ node, staying }) =>
    staying.length === 0 ? node : `${node} of all but ${names(staying, 3)}`,
  );
  return nodes.length === 0 ? undefined : `empty ${listed(nodes)}`;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** Counts what a plan comes to. */
export function planFacts(plan: RebalancePlan): FactsBlock {
  const { before, after, moves } = plan;
  const memory = moves.reduce((sum, move) => sum + move.memoryBytes, 0);
  const disk = moves.reduce((sum, move) => sum + move.diskBytes, 0);
  const copied = [
    `${bytes(memory)} of memory`,
    ...(disk > 0 ? [`${bytes(disk)} of local disk`] : []),
  ].join(", ");
  const ofMoves = [
    { name: "Time", value: `about ${duration(plan.durationSeconds)}` },
    { name: "To copy", value: copied },
    { name: "Downtime", value: downtime(moves) },
  ];
  return {
    kind: "facts",
    facts: [
      {
        name: "Balance (highest minus lowest)",
        value: `${change(points(before.spread), points(after.spread))} points, target ${points(plan.balanciness)}`,
      },
      ...(plan.method === "cpu"
        ? []
        : [
            {
              name: "CPU balance",
              value: `${change(points(before.cpuSpread), points(after.cpuSpread))} points`,
            },
          ]),
      { name: "Rules", value: rules(plan) },
      ...maintenance(plan),
      ...(moves.length > 0 ? ofMoves : []),
    ],
  };
}

function rules(plan: RebalancePlan): string {
  const { before, after } = againstRules(plan);
  const unholdable = new Set(plan.conflicts.flatMap(({ rules }) => rules)).size;
  const rest = unholdable === 0 ? "" : `, ${unholdable} cannot hold (see below)`;
  if (before === 0 && after === 0) return `none broken${rest}`;
  return `${change(String(before), String(after))} ${after === 1 && before === 1 ? "guest" : "guests"} against a rule`;
}

function maintenance(plan: RebalancePlan): FactsBlock["facts"] {
  const emptied = drains(plan);
  const { before, after } = stillOn(plan, emptied);
  if (before === 0) return [];
  const where = names(
    emptied.map(({ node }) => node),
    3,
  );
  const guests = after === 1 && before === 1 ? "running guest" : "running guests";
  return [
    {
      name: "Maintenance",
      value: `${change(String(before), String(after))} ${guests} on ${where}`,
    },
  ];
}

function downtime(moves: readonly Move[]): string {
  const restarted = moves.filter(({ mode }) => mode === "restart").map(({ name }) => name);
  return restarted.length === 0 ? "none" : `${names(restarted, 3)}: stopped and started again`;
}

/** Lists the moves in their order. */
export function movesTable(plan: RebalancePlan, most: number): TableBlock {
  return {
    kind: "table",
    caption: "Moves",
    layout: "lines",
    columns: [
      { header: "#", align: "right" },
      { header: "Guest" },
      { header: "From → to" },
      { header: "Memory", align: "right" },
      { header: "How" },
      { header: "Why" },
    ],
    rows: plan.moves
      .slice(0, most)
      .map((move, index) => [
        String(index + 1),
        move.name,
        `${move.from} → ${move.to}`,
        bytes(move.memoryBytes),
        move.mode,
        move.reasons[0]?.message ?? "",
      ]),
    rowHeader: 1,
  };
}

function blockedTable(plan: RebalancePlan, most: number): TableBlock {
  return {
    kind: "table",
    caption: "Should move and cannot",
    layout: "lines",
    columns: [{ header: "Guest" }, { header: "On" }, { header: "What stands in the way" }],
    rows: plan.blocked.slice(0, most).map((entry) => [entry.name, entry.node, obstacleOf(entry)]),
    rowHeader: 0,
  };
}

/** What the figures or the moves leave out stands above them. */
function leftOut({ conflicts }: RebalancePlan): readonly Block[] {
  const told = conflicts.filter(({ code }) => LEFT_OUT.includes(code));
  if (told.length === 0) return [];
  const text = told.map(({ message }) => message).join(" ");
  return [{ kind: "text", tone: "warning", text }];
}

function remainder(total: number, most: number, what: string): readonly Block[] {
  if (total <= most) return [];
  return [
    {
      kind: "note",
      text: `${most} of ${total} ${what} shown; the file with this message has all.`,
    },
  ];
}
