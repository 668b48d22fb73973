import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { type ChangeAction, defineAction } from "../../actions/define.ts";
import { onOrg } from "../../actions/scopes.ts";
import type { ChatAddress } from "../../store/index.ts";
import { getUser } from "../get-user.ts";
import { refuseHigher } from "../higher.ts";
import { emailOf } from "../new-user.ts";
import { type UserView, userView } from "../views.ts";
import { refuseMute } from "./governors.ts";
import { accountName, addressFields } from "./inputs.ts";

/** `users.unlink` */
export const unlink: ChangeAction<ChatAddress, UserView> = defineAction<ChatAddress, UserView>({
  name: "users.unlink",
  description: "Takes a chat account from the person whose it was.",
  kind: "change",
  risk: 1,
  permission: "users.write",
  input: z.strictObject(addressFields),
  ...onOrg,
  audit: (address) => ({ targets: [accountName(address)] }),
  async run({ tx, clock, caller }, address) {
    const known = await tx.chatAccounts.find(address);
    if (known === undefined) {
      const message = "This chat account is nobody's; users.list shows whose there are.";
      throw new Kappa4Error("not_found", message);
    }
    const user = await getUser(tx, known.userId);
    const now = new Date(clock.now());
    await refuseHigher(tx, caller, user, { what: "take an account from", now });
    const obstacle = obstacleTo(known.method, user.email === emailOf(address), user.name);
    if (obstacle !== undefined) {
      throw new Kappa4Error("failed_precondition", obstacle, { retryable: false });
    }
    await refuseMute(tx, caller, user, now);
    await tx.chatAccounts.delete(address);
    return userView(tx, user);
  },
});

function obstacleTo(method: string, isStandIn: boolean, name: string): string | undefined {
  if (method === "configuration") {
    return "The configuration names this chat account; take it out there, and start again.";
  }
  if (!isStandIn) return undefined;
  return `${name} is known by this chat account alone, and would be again at once; use users.setStatus to disable them.`;
}
