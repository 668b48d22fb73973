import type { RiskClass } from "./risk.ts";

/** How many must approve, besides the requester. */
export interface Quorum {
  readonly approvals: number;
  /** How many of them must be Admins or more. */
  readonly admins: number;
  /** How many of them must be Super Admins. */
  readonly superAdmins: number;
}

/** A quorum as a policy states it. */
export interface QuorumRule extends Quorum {
  /** How many Super Admins, and approvals, where the organisation has at least three of them. Default: as many as else. */
  readonly superAdminsOfThree?: number | undefined;
}

/** How an organisation approves. All times in milliseconds. */
export interface ApprovalPolicy {
  readonly quorum: Readonly<Record<RiskClass, QuorumRule>>;
  /** How long after it was made a plan can be requested. */
  readonly planValidMs: number;
  /** How long a request stays open. */
  readonly openMs: number;
  /** How long after its approval a plan can be started, unless it has a window. */
  readonly startMs: number;
  /** How long a plan of class 1 waits before it starts, so that it can be withdrawn. */
  readonly undoMs: number;
  /** At which parts of the open time a reminder goes out. */
  readonly remindAt: readonly number[];
  /** From which class on a request needs a reason. */
  readonly reasonFrom: RiskClass;
  /** From which class on an approval needs a fresh login. */
  readonly stepUpFrom: RiskClass | "never";
  /** How old a fresh login may be. */
  readonly stepUpMaxAgeMs: number;
  /** Whether whoever holds the process needs a second person for their own changes. */
  readonly local: "trusted" | "required";
  readonly breakGlass: BreakGlassLimits;
  readonly protected: ProtectedGuests;
}

/** Which guests are protected: a plan that moves one of them is of class 3. */
export interface ProtectedGuests {
  /** Names of resource pools. */
  readonly pools: readonly string[];
  /** Tags, as the guests have them. */
  readonly tags: readonly string[];
}

/** What going past the quorum in an emergency is held to. */
export interface BreakGlassLimits {
  /** How often one person may, in any 24 hours; 0 switches it off. */
  readonly perDay: number;
  /** How long after it the plan can be started. */
  readonly startMs: number;
  /** How many characters a reason has at least. */
  readonly reasonLength: number;
  /** How long another Admin has to acknowledge it; after that they are still asked daily. */
  readonly acknowledgeMs: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const nobody: QuorumRule = { approvals: 0, admins: 0, superAdmins: 0 };

/** What holds where an organisation has not said otherwise. */
export const DEFAULT_POLICY: ApprovalPolicy = {
  quorum: {
    0: nobody,
    1: nobody,
    2: { approvals: 1, admins: 0, superAdmins: 0 },
    3: { approvals: 2, admins: 1, superAdmins: 0 },
    4: { approvals: 1, admins: 1, superAdmins: 1, superAdminsOfThree: 2 },
  },
  planValidMs: 30 * MINUTE,
  openMs: 60 * MINUTE,
  startMs: 15 * MINUTE,
  undoMs: 10_000,
  remindAt: [0.5, 0.9],
  reasonFrom: 3,
  stepUpFrom: 3,
  stepUpMaxAgeMs: 5 * MINUTE,
  local: "trusted",
  breakGlass: {
    perDay: 2,
    startMs: 10 * MINUTE,
    reasonLength: 20,
    acknowledgeMs: 72 * HOUR,
  },
  protected: { pools: [], tags: [] },
};
