import { z } from "zod";
import { type ChangeAction, defineAction } from "../../actions/define.ts";
import { onOrg } from "../../actions/scopes.ts";
import type { ChatAddress } from "../../store/index.ts";
import { systemOnly } from "../system-only.ts";
import { accountName, addressFields } from "./inputs.ts";

/** Which chat account was turned away, from what and why. */
export interface RecordRefusalInput extends ChatAddress {
  /** What they tried, as a command names it, for example `rebalance apply`; never what they wrote. */
  readonly command: string;
  /** What they were told. */
  readonly reason: string;
  /** How often since the last entry. Default 1. */
  readonly count?: number | undefined;
}

/** `users.recordRefusal` */
export const recordRefusal: ChangeAction<RecordRefusalInput, void> = defineAction<
  RecordRefusalInput,
  void
>({
  name: "users.recordRefusal",
  description:
    "Puts on record that a surface turned a chat account away before it was anybody's: a guest, an app, somebody of another workspace.",
  kind: "change",
  risk: 0,
  permission: "users.write",
  input: z.strictObject({
    ...addressFields,
    command: z.string().min(1).max(100).describe("What they tried, as a command names it."),
    reason: z.string().min(1).max(500).describe("What they were told."),
    count: z.int().min(1).optional().describe("How often since the last entry. Default 1."),
  }),
  ...onOrg,
  audit: ({ command, reason, count = 1, ...address }) => ({
    targets: [accountName(address)],
    reason,
    details: { command, count },
  }),
  // The entry is all there is to it.
  run: async ({ caller }) => systemOnly(caller),
});
