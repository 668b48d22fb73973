import { acknowledge } from "./approve/verbs/acknowledge.ts";
import { approve as yes } from "./approve/verbs/approve.ts";
import { breakGlass } from "./approve/verbs/break-glass.ts";
import { deny } from "./approve/verbs/deny.ts";
import { list } from "./approve/verbs/list.ts";
import { show } from "./approve/verbs/show.ts";
import { withdraw } from "./approve/verbs/withdraw.ts";
import { type Command, defineCommand } from "./define.ts";

/** Says yes or no to what others want done. */
export const approve: Command = defineCommand({
  name: "approve",
  summary: "Approves or denies what others want done: /approve A-92QX says yes.",
  // `/approve A-92QX` names no verb.
  bare: { pattern: /^a-[0-9a-z]+$/i, verb: "approve" },
  verbs: { list, show, approve: yes, deny, withdraw, "break-glass": breakGlass, acknowledge },
});
