import type { Person } from "./person.ts";
import type { Quorum } from "./policy.ts";
import type { RiskClass } from "./risk.ts";
import type { ApprovalState } from "./states.ts";

/** One person's word on a request. */
export interface Vote {
  readonly person: string;
  readonly decision: "approve" | "deny";
  readonly at: Date;
  /** The full hash of what they approved, or denied. */
  readonly hash: string;
  /** Why they denied it. */
  readonly reason?: string | undefined;
}

/** A time in which a plan may start. */
export interface StartWindow {
  readonly from: Date;
  readonly to: Date;
}

/** What was asked, when, and what it takes; settled at the request, and only ever more of it. */
export interface ApprovalRequest {
  readonly by: string;
  readonly at: Date;
  readonly reason?: string | undefined;
  readonly quorum: Quorum;
  readonly deadline: Date;
  readonly window?: StartWindow | undefined;
}

/** That and when a plan may start. */
export interface Clearance {
  readonly at: Date;
  readonly notBefore: Date;
  /** From this instant on it may not. */
  readonly startBy: Date;
}

/** That somebody went past the quorum. */
export interface BreakGlass {
  readonly by: string;
  readonly at: Date;
  readonly reason: string;
  readonly ticket: string;
  /** Until when another Admin is to acknowledge it. */
  readonly acknowledgeBy: Date;
  readonly acknowledged?: { readonly by: string; readonly at: Date } | undefined;
}

/** How it ended, where somebody or something ended it before it ran out. */
export interface Ending {
  readonly at: Date;
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
}

/** That more was found to go wrong with it than when it was asked for. */
export interface Risen {
  /** The class that it was of before. */
  readonly from: RiskClass;
  readonly at: Date;
  /** What makes it so, for people: `it leaves a node empty`. */
  readonly why: string;
}

/** What was asked for besides the plan; nothing here reads it. */
export interface Submitted {
  /** Everything, as it was given. */
  readonly input: unknown;
  /** What of it changes what is done; the hash holds it. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A plan on its way from draft to done, as a value: each event makes a new one. */
export interface Approval {
  readonly state: ApprovalState;
  /** Rises by one with each event; whoever stores it compares it first. */
  readonly version: number;
  /** The full hash of the plan, and of how it is to be carried out where that was said. */
  readonly hash: string;
  readonly submitted?: Submitted | undefined;
  /** Never falls. */
  readonly risk: RiskClass;
  /** What made it of the class that it was asked for as, for people. Undefined for what was asked for before that was kept. */
  readonly why?: string | undefined;
  readonly risen?: Risen | undefined;
  readonly plannedAt: Date;
  /** Who chose the plan's options, and who last edited its schedule: none of them may approve it. */
  readonly editors: readonly string[];
  /** From whom it takes something: they neither decide on it nor count towards how many must. Default: nobody. */
  readonly concerned?: readonly string[] | undefined;
  readonly request?: ApprovalRequest | undefined;
  readonly votes: readonly Vote[];
  readonly clearance?: Clearance | undefined;
  readonly breakGlass?: BreakGlass | undefined;
  readonly ending?: Ending | undefined;
}

/** An approval that somebody has asked for. */
export interface RequestedApproval extends Approval {
  readonly request: ApprovalRequest;
}

/** What is known of a plan before anybody asks to apply it. */
export type PlannedChange = Pick<
  Approval,
  "hash" | "risk" | "why" | "plannedAt" | "editors" | "concerned" | "submitted"
>;

/** Starts the way of a plan. */
export function draftApproval(plan: PlannedChange): Approval {
  const { hash, risk, why, plannedAt, editors, concerned, submitted } = plan;
  const asked = {
    ...(why === undefined ? {} : { why }),
    ...(concerned === undefined ? {} : { concerned }),
    ...(submitted === undefined ? {} : { submitted }),
  };
  return { state: "draft", version: 0, hash, risk, plannedAt, editors, ...asked, votes: [] };
}

/** Tells whether somebody asked for it, had a hand in it, or is who it takes something from. */
export function isInvolved(approval: Approval, person: Pick<Person, "id">): boolean {
  const { request, editors } = approval;
  return request?.by === person.id || editors.includes(person.id) || isConcerned(approval, person);
}

/** Tells whether it takes something from somebody. */
export function isConcerned({ concerned = [] }: Approval, { id }: Pick<Person, "id">): boolean {
  return concerned.includes(id);
}

/** Tells whether somebody has asked for it. */
export function isRequested(approval: Approval): approval is RequestedApproval {
  return approval.request !== undefined;
}
