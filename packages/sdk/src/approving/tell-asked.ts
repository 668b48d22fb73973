import type { Caller } from "../actions/actor.ts";
import type { ApprovalEffect } from "../approvals/index.ts";
import type { OrgTransaction, StoredApproval, StoredPlan } from "../store/index.ts";
import { tellOf } from "./tell.ts";

/** Who asked for what, and what that has set off. */
export interface Asked {
  readonly caller: Caller;
  readonly plan: StoredPlan;
  readonly stored: StoredApproval;
  readonly effects: readonly ApprovalEffect[];
}

/** Puts among the events that somebody asks for an approval: whom, and whether they are enough people. */
export async function tellAsked(
  tx: OrgTransaction,
  { caller, plan, stored, effects }: Asked,
): Promise<void> {
  const asked = effects.find((effect) => effect.kind === "ask_approvers");
  const isEnough = !effects.some((effect) => effect.kind === "quorum_unreachable");
  const what = `approval ${stored.shortId} of plan ${plan.shortId} on ${plan.cluster}`;
  const warning = isEnough ? "" : " There are not enough people who could give it.";
  await tellOf(
    tx,
    stored.createdAt,
    { stored, plan },
    {
      ...{ what: "requested", at: stored.createdAt, people: asked?.people ?? [] },
      summary: `Somebody asks for ${what}.${warning}`,
      details: { via: caller.via },
    },
  );
}
