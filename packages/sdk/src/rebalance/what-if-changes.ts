import { type ClusterSnapshot, Kappa4Error } from "@kappa4/connectors";
import type { WhatIfChange } from "../balancing/index.ts";
import { closest } from "../closest.ts";
import { getGuest } from "./get-guest.ts";

/**
 * Checks what changes name against a cluster, and puts ids where guests are named. Throws `not_found` with
 * the closest name for a node or a guest that is not there, and `invalid_argument` for one that cannot be meant.
 */
export function checkChanges(
  snapshot: ClusterSnapshot,
  changes: readonly WhatIfChange[],
): readonly WhatIfChange[] {
  const names = snapshot.nodes.map(({ name }) => name);
  return changes.map((change): WhatIfChange => {
    switch (change.kind) {
      case "node-fails":
      case "drain":
        checkNode(snapshot, names, change.node);
        return change;
      case "node-added":
        if (names.includes(change.node)) {
          const message = `${snapshot.meta.name} has a node ${change.node} already; give the new one another name.`;
          throw new Kappa4Error("invalid_argument", message, { context: { target: change.node } });
        }
        if ("like" in change) checkNode(snapshot, names, change.like);
        names.push(change.node);
        return change;
      case "rule-added": {
        const { rule } = change;
        const guests = rule.guests.map((named) => getGuest(snapshot, named).id);
        for (const node of rule.kind === "pin" ? rule.nodes : []) checkNode(snapshot, names, node);
        return { ...change, rule: { ...rule, guests } };
      }
      default:
        return change;
    }
  });
}

/** Throws `not_found` with the closest name for a node that a cluster does not have; `purpose` says what for. */
export function checkNode(
  { meta }: ClusterSnapshot,
  names: readonly string[],
  node: string,
  purpose: "" | " to empty" | " to leave alone" = "",
): void {
  if (names.includes(node)) return;
  const guess = closest(node, names);
  const hint =
    guess === undefined ? `There are ${names.toSorted().join(", ")}.` : `Did you mean ${guess}?`;
  const message = `${meta.name} has no node ${JSON.stringify(node)}${purpose}. ${hint}`;
  throw new Kappa4Error("not_found", message, { context: { target: node } });
}
