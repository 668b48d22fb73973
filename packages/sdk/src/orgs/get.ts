import { Kappa4Error } from "@kappa4/connectors";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { type NoInput, noInput } from "../actions/inputs.ts";
import { onOrg } from "../actions/scopes.ts";
import type { StoredOrg } from "../store/index.ts";

/** `orgs.get` */
export const get: ReadAction<NoInput, StoredOrg> = defineAction<NoInput, StoredOrg>({
  name: "orgs.get",
  description: "Shows the organisation that the caller acts in.",
  kind: "read",
  risk: 0,
  permission: "orgs.read",
  input: noInput,
  ...onOrg,
  audit: () => ({ targets: ["org"] }),
  async run({ inOrg }) {
    const organisation = await inOrg((tx) => tx.organisation());
    if (organisation !== undefined) return organisation;
    throw new Kappa4Error("not_found", "This organisation is no more.");
  },
});
