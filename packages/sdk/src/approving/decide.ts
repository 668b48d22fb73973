import { type Clock, type ErrorCode, Kappa4Error } from "@kappa4/connectors";
import {
  type ApprovalEffect,
  type ApprovalEvent,
  type ApprovalFacts,
  type Refusal,
  type RefusalCode,
  transition,
} from "../approvals/index.ts";
import type { Permission, Scope } from "../permissions/index.ts";
import type { OrgTransaction, StoredApproval } from "../store/index.ts";
import { nameIn } from "../users/name-in.ts";
import { freezeOf } from "./freeze.ts";
import { peopleWho } from "./people.ts";
import { policyOf } from "./policy.ts";

/** What an approval is about, as far as who may decide on it goes. */
export interface Subject {
  readonly permission: Permission;
  readonly scope: Scope;
  /** Whether it goes ahead while changes are frozen. Default false. */
  readonly isAllowedFrozen?: boolean | undefined;
}

/** Reads what an event is judged by. */
export async function factsOf(
  tx: OrgTransaction,
  clock: Clock,
  subject: Subject,
): Promise<ApprovalFacts> {
  const now = new Date(clock.now());
  const freeze = subject.isAllowedFrozen === true ? undefined : await freezeOf(tx);
  return {
    now,
    policy: await policyOf(tx),
    isFrozen: freeze !== undefined,
    freeze: freeze && { by: await nameIn(tx, freeze.by), reason: freeze.reason },
    people: await peopleWho(tx, { ...subject, now }),
  };
}

/** What became of an approval. */
export interface Decided {
  readonly stored: StoredApproval;
  readonly effects: readonly ApprovalEffect[];
}

/**
 * Takes a stored approval one event further, in the transaction of whoever asks. Throws what the refusal means, and
 * `conflict` when somebody else decided in this very moment.
 */
export async function decide(
  tx: OrgTransaction,
  stored: StoredApproval,
  event: ApprovalEvent,
  facts: ApprovalFacts,
): Promise<Decided> {
  const result = transition(stored.approval, event, facts);
  if (!result.ok) throw refusalError(result.refusal);
  if (!(await tx.approvals.save(stored.id, result.next))) {
    throw new Kappa4Error("conflict", "Somebody else decided in this moment; look at it again.");
  }
  return { stored: { ...stored, approval: result.next }, effects: result.effects };
}

/** Makes a refusal an error that every surface understands. */
export function refusalError({ code, sentence }: Refusal): Kappa4Error {
  return new Kappa4Error(CODES[code] ?? "failed_precondition", sentence, {
    retryable: false,
    context: { operation: code },
  });
}

const CODES: Readonly<Partial<Record<RefusalCode, ErrorCode>>> = {
  not_linked: "permission",
  local_cannot_vote: "permission",
  not_permitted: "permission",
  own_request: "permission",
  own_edit: "permission",
  own_matter: "permission",
  not_yours: "permission",
  not_admin: "permission",
  own_emergency: "permission",
  step_up_needed: "permission",
  requester_lost_permission: "permission",
  already_voted: "conflict",
  already_approved: "conflict",
  already_started: "conflict",
  already_over: "conflict",
  already_acknowledged: "conflict",
  same_request_open: "conflict",
  hash_differs: "plan_stale",
  hash_too_short: "invalid_argument",
  plan_too_old: "plan_stale",
  deadline_passed: "approval_expired",
  start_too_late: "approval_expired",
  reason_missing: "invalid_argument",
  reason_too_short: "invalid_argument",
  ticket_missing: "invalid_argument",
};
