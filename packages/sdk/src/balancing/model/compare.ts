import type { GuestId } from "@kappa4/connectors";

/** Orders texts by code unit, the same on every machine and in every locale. */
export function compareTexts(a: string, b: string): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}

/** Orders guest ids: numbers by value and before names. */
export function compareIds(a: GuestId, b: GuestId): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "number") return -1;
  if (typeof b === "number") return 1;
  return compareTexts(a, b);
}
