import type { ApprovalDetails, ApprovalView } from "@kappa4/sdk";
import type { Block, Inline, RichText } from "../../view/model.ts";
import type { Who } from "../context.ts";
import { rebalanceOf } from "../rebalance/known.ts";
import { planInShort } from "../rebalance/plan-message.ts";
import { planSentence } from "../rebalance/plan-view.ts";

/** As many characters a question before a yes may have on every surface. */
const MOST_TO_ASK = 300;

/** Says what an approval is for, in a sentence. */
export function subjectSentence({
  details,
  does,
}: Pick<ApprovalDetails, "details" | "does">): string {
  const rebalance = rebalanceOf(details);
  return rebalance === undefined ? does.sentence : planSentence(rebalance);
}

/** Lists what whoever approves has to look at, a line each; no block where the sentence is all. */
export function factsBlocks({ does: { facts } }: Pick<ApprovalDetails, "does">): readonly Block[] {
  if (facts.length === 0) return [];
  const text = facts.flatMap(({ name, value }, at): readonly Inline[] => [
    at === 0 ? "" : "\n",
    { bold: name },
    `: ${value}`,
  ]);
  return [{ kind: "text", text }];
}

/** Says in short what an approver says yes to. */
export function yesSentence({ details, does, hash }: ApprovalDetails): string {
  const content = rebalanceOf(details);
  if (content !== undefined) return planInShort({ content, hash });
  const facts = does.facts.map(({ name, value }) => `${name}: ${value}`).join("; ");
  const end = `Hash ${hash.slice(0, 8)}.`;
  const whole = [does.sentence, ...(facts === "" ? [] : [`${facts}.`]), end].join(" ");
  if (whole.length <= MOST_TO_ASK) return whole;
  return `${does.sentence} Read in the message what exactly before you approve. ${end}`;
}

/** Says of which class it is, and why. */
export function classSentence({ risk, risen, why }: ApprovalDetails): string {
  const from = risen === undefined ? "" : `, asked for as ${risen.from}`;
  return `Class ${risk}${from}: ${why}.`;
}

/** Says that its class has risen since it was asked for, why, and how many are wanted now; nothing else. */
export function risenText({ risen, risk, ...approval }: ApprovalDetails): string {
  if (risen === undefined) return "";
  return `Class ${risk} now, and no longer ${risen.from}: ${risen.why}. Approved: ${quorumWords(approval)}.`;
}

/** Says how it is to be carried out, where who asks has said so; nothing else. */
export function optionsSentence({ options = {} }: Pick<ApprovalView, "options">): string {
  const said = Object.entries(options).map(([name, value]) => `${name} ${String(value)}`);
  return said.length === 0 ? "" : `Carried out with ${said.join(", ")}.`;
}

/** Says how many have approved, of how many: `1 of 2`, and who has to be among them. */
export function quorumWords({ votes, quorum }: Pick<ApprovalView, "votes" | "quorum">): string {
  const yes = votes.filter(({ decision }) => decision === "approve").length;
  const { admins, superAdmins } = quorum;
  const among =
    superAdmins > 0
      ? `, ${superAdmins} of them Super Admin`
      : admins > 0
        ? `, ${admins} of them Admin`
        : "";
  return `${yes} of ${quorum.approvals}${among}`;
}

/** Says where an approval stands, once it is decided. */
export function outcomeText(approval: ApprovalDetails, who: Who): RichText {
  const { breakGlass, run, state } = approval;
  if (breakGlass === undefined) return endText(approval, who);
  const { by, at, ticket, reason } = breakGlass;
  const went: readonly Inline[] = [
    { bold: "EMERGENCY" },
    ": ",
    who(by),
    " went past the others at ",
    { time: at },
    `, ${ticket}: ${reason}`,
  ];
  if (isOver(state)) return [...went, " ", ...endText(approval, who)];
  return [...went, ...(run === undefined ? [] : [` Run ${run.shortId}.`])];
}

/** Names in a word or three what became of a stale approval: a plan may be kept from its start by more than the cluster. */
export function staleWord(run: ApprovalDetails["run"]): string {
  return hasDrifted(run) ? "Drifted" : "Not carried out";
}

/** Tells whether it came to nothing. */
function isOver(state: ApprovalDetails["state"]): boolean {
  return ["denied", "withdrawn", "expired", "superseded", "stale"].includes(state);
}

function endText({ state, ending, run, votes }: ApprovalDetails, who: Who): readonly Inline[] {
  const by = ending?.by === undefined ? [] : [" by ", who(ending.by)];
  const at = ending === undefined ? [] : [" at ", { time: ending.at }];
  const reason = ending?.reason;
  const why = reason === undefined ? [] : [`: ${reason}`];
  switch (state) {
    case "denied":
      return [{ bold: "Denied" }, ...by, ...at, ...why];
    case "withdrawn":
      return [{ bold: "Withdrawn" }, ...by, ...at, ...why];
    case "expired": {
      // A run is made of what is approved: there it was the time to start that ran out.
      const what = run === undefined ? "decided" : "began it";
      return [{ bold: "Expired" }, ...at, `: nobody ${what} in time. Nothing was done; ask again.`];
    }
    case "superseded":
      return [
        { bold: "Superseded" },
        ...at,
        `: the newer plan ${reason ?? ""} has taken its place. Nothing was done.`,
      ];
    case "stale":
      return [
        { bold: staleWord(run) },
        ...at,
        ...(hasDrifted(run) ? [": the cluster has changed since"] : []),
        `${reason === undefined ? "" : `: ${withoutStop(reason)}`}.`,
        ...(run === undefined ? [] : [` Run ${run.shortId}.`]),
      ];
  }
  const approved = votes.length === 0 ? "Nobody had to be asked" : "Approved";
  if (run === undefined) return [{ bold: approved }];
  return [{ bold: approved }, `: run ${run.shortId}.`];
}

/** Only the run knows whether it found the cluster changed; one that might not start is skipped. */
function hasDrifted(run: ApprovalDetails["run"]): boolean {
  return run?.state === "stale";
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, "");
}
