import type { PlanDetails } from "@kappa4/sdk";
import { count, names, points } from "../../view/format.ts";
import type { Action, RichText, View } from "../../view/model.ts";
import { buttonValue } from "../button.ts";
import type { Who } from "../context.ts";
import { sameAgain, typedFor } from "./dry-run-words.ts";
import type { StoredRebalance } from "./known.ts";
import { planView } from "./plan-view.ts";

/** Moves, guests and conflicts a chat message lists; files have the rest. */
const MOST_IN_CHAT = 20;
/** From this class on whoever asks has to say why. */
const NEEDS_REASON = 3;

/** What the message of a plan depends on, besides the plan. */
export interface PlanMessageOptions {
  readonly who: Who;
  readonly now: Date;
  /** The plan that has taken its place. */
  readonly replacedBy?: string | undefined;
  /** Default true. */
  readonly hasButtons?: boolean | undefined;
}

/** Draws the message of a stored plan as it stands now; only a plan that can still be applied has buttons. */
export function planMessage(plan: StoredRebalance, options: PlanMessageOptions): View {
  const { who, now, hasButtons = true } = options;
  const isReady = isApplicable(plan, now);
  return planView(plan.content, {
    id: plan.shortId,
    most: MOST_IN_CHAT,
    ...(isReady ? {} : { state: stateText(plan, options) }),
    note: [
      ...(isReady ? ["Valid until ", { time: plan.expiresAt }, " · "] : []),
      `hash ${shortHash(plan.hash)} · asked by `,
      who(plan.requestedBy),
    ],
    ...(isReady && hasButtons ? { actions: planActions(plan) } : {}),
  });
}

/** Tells whether somebody can still ask to apply a plan. */
export function isApplicable({ state, approval, run, expiresAt }: PlanDetails, now: Date): boolean {
  return (
    state === "draft" &&
    approval === undefined &&
    run === undefined &&
    now.getTime() < expiresAt.getTime()
  );
}

/** Says in words where a plan stands. */
function stateText(
  { state, approval, run, expiresAt }: PlanDetails,
  { who, replacedBy }: Pick<PlanMessageOptions, "who" | "replacedBy">,
): RichText {
  if (replacedBy !== undefined) return [{ bold: "Replaced" }, ` by plan ${replacedBy}.`];
  const isSkipped = run?.state === "skipped" && approval !== undefined;
  if (run !== undefined && !isSkipped) {
    const applied = { bold: `Applied as run ${run.shortId}` };
    return [applied, " for ", who(run.requestedBy), " at ", { time: run.createdAt }, "."];
  }
  if (approval !== undefined) {
    const by = approval.requestedBy === undefined ? [] : [" for ", who(approval.requestedBy)];
    const words =
      isSkipped && LATE.includes(approval.state)
        ? "Approved, and not begun in time"
        : (APPROVAL_WORDS[approval.state] ?? approval.state.replace("_", " "));
    return [{ bold: words }, ` as ${approval.shortId}`, ...by, "."];
  }
  if (state === "discarded") return [{ bold: "Discarded" }, ": nobody can apply it any more."];
  if (state === "superseded") return [{ bold: "Superseded" }, " by a newer plan."];
  return [
    { bold: "Expired" },
    " at ",
    { time: expiresAt },
    ": the cluster may have changed since. Plan again.",
  ];
}

/** How an approval stands whose run was not begun in its time, until that is attended to and after. */
const LATE: readonly string[] = ["approved", "expired"];

const APPROVAL_WORDS: Readonly<Record<string, string>> = {
  pending: "Waits for approval",
  denied: "Denied",
  expired: "Not approved in time",
  withdrawn: "Withdrawn",
  superseded: "Superseded by a newer plan",
  stale: "Not carried out",
};

/** Shows the first eight digits in two groups, easy to compare by eye. */
export function shortHash(hash: string): string {
  return `${hash.slice(0, 4)} ${hash.slice(4, 8)}`;
}

function planActions(plan: StoredRebalance): readonly Action[] {
  const { shortId: id, risk, content } = plan;
  const call = (verb: string, input: Readonly<Record<string, string>>, ask?: string): string =>
    buttonValue({ command: "rebalance", verb, input, on: id, ask });
  const again: Action = {
    label: "Run again",
    value: call("dry-run", { ...typedFor(plan), replaces: id }),
    command: sameAgain(plan),
  };
  if (content.moves.length === 0) return [again];
  const apply: Action = {
    label: "Apply",
    style: "primary",
    value: call("apply", { plan: id }, risk >= NEEDS_REASON ? "reason" : undefined),
    command: `/rebalance apply ${id}`,
    ...(risk >= NEEDS_REASON ? {} : { confirm: confirmApply(plan) }),
  };
  return [
    apply,
    { label: "Explain", value: call("explain", { what: id }), command: `/rebalance explain ${id}` },
    again,
    { label: "Discard", value: call("discard", { plan: id }), command: `/rebalance discard ${id}` },
  ];
}

function confirmApply(plan: StoredRebalance): Action["confirm"] {
  const title = `Apply plan ${plan.shortId}?`;
  return { title, text: planInShort(plan), accept: "Apply", dismiss: "Not now" };
}

/** Says in short what would be done, and the beginning of its hash, for whoever is about to say yes. */
export function planInShort({ content, hash }: Pick<StoredRebalance, "content" | "hash">): string {
  const nodes = [...new Set(content.moves.flatMap(({ from, to }) => [from, to]))];
  const spread = `${points(content.before.spread)} → ${points(content.after.spread)} points`;
  const restarts = content.moves.filter(({ mode }) => mode === "restart").length;
  const downtime =
    restarts === 0
      ? ""
      : ` ${count(restarts, "guest is", "guests are")} stopped and started again.`;
  const moves = count(content.moves.length, "guest moves", "guests move");
  return `${moves} between ${names(nodes, 6)} of cluster ${content.cluster}: balance ${spread}.${downtime} Hash ${shortHash(hash)}.`;
}
