import type { ClusterSnapshot } from "@kappa4/connectors";
import {
  type Conflict,
  checkRules,
  planRebalance,
  type RebalanceOptions,
  type RebalancePlan,
  type RuleViolation,
} from "../balancing/index.ts";
import type { Drift } from "./drift.ts";

/**
 * Says why a plan must not be applied to a cluster as it is now, or undefined when it may: it is for another
 * cluster, its guests are not those that were approved, or the rules have changed so that it would break one.
 */
export function judgePlan(
  plan: RebalancePlan,
  snapshot: ClusterSnapshot,
  options: RebalanceOptions,
): Drift | undefined {
  const { name } = snapshot.meta;
  if (name !== plan.cluster) {
    return stale(`this plan is for cluster ${plan.cluster}, not for ${name}; plan again.`);
  }
  return strangerIn(plan, snapshot) ?? brokenBy(plan, snapshot, options);
}

/** Ids are used again: the guest under an id must still be the one that the plan names. */
function strangerIn(plan: RebalancePlan, snapshot: ClusterSnapshot): Drift | undefined {
  const guests = new Map(snapshot.guests.map((guest) => [guest.id, guest]));
  for (const { guest: id, name, type } of plan.moves) {
    const guest = guests.get(id);
    if (guest === undefined) {
      return stale(`${name} (${id}) is not in the cluster any more; plan again.`);
    }
    // A guest whose node does not report has no name to compare.
    if (guest.status === "unknown") continue;
    if (guest.name !== name || guest.type !== type) {
      return stale(`${id} is ${guest.name} now, not ${name}; plan again.`);
    }
  }
  return undefined;
}

function brokenBy(
  plan: RebalancePlan,
  snapshot: ClusterSnapshot,
  options: RebalanceOptions,
): Drift | undefined {
  const before = checkRules(snapshot, options);
  const ignored = new Set(
    before.rules.flatMap(({ kind, guests }) => (kind === "ignore" ? guests : [])),
  );
  const untouchable = plan.moves.find(({ guest }) => ignored.has(guest));
  if (untouchable !== undefined) {
    return stale(`${untouchable.name} is set to be ignored now; plan again.`);
  }
  const targets = new Map(plan.moves.map(({ guest, to }) => [guest, to]));
  const guests = snapshot.guests.map((guest) => ({
    ...guest,
    node: targets.get(guest.id) ?? guest.node,
  }));
  const broken = new Map(before.violations.map(({ rule, guests }) => [rule, guests.length]));
  const known = rulesOf(before.conflicts);
  const isWorse = (violation: RuleViolation): boolean => {
    if (!violation.hard || known.has(violation.rule)) return false;
    if (violation.guests.length > (broken.get(violation.rule) ?? 0)) return true;
    // A guest that is off its pin may not be moved to another node off its pin.
    return violation.kind === "pin" && violation.guests.some(({ guest }) => targets.has(guest));
  };
  const found = checkRules({ ...snapshot, guests }, options).violations.filter(isWorse);
  const worse = found.find(({ rule }) => !mayBreak(rule, plan, snapshot, options));
  if (worse === undefined) return undefined;
  return stale(
    `the plan would break rule ${worse.rule} as it is now: ${worse.message} Plan again.`,
  );
}

/**
 * A plan may leave broken what cannot be kept. That it says so is no proof, since a plan can come from anybody: the
 * engine is asked what it would leave broken today.
 */
function mayBreak(
  rule: string,
  plan: RebalancePlan,
  snapshot: ClusterSnapshot,
  options: RebalanceOptions,
): boolean {
  if (!rulesOf(plan.conflicts).has(rule)) return false;
  return rulesOf(planRebalance(snapshot, options).conflicts).has(rule);
}

function rulesOf(conflicts: readonly Conflict[]): ReadonlySet<string> {
  return new Set(conflicts.flatMap(({ rules }) => rules));
}

function stale(message: string): Drift {
  return { code: "plan_stale", message };
}
