import { Kappa4Error } from "@kappa4/connectors";
import { isId } from "../ids.ts";
import type { OrgTransaction, StoredPlan } from "../store/index.ts";

/** Finds a plan by its id or the short id that people say. Throws `not_found`. */
export async function getPlan(tx: OrgTransaction, name: string): Promise<StoredPlan> {
  const plan = isId("pln", name)
    ? await tx.plans.find(name)
    : await tx.plans.findByShortId(name.toUpperCase());
  if (plan !== undefined) return plan;
  throw new Kappa4Error("not_found", `There is no plan ${name}; make one with rebalance.plan.`);
}
