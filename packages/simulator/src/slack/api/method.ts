import type { Fields } from "../json.ts";
import type { Workspace } from "../state/workspace.ts";

/** Which kind of token a method takes. */
export type TokenKind = "bot" | "app";

/** One method of the Web API. */
export interface ApiMethod {
  /** The scope that the bot token must have; none when undefined. */
  readonly scope?: string | undefined;
  /** Default bot. */
  readonly token?: TokenKind | "any" | "none" | undefined;
  /** Documented calls per minute, enforced on request. */
  readonly perMinute?: number | undefined;
  /** Does the work and returns the answer without `ok`; throws a Refusal. */
  readonly run: (workspace: Workspace, args: Fields) => Fields;
}
