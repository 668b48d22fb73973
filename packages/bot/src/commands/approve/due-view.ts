import type { ApprovalDetails } from "@kappa4/sdk";
import type { Block, Inline, RichText, View } from "../../view/model.ts";
import type { Who } from "../context.ts";
import { acknowledgeAction } from "./message.ts";
import {
  classSentence,
  factsBlocks,
  outcomeText,
  quorumWords,
  risenText,
  staleWord,
  subjectSentence,
} from "./words.ts";

/** What people are told of an approval that they did not bring about themselves. */
export type ApprovalNewsKind =
  | "alarm"
  | "requested"
  | "risen"
  | "remind"
  | "acknowledge"
  | "overdue"
  | "superseded"
  | "stale";

/** Whom a message is for. */
export interface NewsReader {
  readonly who: Who;
  /** The id of a person; undefined where several read it. */
  readonly reader: string | undefined;
}

/** Draws a message of something that fell due or happened; undefined when it is of no interest any more. */
export function dueView(
  kind: ApprovalNewsKind,
  approval: ApprovalDetails,
  to: NewsReader,
): View | undefined {
  const { state, acknowledgers } = approval;
  if (kind === "remind") return state === "pending" ? reminder(approval, to.who) : undefined;
  if (kind === "risen") return state === "pending" ? riseView(approval, to.who) : undefined;
  if (kind === "requested") return state === "pending" ? askView(approval, to.who) : undefined;
  const isAsked = kind === "acknowledge" || kind === "overdue";
  if (isAsked && acknowledgers.length === 0) return undefined;
  const isAdmin = acknowledgers.some(({ id }) => id === to.reader);
  return {
    blocks: [
      ...head(
        `${titleOf(kind, approval)} ${named(approval)}`,
        outcomeText(approval, to.who),
        approval,
      ),
      ...(kind === "overdue" ? [late] : []),
      ...(isAdmin
        ? [{ kind: "actions", actions: [acknowledgeAction(approval.shortId)] } as const]
        : []),
      ...(kind === "stale" || kind === "superseded" ? [again(approval)] : []),
    ],
  };
}

function titleOf(
  kind: Exclude<ApprovalNewsKind, "remind" | "risen" | "requested">,
  approval: ApprovalDetails,
) {
  return kind === "stale" ? `${staleWord(approval.run)} ·` : TITLES[kind];
}

const TITLES: Readonly<Record<Exclude<ApprovalNewsKind, "stale">, string>> = {
  alarm: "EMERGENCY ·",
  requested: "Your approval is asked for ·",
  risen: "More can go wrong ·",
  remind: "Reminder ·",
  acknowledge: "To be acknowledged ·",
  overdue: "Not acknowledged ·",
  superseded: "Superseded ·",
};

const late: Block = {
  kind: "text",
  tone: "warning",
  text: "The time to acknowledge it is over; it is asked for daily until somebody does.",
};

function reminder(approval: ApprovalDetails, who: Who): View {
  const text: RichText = [{ bold: "Still undecided" }, ": ", ...standing(approval, who)];
  return {
    blocks: [...head(`${TITLES.remind} ${named(approval)}`, text, approval), lookAt(approval)],
  };
}

/** For those who can approve what was asked for elsewhere than here, where no message of it stands. */
function askView(approval: ApprovalDetails, who: Who): View {
  return {
    blocks: [
      ...head(`${TITLES.requested} ${named(approval)}`, standing(approval, who), approval),
      ...factsBlocks(approval),
      asked(approval, who),
      { kind: "text", text: classSentence(approval) },
      lookAt(approval),
    ],
  };
}

function standing(approval: ApprovalDetails, who: Who): readonly Inline[] {
  const { approvers, deadline } = approval;
  const people = approvers.slice(0, 5).flatMap(({ id }, at) => [at === 0 ? "" : ", ", who(id)]);
  return [
    `${quorumWords(approval)}. Can approve: `,
    ...(people.length === 0 ? ["nobody"] : people),
    ".",
    ...(deadline === undefined ? [] : [" Open until ", { time: deadline }, "."]),
  ];
}

/** Who asked, why, and how many are wanted now. */
function riseView(approval: ApprovalDetails, who: Who): View {
  return {
    blocks: [
      ...head(`${TITLES.risen} ${named(approval)}`, risenText(approval), approval),
      ...factsBlocks(approval),
      asked(approval, who),
      lookAt(approval),
    ],
  };
}

function asked({ reason, requestedBy = "" }: ApprovalDetails, who: Who): Block {
  const why = reason === undefined ? "." : `: ${reason}`;
  return { kind: "text", text: ["Asked by ", who(requestedBy), why] };
}

function lookAt({ shortId }: ApprovalDetails): Block {
  return { kind: "note", text: ["Look at it: ", { code: `/approve show ${shortId}` }] };
}

function head(title: string, text: RichText, approval: ApprovalDetails): readonly Block[] {
  return [
    { kind: "title", text: title },
    { kind: "text", text },
    { kind: "text", text: subjectSentence(approval) },
  ];
}

function named({ shortId, details }: ApprovalDetails): string {
  return `approval ${shortId} · plan ${details.shortId} · ${details.cluster}`;
}

function again({ details }: ApprovalDetails): Block {
  const command = { code: `/rebalance dry-run ${details.connection}` };
  return { kind: "note", text: ["Make a new plan: ", command] };
}
