import type { ClusterSnapshot } from "@kappa4/connectors";
import {
  type Conflict,
  checkRules,
  type RebalanceOptions,
  type RebalancePlan,
  type RuleReport,
  type RuleViolation,
} from "../balancing/index.ts";
import type { Engine } from "../engine-thread.ts";
import type { Drift } from "./drift.ts";

/**
 * Says why a plan must not be applied to a cluster as it is now, or undefined when it may: it is for another
 * cluster, its guests are not those that were approved, or the rules have changed so that it would break one.
 */
export async function judgePlan(
  plan: RebalancePlan,
  snapshot: ClusterSnapshot,
  options: RebalanceOptions,
  engine: Engine,
): Promise<Drift | undefined> {
  const stray = strayFrom(plan, snapshot);
  if (stray !== undefined) return stray;
  return strangerIn(plan, snapshot) ?? (await brokenBy(plan, snapshot, options, engine));
}

/** Says why a plan is not for this cluster, or undefined when it is. */
export function strayFrom(
  { cluster }: Pick<RebalancePlan, "cluster">,
  { meta: { name } }: Pick<ClusterSnapshot, "meta">,
): Drift | undefined {
  if (name === cluster) return undefined;
  return stale(`this plan is for cluster ${cluster}, not for ${name}; plan again.`);
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

async function brokenBy(
  plan: RebalancePlan,
  snapshot: ClusterSnapshot,
  options: RebalanceOptions,
  engine: Engine,
): Promise<Drift | undefined> {
  const before = checkRules(snapshot, options);
  const ignored = new Set(
    before.rules.flatMap(({ kind, guests }) => (kind === "ignore" ? guests : [])),
  );
  const untouchable = plan.moves.find(({ guest }) => ignored.has(guest));
  if (untouchable !== undefined) {
    return stale(`${untouchable.name} is set to be ignored now; plan again.`);
  }
  const moved = new Set(plan.moves.map(({ guest }) => guest));
  const known = countsOf(before);
  const report = checkRules(afterMoves(plan, snapshot), options);
  const left = countsOf(report);
  const worse = report.violations.filter(({ hard, kind, rule, guests }) => {
    if (!hard) return false;
    if (countIn(left, rule) > countIn(known, rule)) return true;
    // A guest that is off its pin may not be moved to another node off its pin.
    return kind === "pin" && guests.some(({ guest }) => moved.has(guest));
  });
  if (worse.length === 0) return undefined;
  const named = rulesOf([...before.conflicts, ...plan.conflicts]);
  // A plan may leave broken what cannot be kept, and no more of it than the engine would. What a plan says of that is no
  // proof, since it can come from anybody.
  const unnamed = worse.find(({ rule }) => !named.has(rule));
  const broken = unnamed ?? (await worseThanOwn());
  if (broken === undefined) return undefined;
  return stale(
    `the plan would break rule ${broken.rule} as it is now: ${broken.message} Plan again.`,
  );

  async function worseThanOwn(): Promise<RuleViolation | undefined> {
    const own = await engine.run("planRebalance", [snapshot, options]);
    const today = countsOf(checkRules(afterMoves(own, snapshot), options));
    return worse.find(({ rule }) => countIn(left, rule) > countIn(today, rule));
  }
}

function afterMoves({ moves }: RebalancePlan, snapshot: ClusterSnapshot): ClusterSnapshot {
  const targets = new Map(moves.map(({ guest, to }) => [guest, to]));
  const guests = snapshot.guests.map((guest) => {
    return { ...guest, node: targets.get(guest.id) ?? guest.node };
  });
  return { ...snapshot, guests };
}

/** How many guests would have to move before each hard rule holds, by its id: two rules can have the same. */
function countsOf({ violations }: RuleReport): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { rule, hard, guests } of violations) {
    if (hard) counts.set(rule, countIn(counts, rule) + guests.length);
  }
  return counts;
}

function countIn(counts: ReadonlyMap<string, number>, rule: string): number {
  return counts.get(rule) ?? 0;
}

function rulesOf(conflicts: readonly Conflict[]): ReadonlySet<string> {
  return new Set(conflicts.flatMap(({ rules }) => rules));
}

function stale(message: string): Drift {
  return { code: "plan_stale", message };
}
