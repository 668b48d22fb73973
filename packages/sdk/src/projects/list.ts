import { defineAction, type ReadAction } from "../actions/define.ts";
import { type NoInput, noInput } from "../actions/inputs.ts";
import { onOrg } from "../actions/scopes.ts";
import { type ProjectView, projectView } from "./views.ts";

/** `projects.list` */
export const list: ReadAction<NoInput, readonly ProjectView[]> = defineAction<
  NoInput,
  readonly ProjectView[]
>({
  name: "projects.list",
  description: "Lists the projects of the organisation, the oldest first.",
  kind: "read",
  risk: 0,
  permission: "projects.read",
  input: noInput,
  ...onOrg,
  audit: () => ({ targets: ["projects"] }),
  run: async ({ inOrg }) => (await inOrg((tx) => tx.projects.list())).map(projectView),
});
