import { Kappa4Error } from "@kappa4/connectors";
import { isId } from "../ids.ts";
import type { OrgTransaction, StoredProject } from "../store/index.ts";

/** A project of an organisation. */
export type ProjectView = Omit<StoredProject, "updatedAt">;

/** Shows a project. */
export function projectView({ id, name, status, createdAt }: StoredProject): ProjectView {
  return { id, name, status, createdAt };
}

/** Finds a project by id or name. Throws `not_found`. */
export async function getProject(tx: OrgTransaction, name: string): Promise<StoredProject> {
  const project = isId("prj", name)
    ? await tx.projects.find(name)
    : await tx.projects.findByName(name);
  if (project !== undefined) return project;
  throw new Kappa4Error("not_found", `There is no project ${name}; projects.list has them.`);
}
