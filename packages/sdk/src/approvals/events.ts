import type { StartWindow } from "./approval.ts";
import type { Person } from "./person.ts";
import type { ApprovalPolicy, Quorum } from "./policy.ts";
import type { FoundRisk } from "./risk.ts";

/** Something happens to an approval. */
export type ApprovalEvent =
  | {
      readonly kind: "request";
      readonly by: Person;
      readonly reason?: string | undefined;
      /** When the plan is to start. Default: as soon as it is approved. */
      readonly window?: StartWindow | undefined;
      /** An open request for a plan with the same hash, by the name people know it under. */
      readonly twin?: string | undefined;
    }
  /** The hash is that of the plan which the person was shown. */
  | {
      readonly kind: "approve";
      readonly by: Person;
      readonly hash: string;
      /** Of which class the plan is now: what has come in between may have made it higher. */
      readonly found: FoundRisk;
    }
  | { readonly kind: "deny"; readonly by: Person; readonly reason: string }
  | {
      readonly kind: "withdraw";
      readonly by: Person;
      readonly reason?: string | undefined;
      /** The incident in which somebody who is neither requester nor Admin takes back what has not begun. */
      readonly incident?: string | undefined;
    }
  /** A clock looked whether a time is over. */
  | { readonly kind: "deadline" }
  /** A newer plan for the same scope was approved or started; `plan` is the name people know it under. */
  | { readonly kind: "supersede"; readonly plan: string }
  | {
      readonly kind: "start";
      /** Whether the caller holds the lease of the cluster. */
      readonly hasLease: boolean;
      /** The requester as they stand now; undefined when they are no longer there. */
      readonly requester: Person | undefined;
    }
  /** The world is not as the plan found it. */
  | { readonly kind: "drift"; readonly difference: string }
  | { readonly kind: "finish"; readonly outcome: "succeeded" | "partly_failed" | "failed" }
  | {
      readonly kind: "cancel";
      readonly by: Person;
      readonly reason: string;
      /** The incident in which somebody who is neither requester nor Admin stops it. */
      readonly incident?: string | undefined;
      /** Whether to ask the provider to stop what runs. Default: only nothing new starts. */
      readonly isNow?: boolean | undefined;
    }
  | {
      readonly kind: "break_glass";
      readonly by: Person;
      readonly reason: string;
      /** The incident or ticket that it is for. */
      readonly ticket: string;
      /** The beginning of the plan's hash as the person typed it. */
      readonly typedHash: string;
      /** When this person did so before, in any approval of the organisation. */
      readonly earlier: readonly Date[];
    }
  | { readonly kind: "acknowledge"; readonly by: Person };

/** What an event is judged by, besides the approval itself. */
export interface ApprovalFacts {
  readonly now: Date;
  readonly policy: ApprovalPolicy;
  /** Whether changes are frozen; true as well when nobody can tell. */
  readonly isFrozen: boolean;
  /** Who froze them, and why, where that is known. */
  readonly freeze?: { readonly by: string; readonly reason: string } | undefined;
  /** Everybody who could approve this plan if they had nothing to do with it, as they stand now. */
  readonly people: readonly Person[];
}

/** What the caller does after storing the next approval. */
export type ApprovalEffect =
  /** Show the request to those who can approve it. */
  | { readonly kind: "ask_approvers"; readonly people: readonly string[] }
  /** Say that more can go wrong than when it was asked for, and that more people are wanted. */
  | { readonly kind: "tell_risen"; readonly people: readonly string[] }
  /** Say at once that too few people can approve it; going past the quorum and a ticket are the ways out. */
  | { readonly kind: "quorum_unreachable"; readonly missing: Quorum }
  /** Tell the requester what became of it. */
  | { readonly kind: "tell_requester"; readonly requester: string }
  /** Have it started, not before and not after. */
  | { readonly kind: "start_run"; readonly notBefore: Date; readonly startBy: Date }
  /** Start no new step; `isNow`: ask the provider to stop what runs. */
  | { readonly kind: "stop_run"; readonly isNow: boolean }
  /** Make a new plan and show what differs. */
  | { readonly kind: "plan_again"; readonly difference: string }
  /** Tell those who were passed over and every Super Admin; open a ticket. */
  | { readonly kind: "alarm"; readonly people: readonly string[]; readonly ticket: string };
