import type { FindConfigOptions } from "@kappa4/sdk";
import type { CommandIo } from "../io.ts";

/** Where a command looks for its configuration. */
export function placesOf({ cwd, env }: CommandIo): Required<FindConfigOptions> {
  return { directory: cwd, variables: env };
}
