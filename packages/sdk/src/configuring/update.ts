import { z } from "zod";
import { defineAction, type RunAction } from "../actions/define.ts";
import { reasonField } from "../actions/inputs.ts";
import { onOrg } from "../actions/scopes.ts";
import {
  type ConfigChange,
  changeBinding,
  changeOrder,
  changeRisk,
  governingPolicy,
  makeChange,
} from "./change.ts";
import { describeChange } from "./describe-change.ts";
import { checkedSection, type SectionInput, sectionField } from "./section.ts";

/** What a section is to say, and why. */
export interface UpdateConfigInput extends SectionInput {
  /** All of it: what is left out is as the file says, else as usual. */
  readonly value: unknown;
  /** Why; it is kept with the revision. */
  readonly note: string;
  /** The revision that it was made from, 0 for none: another one since is a `conflict`. Default: whichever is the last. */
  readonly after?: number | undefined;
}

/** `config.update` */
export const update: RunAction<UpdateConfigInput, ConfigChange> = defineAction<
  UpdateConfigInput,
  ConfigChange
>({
  name: "config.update",
  description: "Changes a section of the configuration, once those who have to have approved it.",
  kind: "run",
  permission: "config.write",
  ...governingPolicy,
  input: z.strictObject({
    section: sectionField,
    value: z
      .unknown()
      .describe("All that the section is to say; the rest is as in the file, else as usual."),
    note: reasonField,
    after: z.int().min(0).optional().describe("The revision that it was made from."),
  }),
  ...onOrg,
  audit: ({ section, note }) => ({ targets: [`config:${section}`], details: { note } }),
  reason: ({ note }) => note,
  binding: changeBinding,
  risk: changeRisk,
  describe: describeChange,
  order: async (context, { section, value, note, after }) =>
    changeOrder(context, { section, note, after, value: checkedSection(section, value) }),
  execute: makeChange,
});
