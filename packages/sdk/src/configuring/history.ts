import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { onOrg } from "../actions/scopes.ts";
import { sectionHistory } from "../settings/sections.ts";
import type { StoredSection } from "./get.ts";
import { type SectionInput, sectionField } from "./section.ts";

/** Which section, and how far back. */
export interface ConfigHistoryInput extends SectionInput {
  /** At most so many revisions, 100 at the most. Default 100. */
  readonly limit?: number | undefined;
}

/** `config.history` */
export const history: ReadAction<ConfigHistoryInput, readonly StoredSection[]> = defineAction<
  ConfigHistoryInput,
  readonly StoredSection[]
>({
  name: "config.history",
  description: "Lists what a section of the configuration was, by whom and why, the newest first.",
  kind: "read",
  risk: 0,
  permission: "config.read",
  input: z.strictObject({
    section: sectionField,
    limit: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe("At most so many, 100 at the most. Default 100."),
  }),
  ...onOrg,
  audit: ({ section }) => ({ targets: [`config:${section}`] }),
  async run({ inOrg }, { section, limit }) {
    const revisions = await inOrg((tx) => sectionHistory(tx, section, limit));
    return revisions.map(({ revision, value, note, by, at }) => {
      return { revision, value, note, by, at };
    });
  },
});
