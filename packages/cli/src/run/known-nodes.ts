import { closest } from "@kappa4/sdk";
import type { FlagValues } from "../flags/flag-values.ts";

/** Throws `config_invalid` when a flag names a node that the cluster does not have: a typing error must not drain nothing. */
export function refuseUnknownNodes(
  flags: FlagValues,
  nodes: readonly { readonly name: string }[],
): void {
  const known = nodes.map(({ name }) => name).toSorted();
  for (const flag of ["maintenance", "ignore-node"]) {
    for (const name of flags.list(flag) ?? []) {
      if (known.includes(name)) continue;
      const meant = closest(name, known);
      const advice =
        meant === undefined ? `there are ${known.join(", ")}` : `did you mean ${meant}?`;
      flags.problem(flag, `there is no node ${JSON.stringify(name)}; ${advice}`);
    }
  }
  flags.check();
}
