import type { RiskFacts } from "./approvals/index.ts";

/**
 * Work on Kappa4's own records has no outside system; one such run at a time. No connection is called so, and with a
 * blank in its name no cluster: one goes by a name of Proxmox VE, which has none, or by that of its connection.
 */
export const OURSELVES = { connection: "kappa4", cluster: "Kappa4 itself" } as const;

/** Makes the risk of an action that governs, which is of the highest class; `why` says how: `it changes who may do what`. */
export function governs(why: string): () => RiskFacts {
  return () => ({ kind: "govern", why });
}

/** What changes people's roles, or the roles themselves. */
export const governsRights: () => RiskFacts = governs("it changes who may do what");
