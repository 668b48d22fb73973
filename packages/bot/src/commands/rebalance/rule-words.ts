import type { Conflict } from "@kappa4/sdk/balancing";
import { names } from "../../view/format.ts";

/** Says which rule is meant: `pin:112` becomes `pin of guest 112`; tags and names people gave stay as they are. */
export function ruleName(id: string): string {
  const [, pin] = /^pin:(.+)$/.exec(id) ?? [];
  if (pin !== undefined) return `pin of guest ${pin}`;
  const [, pinningPool, guest] = /^pool:(.+):pin:([^:]+)$/.exec(id) ?? [];
  if (pinningPool !== undefined) return `pin of pool ${pinningPool} for guest ${guest}`;
  const [, pool] = /^pool:(.+)$/.exec(id) ?? [];
  if (pool !== undefined) return `pool ${pool}`;
  const [, ha] = /^ha:(.+)$/.exec(id) ?? [];
  return ha === undefined ? id : `HA rule ${ha}`;
}

/** Says what cannot hold: the rules, or in words what stands for them where there is none. */
export function conflictName({ code, rules }: Pick<Conflict, "code" | "rules">): string {
  return rules.length > 0 ? names(rules.map(ruleName), 3) : CONFLICTS[code];
}

const CONFLICTS: Readonly<Record<Conflict["code"], string>> = {
  "pin-unknown-node": "pin to an unknown node",
  "pin-no-node": "pin without a node",
  "pins-contradict": "pins against each other",
  "together-split-by-pins": "affinity against pins",
  "together-and-apart": "affinity against anti-affinity",
  "together-too-large": "affinity of too many",
  "together-immovable": "affinity of guests that cannot move",
  "apart-too-many": "anti-affinity of too many",
  "apart-too-narrow": "anti-affinity on too few nodes",
  "apart-immovable": "anti-affinity of guests that cannot move",
  "drain-blocked": "maintenance",
  "limit-exceeded": "limit of a node",
  "target-unreachable": "balance target",
  "no-active-node": "nodes that take guests",
  "rule-unrepairable": "rule without a way to repair it",
  "rule-unknown-guest": "rule for an unknown guest",
  "option-unknown-name": "unknown name in the options",
  "node-offline": "node that is offline",
  "guest-too-large": "guest too large",
  "pressure-missing": "pressure figures",
  "failover-uncovered": "failure of a node",
  "allowance-used": "allowance for moves",
  "own-balancer": "the cluster's own balancer",
};
