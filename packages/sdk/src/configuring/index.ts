import { diff } from "./diff.ts";
import { exportConfig } from "./export.ts";
import { get } from "./get.ts";
import { history } from "./history.ts";
import { restore } from "./restore.ts";
import { update } from "./update.ts";
import { validate } from "./validate.ts";

export type { ConfigDiff, ConfigDiffInput } from "./diff.ts";
export type { Difference } from "./differences.ts";
export type { ExportedConfig } from "./export.ts";
export type { ConfigView, StoredSection } from "./get.ts";
export type { ConfigHistoryInput } from "./history.ts";
export type { RestoreConfigInput } from "./restore.ts";
export type { UpdateConfigInput } from "./update.ts";
export type { ValidateConfigInput } from "./validate.ts";

/** The configuration: what Kappa4 was started with, and what was changed since. */
export interface ConfigActions {
  /** Shows the configuration as it holds, secrets masked. */
  readonly get: typeof get;
  /** Lists what a section was, by whom and why, the newest first. */
  readonly history: typeof history;
  /** Says what has changed between two revisions of a section. Throws `not_found`. */
  readonly diff: typeof diff;
  /** Lists every problem of a section, and changes nothing. */
  readonly validate: typeof validate;
  /** Changes a section, once those who have to have approved it; what it says wins over the file. Throws `invalid_argument` with every problem, `conflict`. */
  readonly update: typeof update;
  /** Gives away what is stored of the configuration; that it was is on record. */
  readonly export: typeof exportConfig;
  /** Makes a section what it was in an earlier revision, once those who have to have approved it. Throws `not_found`. */
  readonly restore: typeof restore;
}

/** The actions of `kappa4.config`. */
export const config: ConfigActions = {
  get,
  history,
  diff,
  validate,
  update,
  export: exportConfig,
  restore,
};
