import { z } from "zod";
import type { ChatAddress } from "../../store/index.ts";

/** A person by id or e-mail address. */
export interface UserInput {
  readonly user: string;
}

/** The field of {@link UserInput}. */
export const userField: z.ZodType<string> = z
  .string()
  .min(1)
  .describe("A person by id or e-mail address.");

/** The name of a person. */
export const nameField: z.ZodType<string> = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .describe("As others know them.");

/** The key of a role. */
export const roleField: z.ZodType<string> = z
  .string()
  .min(1)
  .describe("The key of a role: viewer, operator, admin, super_admin, or one of your own.");

/** Where somebody writes from. */
export const addressFields: { readonly [Field in keyof ChatAddress]: z.ZodType<string> } = {
  platform: z.string().min(1).describe("For example slack."),
  workspace: z.string().min(1).describe("The workspace, as the platform names it."),
  account: z.string().min(1).describe("The account in it, as the platform names it."),
};

/** The account as the record names it, for example `account:slack:T1:U1`. */
export function accountName({ platform, workspace, account }: ChatAddress): string {
  return `account:${platform}:${workspace}:${account}`;
}
