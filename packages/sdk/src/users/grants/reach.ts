import { Kappa4Error } from "@kappa4/connectors";
import { closest } from "../../closest.ts";
import { isId } from "../../ids.ts";
import { OURSELVES } from "../../ourselves.ts";
import type { OrgTransaction } from "../../store/index.ts";

/** Refuses a grant on a project that is not there, and can never be: ids are not given twice. Throws `not_found`. */
export async function refuseNoProject(tx: OrgTransaction, scope: string): Promise<void> {
  const [kind, id = ""] = scope.split(/:(.*)/s);
  if (kind !== "project") return;
  if (isId("prj", id) && (await tx.projects.find(id)) !== undefined) return;
  throw new Kappa4Error(
    "not_found",
    `There is no project ${id}; projects.list has them, by their ids.`,
  );
}

/**
 * Says that a grant reaches nothing as long as there is no such connection, and which one was probably meant; undefined
 * where it reaches something. A connection may be configured later, or where another program runs, so it is no refusal.
 */
export function reachesNothing(scope: string, connections: readonly string[]): string | undefined {
  const [kind, name] = scope.split(/:(.*)/s);
  if (kind !== "connection" || name === undefined) return undefined;
  if (name === OURSELVES.connection || connections.includes(name)) return undefined;
  const meant = closest(name, connections);
  const hint =
    meant === undefined ? `there are ${connections.join(", ")}.` : `did you mean ${meant}?`;
  return `The configuration has no connection ${name}; ${hint} The grant reaches nothing until there is one.`;
}
