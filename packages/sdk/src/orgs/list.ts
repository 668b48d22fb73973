import { defineAction, type ReadAction } from "../actions/define.ts";
import { type NoInput, noInput } from "../actions/inputs.ts";
import { onPlatform } from "../actions/scopes.ts";
import type { StoredOrg } from "../store/index.ts";

/** `orgs.list` */
export const list: ReadAction<NoInput, readonly StoredOrg[]> = defineAction<
  NoInput,
  readonly StoredOrg[]
>({
  name: "orgs.list",
  description: "Lists every organisation of the platform, the oldest first.",
  kind: "read",
  risk: 0,
  permission: "platform.admin",
  input: noInput,
  ...onPlatform,
  audit: () => ({ targets: ["orgs"] }),
  run: ({ platform }) => platform(({ orgs }) => orgs.list()),
});
