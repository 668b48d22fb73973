import { get } from "./get.ts";
import { list } from "./list.ts";

export type { GetNodeInput, NodeView } from "./get.ts";

/** What can be asked about nodes. */
export interface NodesActions {
  /** Lists the nodes of a cluster with what they have and what is used of it. */
  readonly list: typeof list;
  /** Shows one node and the guests on it. Throws `not_found`. */
  readonly get: typeof get;
}

/** The actions of `kappa4.nodes`. */
export const nodes: NodesActions = { list, get };
