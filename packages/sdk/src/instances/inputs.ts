import type { GuestId } from "@kappa4/connectors";
import type { z } from "zod";
import type { AuditFacts } from "../actions/define.ts";
import {
  type ConnectionInput,
  connectionField,
  guestField,
  reasonField,
} from "../actions/inputs.ts";

/** Which instance, and why. */
export interface InstanceInput extends ConnectionInput {
  /** By id, or by name where no other one has it. */
  readonly guest: GuestId;
  readonly reason: string;
}

/** The fields of an {@link InstanceInput}. */
export const instanceFields: {
  readonly connection: z.ZodType<string | undefined>;
  readonly guest: z.ZodType<GuestId>;
  readonly reason: z.ZodType<string>;
} = { connection: connectionField, guest: guestField, reason: reasonField };

/** What is put on record of it. */
export function auditOf({ guest, reason }: InstanceInput): AuditFacts {
  return { targets: [`guest:${guest}`], reason };
}
