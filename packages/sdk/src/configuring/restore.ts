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
import {
  checkedSection,
  revisionField,
  type SectionInput,
  sectionAt,
  sectionField,
} from "./section.ts";

/** Which revision, and why. */
export interface RestoreConfigInput extends SectionInput {
  /** 0: before the first, when nothing was changed. */
  readonly revision: number;
  /** Why; it is kept with the new revision. */
  readonly note: string;
}

/** `config.restore` */
export const restore: RunAction<RestoreConfigInput, ConfigChange> = defineAction<
  RestoreConfigInput,
  ConfigChange
>({
  name: "config.restore",
  description: "Makes a section of the configuration what it was in an earlier revision.",
  kind: "run",
  permission: "config.write",
  ...governingPolicy,
  input: z.strictObject({ section: sectionField, revision: revisionField, note: reasonField }),
  ...onOrg,
  audit: ({ section, revision, note }) => ({
    targets: [`config:${section}`],
    details: { revision, note },
  }),
  reason: ({ note }) => note,
  binding: changeBinding,
  risk: changeRisk,
  describe: describeChange,
  async order(context, { section, revision, note }) {
    const old = await context.inOrg((tx) => sectionAt(tx, section, revision));
    // Checked again: what a section may say can have become less since.
    const value = checkedSection(section, old);
    return changeOrder(context, { section, note, value, after: undefined });
  },
  execute: makeChange,
});
