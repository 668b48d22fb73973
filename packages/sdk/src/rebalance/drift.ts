import type { BalancingLimits, ClusterState, ErrorCode } from "@kappa4/connectors";
import type { Balance, Move } from "../balancing/index.ts";

/** Why a move must not be started now. */
export interface Drift {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What the check needs besides the cluster itself. */
export interface DriftContext {
  /** Fraction of a node's memory that must not be exceeded. */
  readonly memoryLimit: number;
  /** Nodes that are to be empty today, besides those that the cluster marks: no guest goes onto one. */
  readonly maintenanceNodes: readonly string[];
  /** Bytes that have come or are coming to the target and may not be in its figures yet. */
  readonly incomingBytes: number;
  /** Whether the target's figures may still count a guest that has left, or miss one that has come. */
  readonly isSettling: boolean;
}

/**
 * What a look at the cluster says of a move: go, it is done already, look again when the figures have caught
 * up with the last moves, or it must not start.
 */
export type MoveCheck = "ready" | "already_there" | "settling" | Drift;

/** Compares one move with the cluster as it is now, right before the move would start. */
export function checkMove(
  move: Move,
  state: Pick<ClusterState, "nodes" | "guests">,
  context: DriftContext,
): MoveCheck {
  const guest = state.guests.find(({ id }) => id === move.guest);
  const target = state.nodes.find(({ name }) => name === move.to);
  if (guest === undefined) {
    return stale(`${move.name} is not in the cluster any more; plan again`);
  }
  if (guest.status !== "unknown" && (guest.name !== move.name || guest.type !== move.type)) {
    return stale(`${move.guest} is ${guest.name} now, not ${move.name}; plan again`);
  }
  if (guest.node === move.to) return "already_there";
  if (guest.node !== move.from) {
    return stale(`${move.name} is on ${guest.node}, not on ${move.from} as planned; plan again`);
  }
  if (guest.lock !== null) {
    const message = `${move.name} is locked (${guest.lock}); plan again when that is over`;
    return { code: "conflict", message };
  }
  if (guest.status === "unknown") {
    return stale(`nobody knows how ${move.name} is: ${move.from} does not report; plan again`);
  }
  const isStopped = guest.status === "stopped";
  if (isStopped !== (move.mode === "offline")) {
    const change = isStopped ? "has been stopped" : "has been started";
    return stale(`${move.name} ${change} since the plan was made; plan again`);
  }
  if (target === undefined) return stale(`there is no node ${move.to}; plan again`);
  if (target.status !== "online") {
    return stale(`${move.to} is not online; plan again`);
  }
  if (target.maintenance || context.maintenanceNodes.includes(target.name))
    return stale(`${move.to} is in maintenance now; plan again`);
  if (isStopped) return "ready";
  return checkMemory(move, target, guest.memory.used, context);
}

/**
 * The fraction of a node's memory that a plan may fill: the lowest of the limits, or what was in use before the first
 * move where that was more already. A plan may keep to less than the rules ask for, and never to more.
 */
export function memoryLimitOf(
  node: string,
  limits: readonly BalancingLimits[],
  before: Pick<Balance, "nodes">,
): number {
  const limit = Math.min(...limits.map(({ memoryUsed }) => memoryUsed ?? Number.POSITIVE_INFINITY));
  const used = before.nodes.find(({ name }) => name === node)?.memory ?? 0;
  return Math.max(limit, used);
}

function checkMemory(
  move: Move,
  target: ClusterState["nodes"][number],
  guestBytes: number,
  { memoryLimit, incomingBytes, isSettling }: DriftContext,
): MoveCheck {
  const { total, used } = target.memory;
  const after = (used + incomingBytes + guestBytes) / total;
  if (after <= memoryLimit) return "ready";
  if (isSettling) return "settling";
  const percent = Math.round(after * 100);
  return stale(
    `${move.to} would be at ${percent} % memory with ${move.name}, over its limit of ` +
      `${Math.round(memoryLimit * 100)} %; plan again`,
  );
}

function stale(message: string): Drift {
  return { code: "plan_stale", message };
}
