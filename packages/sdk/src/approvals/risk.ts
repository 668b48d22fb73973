/**
 * How much can go wrong: 0 changes nothing, 1 a little that is easily undone, 2 the usual, 3 much or something
 * protected, 4 who governs and by which rules.
 */
export type RiskClass = 0 | 1 | 2 | 3 | 4;

/** What a plan would do, as far as its risk goes. */
export type RiskFacts =
  /** Looks, or plans. */
  | { readonly kind: "read" }
  /** Moves guests. */
  | {
      readonly kind: "moves";
      readonly count: number;
      /** Whether any of them is in a pool, or has a tag, that is protected. */
      readonly touchesProtected: boolean;
      /** Whether a node is emptied for maintenance. */
      readonly isDrain: boolean;
    }
  /** Opens remote access. */
  | { readonly kind: "access"; readonly durationMs: number; readonly isPrivilegedHost: boolean }
  /** Ends what the same person opened, or holds a schedule back. */
  | { readonly kind: "end_own_access" | "pause_schedule" }
  | { readonly kind: "enroll" | "power" }
  | { readonly kind: "edit_config" | "delete_instance" }
  /** Changes roles, settings of the system or the policy, or lifts the freeze; `why` says which, as {@link whyOf} does. */
  | { readonly kind: "govern"; readonly why: string };

/** Of which class something is found to be, and for people what makes it so. */
export interface FoundRisk {
  readonly risk: RiskClass;
  readonly why: string;
}

const FEW_MOVES = 3;
const MANY_MOVES = 10;
const LONG_ACCESS_MS = 2 * 60 * 60 * 1000;

/** Works out the risk class of a plan. The requester never chooses it; what makes no sense counts as much. */
export function riskOf(facts: RiskFacts): RiskClass {
  switch (facts.kind) {
    case "read":
      return 0;
    case "moves":
      return riskOfMoves(facts.count, facts.touchesProtected || facts.isDrain);
    case "access":
      return facts.isPrivilegedHost || !isAtMost(facts.durationMs, LONG_ACCESS_MS) ? 3 : 2;
    case "end_own_access":
    case "pause_schedule":
      return 1;
    case "enroll":
    case "power":
      return 2;
    case "edit_config":
    case "delete_instance":
      return 3;
    case "govern":
      return 4;
  }
}

/**
 * Says what makes something as risky as it is: `it leaves a node empty`. `others` counts moves that are no part of it
 * and count as if they were, since nobody has voted on them.
 */
export function whyOf(facts: RiskFacts, others: number = 0): string {
  switch (facts.kind) {
    case "read":
      return "it changes nothing";
    case "moves":
      return whyOfMoves(facts, others);
    case "access":
      return whyOfAccess(facts);
    case "end_own_access":
      return "it ends what the same person opened";
    case "pause_schedule":
      return "it holds a schedule back";
    case "enroll":
      return "it takes a host in";
    case "power":
      return "it starts or stops an instance";
    case "edit_config":
      return "it changes the configuration";
    case "delete_instance":
      return "it deletes an instance";
    case "govern":
      return facts.why;
  }
}

function whyOfMoves(
  { count, touchesProtected, isDrain }: Extract<RiskFacts, { kind: "moves" }>,
  others: number,
): string {
  const drain = isDrain ? ["leaves a node empty"] : [];
  const protectedOnes = touchesProtected ? ["moves protected guests"] : [];
  const whys = [...drain, ...protectedOnes];
  if (whys.length > 0) return `it ${whys.join(" and ")}`;
  const moves = `it makes ${count} ${count === 1 ? "move" : "moves"}`;
  const besides = `, ${count + others} moves with those in the cluster within an hour that nobody has voted on`;
  const many = isAtMost(count + others, MANY_MOVES) ? "" : `, more than ${MANY_MOVES}`;
  return `${moves}${others === 0 ? "" : besides}${many}`;
}

function whyOfAccess({
  durationMs,
  isPrivilegedHost,
}: Extract<RiskFacts, { kind: "access" }>): string {
  const host = isPrivilegedHost ? " to a privileged host" : "";
  const time = isAtMost(durationMs, LONG_ACCESS_MS) ? "" : " for more than 2 hours";
  return `it opens access${host}${time}`;
}

function riskOfMoves(count: number, isSensitive: boolean): RiskClass {
  if (isSensitive || !isAtMost(count, MANY_MOVES)) return 3;
  return count <= FEW_MOVES ? 1 : 2;
}

/** Not so for a negative number, nor for one that is none. */
function isAtMost(value: number, most: number): boolean {
  return value >= 0 && value <= most;
}
