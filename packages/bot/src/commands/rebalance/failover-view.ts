import type { FailedGuest, FailoverReport, NodeFailover } from "@kappa4/sdk/balancing";
import { count } from "../../view/format.ts";
import type { Block, TableBlock, View } from "../../view/model.ts";

/** Options of {@link failoverView}. */
export interface FailoverViewOptions {
  /** Lines of each list; the rest is counted. Default: all. */
  readonly most?: number | undefined;
}

/** Shows what becomes of the guests when a node fails, node by node. */
export function failoverView(report: FailoverReport, options: FailoverViewOptions = {}): View {
  const { nodes, holds } = report;
  const broken = nodes.filter((node) => !node.holds);
  const lost = nodes.reduce((sum, node) => sum + node.lost.length, 0);
  const verdict = holds
    ? "Whichever node fails, every guest that can run elsewhere finds a place on the others (N+1)."
    : `${count(broken.length, "node is", "nodes are")} not covered (N+1): when one of them fails, not all of its guests find a place.`;
  const blocks: Block[] = [
    { kind: "title", text: "If a node fails" },
    { kind: "text", text: verdict, tone: holds ? "good" : "warning" },
    nodeTable(nodes, options.most),
    ...guestTables(nodes, options.most),
  ];
  if (lost > 0) blocks.push(lossNote());
  return { blocks };
}

/** Lists guests that find no place, and those that exist only on a node that fails. */
export function guestTables(nodes: readonly NodeFailover[], most?: number): readonly Block[] {
  const unplaced = nodes.flatMap(({ node, unplaced: guests, proven }) =>
    guests.map((guest) => [node, guest.name, starter(guest), reason(guest.message, proven)]),
  );
  const lost = nodes.flatMap(({ node, lost: guests }) =>
    guests.map((guest) => [node, guest.name, guest.message]),
  );
  const columns = [{ header: "Node" }, { header: "Guest" }];
  return [
    ...list(
      "Would find no place",
      [...columns, { header: "Restart" }, { header: "Why" }],
      unplaced,
      most,
    ),
    ...list("Would be lost with their node", [...columns, { header: "Why" }], lost, most),
  ];
}

/** Says what losing a guest means. */
export function lossNote(): Block {
  const text =
    "What lies on a node's own storage is not on any other; a backup or a replica has to bring it back.";
  return { kind: "note", text };
}

/** Says who starts a guest again. */
export function starter({ ha }: FailedGuest): string {
  return ha ? "by HA" : "by hand";
}

function reason(message: string, proven: boolean): string {
  return proven ? message : `${message} (a longer search might find a place)`;
}

function nodeTable(nodes: readonly NodeFailover[], most = nodes.length): TableBlock {
  // What is not well comes first where not all are shown.
  const shown =
    nodes.length > most
      ? nodes.toSorted((a, b) => b.unplaced.length - a.unplaced.length).slice(0, most)
      : nodes;
  return {
    kind: "table",
    caption: `What becomes of the guests${nodes.length > most ? ` (${most} of ${nodes.length} nodes)` : ""}`,
    columns: [
      { header: "If it fails" },
      { header: "Restart by HA", align: "right" },
      { header: "By hand", align: "right" },
      { header: "No place", align: "right" },
      { header: "Lost", align: "right" },
    ],
    rows: shown.map(({ node, restarts, unplaced, lost }) => [
      node,
      String(restarts.filter(({ ha }) => ha).length),
      String(restarts.filter(({ ha }) => !ha).length),
      String(unplaced.length),
      String(lost.length),
    ]),
    rowHeader: 0,
  };
}

function list(
  caption: string,
  columns: TableBlock["columns"],
  rows: TableBlock["rows"],
  most = rows.length,
): readonly Block[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, most);
  const table = {
    kind: "table",
    caption,
    columns,
    rows: shown,
    rowHeader: 1,
    layout: "lines",
  } as const;
  if (shown.length === rows.length) return [table];
  return [table, { kind: "note", text: `${most} of ${rows.length} guests shown.` }];
}
