import type { ClusterSnapshot, GuestId } from "@kappa4/connectors";
import type { RebalanceOptions } from "./options.ts";
import type { BlockedGuest, RebalancePlan } from "./plan.ts";
import { prepareCluster } from "./prepare.ts";
import { informs } from "./telling/informs.ts";
import type { Impossible, WhatIf, WhatIfChange } from "./what-if/what-if-report.ts";
import { type WhatIfState, withChange } from "./what-if/what-if-state.ts";

/**
 * Says what would become of a cluster if something happened to it: a node fails, joins or is emptied, a guest or
 * a rule is added, the target is another one. Several changes are made in their order. Nothing real changes.
 *
 * @example
 * const { impossible, plan } = whatIf(snapshot, [{ kind: "node-fails", node: "pve2" }]);
 */
export function whatIf(
  snapshot: ClusterSnapshot,
  changes: readonly WhatIfChange[],
  options: RebalanceOptions = {},
): WhatIf {
  const start: WhatIfState = { snapshot, options, failover: [], homes: [], impossible: [] };
  const end = changes.reduce(withChange, start);
  const prepared = prepareCluster(snapshot, options);
  const plan = prepareCluster(end.snapshot, end.options).plan();
  return {
    changes,
    now: prepared.balance(),
    plan,
    failover: end.failover,
    homes: end.homes,
    impossible: [...end.impossible, ...newlyImpossible(prepared.plan(), plan)],
    snapshot: end.snapshot,
    options: end.options,
  };
}

/** What a plan cannot do that another one could. */
function newlyImpossible(before: RebalancePlan, after: RebalancePlan): readonly Impossible[] {
  const known = new Set(found(before).map(keyOf));
  const fresh = found(after).filter((one) => !known.has(keyOf(one)));
  // Who keeps a node from being emptied is told with the reason, also where that is a rule of several, or was one before.
  const drained = new Set(
    fresh.flatMap(({ code, guests }) => (code === "drain-blocked" ? guests : [])),
  );
  const isTold = (guest: GuestId): boolean =>
    fresh.some(
      ({ code, guests: [only, ...others] }) =>
        code !== "drain-blocked" && only === guest && others.length === 0,
    );
  const untold = after.blocked.filter(({ guest }) => drained.has(guest) && !isTold(guest));
  return [...fresh, ...untold.map(ofBlocked)];
}

/** Conflicts, and guests that stay for a reason that no conflict names. */
function found({ conflicts, blocked }: RebalancePlan): readonly Impossible[] {
  const real = conflicts.filter((conflict) => !informs(conflict));
  const explained = new Set(real.flatMap(({ rules }) => rules));
  const others = blocked.filter(({ rule }) => rule === undefined || !explained.has(rule));
  return [...real, ...others.map(ofBlocked)];
}

function ofBlocked({ code, guest, node, message, rule }: BlockedGuest): Impossible {
  const rules = rule === undefined ? [] : [rule];
  return { code, rules, guests: [guest], node, message };
}

/** Figures differ between two plans; what it is about does not. */
function keyOf({ code, rules, guests, node }: Impossible): string {
  return JSON.stringify([code, rules, guests, node]);
}
