import { create } from "./create.ts";
import { deleteProject } from "./delete.ts";
import { list } from "./list.ts";

export type { CreateProjectInput } from "./create.ts";
export type { DeleteProjectInput } from "./delete.ts";
export type { ProjectView } from "./views.ts";

/** Parts of an organisation on which roles can be given. */
export interface ProjectsActions {
  /** Lists the projects of the organisation, the oldest first. */
  readonly list: typeof list;
  /** Makes a project. Throws `already_exists`. */
  readonly create: typeof create;
  /** Takes away a project on which nobody holds a role any more. Throws `not_found`, `failed_precondition`. */
  readonly delete: typeof deleteProject;
}

/** The actions of `kappa4.projects`. */
export const projects: ProjectsActions = { list, create, delete: deleteProject };
