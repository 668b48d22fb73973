import type { GuestId } from "@kappa4/connectors";
import type { BlockedCode, Move, MoveReasonCode } from "./plan.ts";

/** A node as a home for a new guest. */
export interface NodeChoice {
  readonly node: string;
  /** Load of the levelled resource with the new guest; null for a node that is not online, whose figures nobody knows. */
  readonly load: number | null;
  readonly fits: boolean;
  /** What stands in the way where it does not fit. */
  readonly code?: BlockedCode | undefined;
  /** One sentence with figures. */
  readonly message: string;
}

/** What a guest that does not exist yet needs. */
export interface GuestRequest {
  readonly memoryBytes: number;
  readonly cores: number;
  readonly tags?: readonly string[] | undefined;
  readonly pool?: string | undefined;
}

/** Why a guest moves, or why it stays. */
export interface GuestExplanation {
  readonly guest: GuestId;
  readonly name: string;
  /** Where it is before the plan. */
  readonly node: string;
  readonly decision: "moves" | "stays";
  /** Its moves in the plan, in order; empty when it stays. */
  readonly moves: readonly Move[];
  /** What one move of it takes by the cost model, whether it moves or not. */
  readonly seconds?: number | undefined;
  /** `nothing-to-gain`: it could move, and no move of it would help. */
  readonly code: MoveReasonCode | BlockedCode | "nothing-to-gain";
  /** One sentence with figures. */
  readonly message: string;
  readonly rule?: string | undefined;
  /** The node it is on after the plan, with its load then; absent where nobody knows where a guest could be. */
  readonly place?: NodeChoice | undefined;
  /** All other nodes as a home for it after the plan, the best first. */
  readonly alternatives: readonly NodeChoice[];
}
