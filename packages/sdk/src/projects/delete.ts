import { z } from "zod";
import { type ChangeAction, defineAction } from "../actions/define.ts";
import { reasonField } from "../actions/inputs.ts";
import { onOrg } from "../actions/scopes.ts";
import { clearGrants } from "../users/held-grants.ts";
import { getProject, type ProjectView, projectView } from "./views.ts";

/** Which project, and why. */
export interface DeleteProjectInput {
  /** By id or name. */
  readonly project: string;
  readonly reason: string;
}

/** `projects.delete` */
export const deleteProject: ChangeAction<DeleteProjectInput, ProjectView> = defineAction<
  DeleteProjectInput,
  ProjectView
>({
  name: "projects.delete",
  description: "Takes away a project on which nobody holds a role any more.",
  kind: "change",
  risk: 1,
  permission: "projects.write",
  input: z.strictObject({
    project: z.string().min(1).describe("A project by id or name."),
    reason: reasonField,
  }),
  ...onOrg,
  audit: ({ project, reason }) => ({ targets: [`project:${project}`], reason }),
  async run({ tx, clock }, { project: name }) {
    const project = await getProject(tx, name);
    const onIt = `project:${project.id}`;
    const granted = {
      what: `a role on ${project.name}`,
      isIn: ({ scope }: { readonly scope: string }) => scope === onIt,
    };
    await clearGrants(tx, granted, new Date(clock.now()));
    await tx.projects.delete(project.id);
    return projectView(project);
  },
});
