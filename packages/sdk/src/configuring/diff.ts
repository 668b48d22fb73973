import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { onOrg } from "../actions/scopes.ts";
import { findSection } from "../settings/sections.ts";
import { type Difference, differences } from "./differences.ts";
import { revisionField, type SectionInput, sectionAt, sectionField } from "./section.ts";

/** Which revisions of which section. */
export interface ConfigDiffInput extends SectionInput {
  /** Default: the one before `to`; what comes before the first says nothing. */
  readonly from?: number | undefined;
  /** Default: the last one. */
  readonly to?: number | undefined;
}

/** What has changed from one revision to another. */
export interface ConfigDiff {
  /** 0: before the first. */
  readonly from: number;
  readonly to: number;
  readonly changes: readonly Difference[];
}

/** `config.diff` */
export const diff: ReadAction<ConfigDiffInput, ConfigDiff> = defineAction<
  ConfigDiffInput,
  ConfigDiff
>({
  name: "config.diff",
  description: "Says what has changed between two revisions of a section of the configuration.",
  kind: "read",
  risk: 0,
  permission: "config.read",
  input: z.strictObject({
    section: sectionField,
    from: revisionField
      .optional()
      .describe("A revision, 0: before the first. Default: the one before the other."),
    to: revisionField.optional().describe("A revision. Default: the last one."),
  }),
  ...onOrg,
  audit: ({ section }) => ({ targets: [`config:${section}`] }),
  run: ({ inOrg }, { section, from: earlier, to: later }) =>
    inOrg(async (tx) => {
      const last = (await findSection(tx, section))?.revision ?? 0;
      const to = later ?? last;
      const from = earlier ?? Math.max(0, to - 1);
      const valueAt = (revision: number) => sectionAt(tx, section, revision);
      return { from, to, changes: differences(await valueAt(from), await valueAt(to)) };
    }),
});
