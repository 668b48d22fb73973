import {
  checkFailover,
  checkRules,
  explainGuest,
  pickBestNode,
  planRebalance,
  whatIf,
} from "./balancing/index.ts";

/** What the engine is asked for in a thread of its own. */
export const engineFunctions: {
  readonly planRebalance: typeof planRebalance;
  readonly pickBestNode: typeof pickBestNode;
  readonly explainGuest: typeof explainGuest;
  readonly whatIf: typeof whatIf;
  readonly checkFailover: typeof checkFailover;
  readonly checkRules: typeof checkRules;
} = { planRebalance, pickBestNode, explainGuest, whatIf, checkFailover, checkRules };

/** All of them, by name. */
export type EngineFunctions = typeof engineFunctions;
