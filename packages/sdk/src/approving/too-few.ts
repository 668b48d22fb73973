import type { ApprovalEffect, RiskClass } from "../approvals/index.ts";

const HIGHEST_CLASS: RiskClass = 4;

/** Says that too few people are there who could approve what somebody asks for, and what then; undefined where they are. */
export function tooFew(effects: readonly ApprovalEffect[], risk: RiskClass): string | undefined {
  const found = effects.find(({ kind }) => kind === "quorum_unreachable");
  if (found?.kind !== "quorum_unreachable") return undefined;
  const { approvals, admins, superAdmins } = found.missing;
  const lacking = Math.max(approvals, admins, superAdmins);
  const [one, more] =
    superAdmins > 0
      ? ["Super Admin", "Super Admins"]
      : admins > 0
        ? ["Admin", "Admins"]
        : ["person", "people"];
  const way =
    risk < HIGHEST_CLASS
      ? "In an emergency an Admin can go past that with approvals.breakGlass."
      : "Nobody goes past that: name another Super Admin in the configuration, or do it in the terminal, where its rules trust whoever holds the machine.";
  return `Too few people can approve this: it takes ${lacking} more ${lacking === 1 ? one : more} who can. ${way}`;
}
