import type { ApprovalDetails } from "@kappa4/sdk";
import { duration, names } from "../../view/format.ts";
import type { Action, Block, Inline, RichText, View } from "../../view/model.ts";
import { buttonValue } from "../button.ts";
import type { Who } from "../context.ts";
import { shortHash } from "../rebalance/plan-message.ts";
import {
  classSentence,
  factsBlocks,
  optionsSentence,
  outcomeText,
  quorumWords,
  subjectSentence,
  yesSentence,
} from "./words.ts";

/** As many of those who may approve are named. */
const MOST_NAMED = 5;

/** What the message of an approval depends on, besides the approval. */
export interface ApprovalMessageOptions {
  readonly who: Who;
  readonly now: Date;
  /** Default true. */
  readonly hasButtons?: boolean | undefined;
}

/** Draws the message of a request: what, why, who has decided, who can; only one that waits has buttons. */
export function approvalMessage(
  approval: ApprovalDetails,
  { who, now, hasButtons = true }: ApprovalMessageOptions,
): View {
  const { shortId, details, state, reason, requestedBy = "", deadline, hash } = approval;
  const isOpen = state === "pending" && (deadline === undefined || now < deadline);
  const blocks: Block[] = [
    { kind: "title", text: `Approval ${shortId} · plan ${details.shortId} · ${details.cluster}` },
    ...(state === "pending" ? [] : [{ kind: "text", text: outcomeText(approval, who) } as const]),
    ...(state === "pending" && !isOpen ? [overdue] : []),
    ...emergencyBlocks(approval, { who, now, hasButtons }),
    { kind: "text", text: [subjectSentence(approval), optionsSentence(approval)].join(" ").trim() },
    ...factsBlocks(approval),
    {
      kind: "text",
      text: ["Asked by ", who(requestedBy), reason === undefined ? "." : `: ${reason}`],
    },
    { kind: "text", text: `${classSentence(approval)} Approved: ${quorumWords(approval)}.` },
    ...voteBlocks(approval, who),
    ...(isOpen ? [approversBlock(approval, who)] : []),
    { kind: "note", text: [...untilWords(approval, now, isOpen), `hash ${shortHash(hash)}`] },
    ...(isOpen && hasButtons ? [{ kind: "actions", actions: actionsOf(approval) } as const] : []),
  ];
  return { blocks };
}

/** An emergency is not over before another Admin has seen it. */
function emergencyBlocks(
  { breakGlass, shortId }: ApprovalDetails,
  { who, hasButtons }: ApprovalMessageOptions,
): readonly Block[] {
  if (breakGlass === undefined) return [];
  const { acknowledged, acknowledgeBy } = breakGlass;
  if (acknowledged !== undefined) {
    const { by, at } = acknowledged;
    return [
      { kind: "text", text: [{ bold: "Acknowledged" }, " by ", who(by), " at ", { time: at }] },
    ];
  }
  const text = ["Another Admin has to acknowledge this until ", { time: acknowledgeBy }, "."];
  const asking: Block = { kind: "text", tone: "warning", text };
  return hasButtons === true
    ? [asking, { kind: "actions", actions: [acknowledgeAction(shortId)] }]
    : [asking];
}

/** The button by which another Admin says that they have seen an emergency. */
export function acknowledgeAction(id: string): Action {
  return {
    label: "Acknowledge",
    value: buttonValue({
      command: "approve",
      verb: "acknowledge",
      input: { approval: id },
      on: id,
    }),
    command: `/approve acknowledge ${id}`,
  };
}

const overdue: Block = {
  kind: "text",
  tone: "warning",
  text: "The time to decide is over; nothing was done.",
};

function voteBlocks({ votes, quorum }: ApprovalDetails, who: Who): readonly Block[] {
  let yes = 0;
  return votes.map(({ person, decision, at, reason }) => {
    if (decision === "approve") yes += 1;
    const what: readonly Inline[] =
      decision === "approve"
        ? [
            { bold: "Approved" },
            " by ",
            who(person),
            " at ",
            { time: at },
            ` (${yes} of ${quorum.approvals})`,
          ]
        : [{ bold: "Denied" }, " by ", who(person), " at ", { time: at }, `: ${reason ?? ""}`];
    return { kind: "text", text: what };
  });
}

function approversBlock({ approvers, missing, shortId, risk }: ApprovalDetails, who: Who): Block {
  if (approvers.length < missing.approvals) {
    const way =
      risk < 4
        ? `In an emergency an Admin can go past that: /approve break-glass ${shortId}`
        : "Nobody goes past that; name another Super Admin in the configuration.";
    const text = `Too few people here can approve this (${approvers.length} of ${missing.approvals} who are needed). ${way}`;
    return { kind: "text", tone: "warning", text };
  }
  const named = approvers
    .slice(0, MOST_NAMED)
    .flatMap(({ id }, index): readonly Inline[] => [index === 0 ? "" : ", ", who(id)]);
  const more = approvers.length - MOST_NAMED;
  const text: RichText = [
    `${approvers.length} can approve: `,
    ...named,
    ...(more > 0 ? [` and ${more} more`] : []),
    ".",
  ];
  return { kind: "text", text };
}

function untilWords({ deadline }: ApprovalDetails, now: Date, isOpen: boolean): readonly Inline[] {
  if (!isOpen || deadline === undefined) return [];
  const left = duration(Math.ceil((deadline.getTime() - now.getTime()) / 60_000) * 60);
  return ["Open until ", { time: deadline }, `, for ${left} · `];
}

function actionsOf(approval: ApprovalDetails): readonly Action[] {
  const { shortId: id, hash, details } = approval;
  const call = (verb: string, input: Readonly<Record<string, string>>, ask?: string): string =>
    buttonValue({ command: "approve", verb, input: { approval: id, ...input }, on: id, ask });
  const explain = { command: "rebalance", verb: "explain", input: { what: details.shortId } };
  return [
    {
      label: "Approve",
      style: "primary",
      value: call("approve", { hash }),
      confirm: {
        title: `Approve ${id}?`,
        text: yesSentence(approval),
        accept: "Approve",
        dismiss: "Not now",
      },
      command: `/approve ${id}`,
    },
    {
      label: "Deny",
      style: "danger",
      value: call("deny", {}, "reason"),
      command: `/approve deny ${id} -- why`,
    },
    ...(details.action === "rebalance.apply"
      ? [
          {
            label: "Explain",
            value: buttonValue({ ...explain, on: id }),
            command: `/rebalance explain ${details.shortId}`,
          },
        ]
      : []),
    { label: "Withdraw", value: call("withdraw", {}), command: `/approve withdraw ${id}` },
  ];
}

/** Lists approvals, one line each. */
export function approvalsView(
  approvals: readonly ApprovalDetails[],
  nameOf: (id: string) => string,
): View {
  if (approvals.length === 0) {
    return { blocks: [{ kind: "text", text: "Nothing waits for approval." }] };
  }
  return {
    blocks: [
      { kind: "title", text: "Approvals" },
      {
        kind: "table",
        caption: "Waiting, the newest first",
        layout: "lines",
        columns: [
          { header: "Approval" },
          { header: "What" },
          { header: "Approved" },
          { header: "Asked by" },
          { header: "Can approve" },
        ],
        rows: approvals.map((approval) => [
          approval.shortId,
          subjectSentence(approval),
          quorumWords(approval),
          nameOf(approval.requestedBy ?? ""),
          names(
            approval.approvers.map(({ name }) => name),
            3,
          ) || "nobody",
        ]),
        rowHeader: 0,
      },
      { kind: "note", text: ["Look at one: ", { code: `/approve show ${approvals[0]?.shortId}` }] },
    ],
  };
}
