import type { GuestConfig } from "./config.ts";

const MARK = "kappa4-key:";
const WRITTEN = new RegExp(`^${MARK}(\\S+)\\s*$`, "m");

/** Adds the key of a call to the description of a guest, as a line of its own. */
export function describeWithKey(description: string | number | undefined, key: string): string {
  return [...(description === undefined ? [] : [String(description), ""]), `${MARK}${key}`].join(
    "\n",
  );
}

/** Finds the key in a guest's configuration; undefined when it has none. */
export function keyOf(config: GuestConfig): string | undefined {
  return WRITTEN.exec(String(config.description ?? ""))?.[1];
}
