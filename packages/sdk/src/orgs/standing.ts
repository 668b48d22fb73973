import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { defineAction, type RunAction } from "../actions/define.ts";
import { reasonField } from "../actions/inputs.ts";
import { onPlatform } from "../actions/scopes.ts";
import { parseId } from "../ids.ts";
import { governs, OURSELVES } from "../ourselves.ts";
import type { StoredOrg } from "../store/index.ts";
import { getOrg, orgField } from "./get-org.ts";
import { unlessCancelled } from "./unless-cancelled.ts";

/** Which organisation, and why. */
export interface OrgStandingInput {
  /** By id or slug. */
  readonly org: string;
  readonly reason: string;
}

/** What an organisation is to become, as plain data. */
export interface OrgToChange {
  readonly id: string;
  readonly slug: string;
  readonly status: StoredOrg["status"];
}

/** An action that lets an organisation be changed, or not. */
export type OrgStandingAction = RunAction<OrgStandingInput, OrgToChange>;

/** Makes an action that takes an organisation from one status to another. */
export function standingAction({ verb, from, to }: Change, description: string): OrgStandingAction {
  return defineAction<OrgStandingInput, OrgToChange>({
    name: `orgs.${verb}`,
    description,
    kind: "run",
    permission: "platform.admin",
    input: z.strictObject({
      org: orgField,
      reason: reasonField,
    }),
    ...onPlatform,
    audit: ({ org, reason }) => ({ targets: [`org:${org}`], reason }),
    reason: ({ reason }) => reason,
    risk: governs("it decides whether anything can be changed in an organisation"),
    describe: ({ id, slug, status }) => ({
      sentence: `${verb === "suspend" ? "Suspends" : "Resumes"} the organisation ${slug}.`,
      facts: [
        { name: "Organisation", value: `${slug} (${id})` },
        { name: "Becomes", value: status },
      ],
    }),
    binding: (content) => content,
    async order({ platform, inOrg }, { org: name }) {
      const { id, slug, status } = await platform((tx) => getOrg(tx, name));
      if (status !== from) {
        const message = `The organisation ${slug} is ${status}; there is nothing to ${verb}.`;
        throw new Kappa4Error("conflict", message, { retryable: false });
      }
      // Nothing could be changed in it any more, not even this.
      if (id === (await inOrg(async (tx) => tx.org))) {
        const message = `You act in ${slug} yourself; do this from another organisation.`;
        throw new Kappa4Error("failed_precondition", message, { retryable: false });
      }
      return { ...OURSELVES, content: { id, slug, status: to } };
    },
    execute(context, { id: text, slug, status }) {
      const id = parseId("org", text);
      return unlessCancelled(context, {
        result: { slug, status },
        isMade: async ({ orgs }) => (await orgs.find(id))?.status === status,
        make: ({ orgs }) => orgs.setStatus(id, status),
      });
    },
  });
}

interface Change {
  readonly verb: "suspend" | "resume";
  readonly from: StoredOrg["status"];
  readonly to: StoredOrg["status"];
}
