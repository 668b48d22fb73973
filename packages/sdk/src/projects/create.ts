import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { type ChangeAction, defineAction } from "../actions/define.ts";
import { onOrg } from "../actions/scopes.ts";
import { newId } from "../ids.ts";
import { type ProjectView, projectView } from "./views.ts";

/** A project to be. */
export interface CreateProjectInput {
  /** Unique in the organisation. */
  readonly name: string;
}

/** `projects.create` */
export const create: ChangeAction<CreateProjectInput, ProjectView> = defineAction<
  CreateProjectInput,
  ProjectView
>({
  name: "projects.create",
  description: "Makes a project, on which roles can be given.",
  kind: "change",
  risk: 1,
  permission: "projects.write",
  quota: "projects.max",
  input: z.strictObject({
    name: z.string().trim().min(1).max(100).describe("Unique in the organisation."),
  }),
  ...onOrg,
  audit: ({ name }) => ({ targets: [`project:${name}`] }),
  async run({ tx, clock }, { name }) {
    const at = new Date(clock.now());
    const id = newId("prj", clock.now());
    const project = { id, name, status: "active", createdAt: at, updatedAt: at } as const;
    if (await tx.projects.insert(project)) return projectView(project);
    throw new Kappa4Error("already_exists", `There is a project ${name} already.`);
  },
});
