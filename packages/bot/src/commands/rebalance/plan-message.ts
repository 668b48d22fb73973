import { count, names, points } from "../../view/format.ts";
import type { Action, RichText, View } from "../../view/model.ts";
import type { CommandContext, PlanRecord, PlanState, Reply, StoredCall } from "../context.ts";
import { planView } from "./plan-view.ts";

/** Moves, guests and conflicts a chat message lists; files have the rest. */
const MOST_IN_CHAT = 20;

/** Draws the message of a stored plan as it stands now; only a plan that is ready has buttons. */
export function planMessage(context: Pick<CommandContext, "issue">, record: PlanRecord): View {
  const isReady = record.state.kind === "ready";
  return planView(record.plan, {
    id: record.id,
    most: MOST_IN_CHAT,
    ...(isReady ? {} : { state: stateText(record.state) }),
    note: [
      ...(isReady ? ["Valid until ", { time: record.expiresAt }, " · "] : []),
      `hash ${shortHash(record.hash)} · asked by `,
      { person: record.by },
    ],
    ...(isReady ? { actions: planActions(context, record) } : {}),
  });
}

/** Takes the buttons off the message of a plan that is no longer ready, should it still have them. */
export function retired(context: Pick<CommandContext, "issue">, record: PlanRecord): Reply {
  return { to: "channel", subject: record.id, view: planMessage(context, record) };
}

/** Says in words where a plan stands. */
export function stateText(state: PlanState): RichText {
  switch (state.kind) {
    case "ready":
      return "Ready to apply.";
    case "applied":
      return [
        { bold: `Applied as run ${state.run}` },
        " by ",
        { person: state.by },
        " at ",
        { time: state.at },
        ".",
      ];
    case "discarded":
      return [{ bold: "Discarded" }, " by ", { person: state.by }, " at ", { time: state.at }, "."];
    case "replaced":
      return [{ bold: "Replaced" }, ` by plan ${state.by} at `, { time: state.at }, "."];
    case "expired":
      return [
        { bold: "Expired" },
        " at ",
        { time: state.at },
        ": the cluster may have changed since. Plan again.",
      ];
  }
}

/** Writes what to type for a plan with the same arguments. */
export function sameAgain({ connection, input }: Pick<PlanRecord, "connection" | "input">): string {
  const given = Object.entries(input).filter(([name]) => name !== "connection");
  const options = given.map(([name, value]) => ` --${name} ${typed(value)}`);
  return `/rebalance dry-run ${connection}${options.join("")}`;
}

function typed(value: string): string {
  if (/^[\w.,:@/-]+$/.test(value)) return value;
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}

/** Shows the first eight digits in two groups, easy to compare by eye. */
function shortHash(hash: string): string {
  return `${hash.slice(0, 4)} ${hash.slice(4, 8)}`;
}

function planActions(
  context: Pick<CommandContext, "issue">,
  record: PlanRecord,
): readonly Action[] {
  const call = (verb: string, input: Readonly<Record<string, string>>): string => {
    const stored: StoredCall = { command: "rebalance", verb, input, expiresAt: record.expiresAt };
    return context.issue(stored);
  };
  const { plan, id } = record;
  const again: Action = {
    label: "Run again",
    token: call("dry-run", { ...record.input, replaces: id }),
    command: sameAgain(record),
  };
  if (plan.moves.length === 0) return [again];
  return [
    {
      label: "Apply",
      style: "primary",
      token: call("apply", { plan: id }),
      confirm: {
        title: `Apply plan ${id}?`,
        text: confirmText(record),
        accept: "Apply",
        dismiss: "Not now",
      },
      command: `/rebalance apply ${id}`,
    },
    { label: "Explain", token: call("explain", { what: id }), command: `/rebalance explain ${id}` },
    again,
    { label: "Discard", token: call("discard", { plan: id }), command: `/rebalance discard ${id}` },
  ];
}

function confirmText({ plan, hash }: PlanRecord): string {
  const nodes = [...new Set(plan.moves.flatMap(({ from, to }) => [from, to]))];
  const spread = `${points(plan.before.spread)} → ${points(plan.after.spread)} points`;
  const restarts = plan.moves.filter(({ mode }) => mode === "restart").length;
  const downtime =
    restarts === 0
      ? ""
      : ` ${count(restarts, "guest is", "guests are")} stopped and started again.`;
  const moves = count(plan.moves.length, "guest moves", "guests move");
  return `${moves} between ${names(nodes, 6)} of cluster ${plan.cluster}: balance ${spread}.${downtime} Hash ${shortHash(hash)}.`;
}
