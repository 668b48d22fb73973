import { Kappa4Error } from "@kappa4/connectors";
import { isId } from "../ids.ts";
import type { OrgTransaction, StoredRun } from "../store/index.ts";

/** Finds a run by its id or the short id that people say. Throws `not_found`. */
export async function getRun(tx: OrgTransaction, name: string): Promise<StoredRun> {
  const run = isId("run", name)
    ? await tx.runs.find(name)
    : await tx.runs.findByShortId(name.toUpperCase());
  if (run !== undefined) return run;
  throw new Kappa4Error("not_found", `There is no run ${name}; list them with runs.list.`);
}
