import type { Issue } from "@kappa4/connectors";
import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { onOrg } from "../actions/scopes.ts";
import { problemsOfSection, type SectionInput, sectionField } from "./section.ts";

/** What a section is to say. */
export interface ValidateConfigInput extends SectionInput {
  readonly value: unknown;
}

/** `config.validate` */
export const validate: ReadAction<ValidateConfigInput, readonly Issue[]> = defineAction<
  ValidateConfigInput,
  readonly Issue[]
>({
  name: "config.validate",
  description: "Lists every problem of a section of the configuration, and changes nothing.",
  kind: "read",
  risk: 0,
  permission: "config.write",
  input: z.strictObject({
    section: sectionField,
    value: z.unknown().describe("What the section is to say."),
  }),
  ...onOrg,
  audit: ({ section }) => ({ targets: [`config:${section}`] }),
  run: async (_context, { section, value }) => problemsOfSection(section, value),
});
