import { explainGuest, pickBestNode, planRebalance } from "./balancing/index.ts";

/** What the engine is asked for in a thread of its own. */
export const engineFunctions: {
  readonly planRebalance: typeof planRebalance;
  readonly pickBestNode: typeof pickBestNode;
  readonly explainGuest: typeof explainGuest;
} = { planRebalance, pickBestNode, explainGuest };

/** All of them, by name. */
export type EngineFunctions = typeof engineFunctions;
