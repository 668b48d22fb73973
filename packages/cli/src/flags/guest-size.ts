import { parseByteSize } from "@kappa4/sdk";
import type { FlagValues } from "./flag-values.ts";

/** Reads a flag that is an amount of memory with its unit; notes a problem when it is none. */
export function sizeFlag(flags: FlagValues, name: string): number | undefined {
  const text = flags.text(name);
  if (text === undefined) return undefined;
  const bytes = parseByteSize(text);
  // Who types 8 means 8 GiB; as bytes every node would have room for it.
  if (bytes !== undefined && !/\d\s*$/.test(text)) return bytes;
  flags.problem(name, `must be a size with its unit such as 8GiB, not ${JSON.stringify(text)}`);
  return undefined;
}
