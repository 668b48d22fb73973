import type { ApprovalDetails } from "@kappa4/sdk";
import { samplePlan } from "./plans.ts";

export const now: Date = new Date("2026-03-02T10:00:00Z");
export const deadline: Date = new Date("2026-03-02T11:00:00Z");
export const hash: string = "9f2c11ab".padEnd(64, "0");
export const who = (id: string): { readonly person: string } => ({ person: id });

/** A request by Ana that waits for one of Eva and Leo. */
export function request(changes: Partial<ApprovalDetails> = {}): ApprovalDetails {
  const details = {
    id: "pln_1",
    shortId: "P-7F3K",
    action: "rebalance.apply",
    connection: "gold",
    cluster: "gold",
    content: samplePlan(),
    hash,
    state: "draft",
    risk: 2,
    requestedBy: "ana",
    createdAt: now,
    expiresAt: deadline,
  };
  const quorum = { approvals: 1, admins: 0, superAdmins: 0 };
  return {
    id: "apr_1",
    shortId: "A-92QX",
    plan: "pln_1",
    state: "pending",
    hash,
    risk: 2,
    requestedBy: "ana",
    reason: "pve-01 is full",
    quorum,
    votes: [],
    deadline,
    isBreakGlass: false,
    details,
    does: {
      sentence: "Moves 3 guests of the cluster gold.",
      facts: [{ name: "pve-01 → pve-02", value: "web-01 (101)" }],
    },
    why: "it makes 3 moves, 5 moves with those in the cluster within an hour that nobody has voted on",
    via: "slack",
    requestedAt: now,
    approvers: [
      { id: "eva", name: "Eva" },
      { id: "leo", name: "Leo" },
    ],
    missing: quorum,
    ending: undefined,
    breakGlass: undefined,
    acknowledgers: [],
    run: undefined,
    ...changes,
  } as ApprovalDetails;
}

/** How Leo went past the others. */
export const glass = {
  by: "leo",
  at: now,
  reason: "it burns",
  ticket: "INC-7",
  acknowledgeBy: deadline,
} as const;

/** The same request after that; Eva can acknowledge it. */
export const broken: ApprovalDetails = request({
  state: "approved",
  isBreakGlass: true,
  breakGlass: glass,
  acknowledgers: [{ id: "eva", name: "Eva" }],
});
