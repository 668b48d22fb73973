import { Kappa4Error } from "@kappa4/sdk";
import type { WhatIfChange } from "@kappa4/sdk/balancing";

const KINDS = ["together", "apart", "pin"] as const;

/** What people type of a rule: guests and nodes by name, separated by commas. */
export interface TypedRule {
  readonly together?: string | undefined;
  readonly apart?: string | undefined;
  readonly pin?: string | undefined;
  /** The nodes of `pin`. */
  readonly to?: string | undefined;
}

/** Makes a rule of what was typed. Throws `invalid_argument` where that is no rule, or more than one. */
export function newRule(typed: TypedRule): Extract<WhatIfChange, { kind: "rule-added" }> {
  const [kind, ...others] = KINDS.filter((name) => typed[name] !== undefined);
  if (kind === undefined || others.length > 0) {
    throw wrong("Say one rule: --together, --apart or --pin, for example --apart web-01,web-02.");
  }
  const guests = listed(typed[kind]);
  const nodes = listed(typed.to);
  const common = {
    id: `${kind}:${guests.join("+")}`,
    guests,
    hard: true,
    source: "config",
  } as const;
  if (kind === "pin") {
    if (guests.length > 0 && nodes.length > 0) {
      return { kind: "rule-added", rule: { ...common, kind, nodes } };
    }
    throw wrong("Name the guests and their nodes: --pin db-01 --to pve-01,pve-02.");
  }
  if (nodes.length > 0) throw wrong("--to belongs to --pin; leave it out.");
  if (guests.length > 1) return { kind: "rule-added", rule: { ...common, kind } };
  throw wrong(`Name two guests or more, separated by commas: --${kind} web-01,web-02.`);
}

function listed(text = ""): readonly string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function wrong(message: string): Kappa4Error {
  return new Kappa4Error("invalid_argument", message);
}
