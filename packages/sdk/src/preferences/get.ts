import { defineAction, type ReadAction } from "../actions/define.ts";
import { type NoInput, noInput } from "../actions/inputs.ts";
import { onAnyPart } from "../actions/scopes.ts";
import { type Preferences, preferencesOf } from "./preferences.ts";

/** `preferences.get` */
export const get: ReadAction<NoInput, Preferences> = defineAction<NoInput, Preferences>({
  name: "preferences.get",
  description: "Shows how the caller wants to be spoken to.",
  kind: "read",
  risk: 0,
  // Whoever belongs to an organisation has preferences in it.
  permission: "orgs.read",
  input: noInput,
  ...onAnyPart,
  audit: () => ({ targets: ["preferences"] }),
  run: async ({ inOrg, caller }) => (await inOrg((tx) => preferencesOf(tx, caller))).preferences,
});
