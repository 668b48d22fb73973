import type { RiskFacts } from "./approvals/index.ts";

/** Work on Kappa4's own records has no outside system; one such run at a time. */
export const OURSELVES = { connection: "kappa4", cluster: "kappa4" } as const;

/** Who governs is of the highest class. */
export function ourRisk(): RiskFacts {
  return { kind: "govern" };
}
