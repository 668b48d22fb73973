import { Kappa4Error } from "@kappa4/connectors";
import { isId } from "../ids.ts";
import type { OrgTransaction, StoredRun } from "../store/index.ts";

/** Finds a run by its id or the short id that people say, on any connection or on some. Throws `not_found`. */
export async function getRun(
  tx: OrgTransaction,
  name: string,
  connections?: readonly string[],
): Promise<StoredRun> {
  const run = isId("run", name)
    ? await tx.runs.find(name)
    : await tx.runs.findByShortId(name.toUpperCase());
  if (run !== undefined && (connections?.includes(run.connection) ?? true)) return run;
  throw new Kappa4Error("not_found", `There is no run ${name}; list them with runs.list.`);
}
