export type {
  Approval,
  ApprovalRequest,
  BreakGlass,
  Clearance,
  Ending,
  PlannedChange,
  StartWindow,
  Vote,
} from "./approval.ts";
export { draftApproval } from "./approval.ts";
export type { Due } from "./due.ts";
export { dueBetween } from "./due.ts";
export type { ApprovalEffect, ApprovalEvent, ApprovalFacts } from "./events.ts";
export type { Person } from "./person.ts";
export type { PlanIdentity } from "./plan-hash-input.ts";
export { planHashInput } from "./plan-hash-input.ts";
export type { ApprovalPolicy, BreakGlassLimits, Quorum, QuorumRule } from "./policy.ts";
export { DEFAULT_POLICY } from "./policy.ts";
export { approversOf, missingVotes } from "./quorum.ts";
export type { PolicyIssue, PolicyOverride, ReadPolicy } from "./read-policy.ts";
export { readPolicy } from "./read-policy.ts";
export type { Refusal, RefusalCode } from "./refusal.ts";
export { REFUSAL_CODES } from "./refusal.ts";
export type { TransitionResult } from "./result.ts";
export type { RiskClass, RiskFacts } from "./risk.ts";
export { riskOf } from "./risk.ts";
export type { ApprovalEventKind, ApprovalState } from "./states.ts";
export { APPROVAL_EVENTS, APPROVAL_STATES, isFinal } from "./states.ts";
export { EVENT_STATES, transition } from "./transition.ts";
