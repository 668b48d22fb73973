import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { defineAction, type RunAction } from "../actions/define.ts";
import { reasonField } from "../actions/inputs.ts";
import { onPlatform } from "../actions/scopes.ts";
import { newId, parseId } from "../ids.ts";
import { governs, OURSELVES } from "../ourselves.ts";
import type { PlatformTransaction } from "../store/index.ts";
import { unlessCancelled } from "./unless-cancelled.ts";

/** An organisation to be, and why. */
export interface CreateOrgInput {
  readonly name: string;
  /** Its name in addresses, unique on the platform. */
  readonly slug: string;
  readonly reason: string;
}

/** An organisation before it is made, as plain data. */
export interface OrgToCreate {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
}

/** `orgs.create` */
export const create: RunAction<CreateOrgInput, OrgToCreate> = defineAction<
  CreateOrgInput,
  OrgToCreate
>({
  name: "orgs.create",
  description: "Makes an organisation with nobody in it, once those who have to have approved it.",
  kind: "run",
  permission: "orgs.create",
  input: z.strictObject({
    name: z.string().trim().min(1).max(200).describe("As people call it."),
    slug: z
      .string()
      .regex(/^[a-z][a-z0-9-]{1,62}$/, "must be small letters, digits and dashes")
      .describe("Its name in addresses, unique on the platform."),
    reason: reasonField,
  }),
  ...onPlatform,
  audit: ({ slug, reason }) => ({ targets: [`org:${slug}`], reason }),
  reason: ({ reason }) => reason,
  risk: governs("it makes an organisation"),
  describe: ({ name, slug }) => ({
    sentence: `Makes the organisation ${name} (${slug}).`,
    facts: [
      { name: "Name", value: name },
      { name: "Slug", value: slug },
    ],
  }),
  binding: ({ name, slug }) => ({ name, slug }),
  async order({ platform, clock }, { name, slug }) {
    const known = await platform(({ orgs }) => orgs.findBySlug(slug));
    if (known !== undefined) throw taken(slug);
    return { ...OURSELVES, content: { id: newId("org", clock.now()), name, slug } };
  },
  execute(context, { id: text, name, slug }) {
    const id = parseId("org", text);
    const createdAt = new Date(context.clock.now());
    const isMade = async ({ orgs }: PlatformTransaction): Promise<boolean> =>
      (await orgs.findBySlug(slug))?.id === id;
    return unlessCancelled(context, {
      result: { id, slug },
      isMade,
      async make(tx) {
        const org = { id, name, slug, status: "active", kind: "standard", createdAt } as const;
        await tx.orgs.insertIfNew(org);
        if (!(await isMade(tx))) throw taken(slug);
      },
    });
  },
});

function taken(slug: string): Kappa4Error {
  return new Kappa4Error("already_exists", `There is an organisation ${slug} already.`);
}
