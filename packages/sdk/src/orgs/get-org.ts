import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { isId } from "../ids.ts";
import type { PlatformTransaction, StoredOrg } from "../store/index.ts";

/** An organisation by id or slug. */
export const orgField: z.ZodType<string> = z
  .string()
  .min(1)
  .describe("An organisation by id or slug.");

/** Finds an organisation by its id or slug. Throws `not_found`. */
export async function getOrg({ orgs }: PlatformTransaction, name: string): Promise<StoredOrg> {
  const org = isId("org", name) ? await orgs.find(name) : await orgs.findBySlug(name);
  if (org !== undefined) return org;
  throw new Kappa4Error("not_found", `There is no organisation ${name}; orgs.list has them.`);
}
