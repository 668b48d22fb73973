import type { BalancingMethod, BalancingMode } from "@kappa4/connectors";
import type { Model } from "../model/model.ts";
import type { Resource } from "../model/resources.ts";

/** Whole percent, as people say it: 0.914 is `91 %`. */
export function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}

/** A change in percent: `91 → 78 %`. */
export function change(before: number, after: number): string {
  return `${Math.round(before * 100)} → ${Math.round(after * 100)} %`;
}

/** Percentage points with one digit: `12.5`. */
export function points(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Bytes in the unit that people use for guests. */
export function gibibytes(bytes: number): string {
  return `${Math.round((bytes / 2 ** 30) * 10) / 10} GiB`;
}

/** What a resource is called in a sentence. */
export function nameOf(resource: Resource, method?: BalancingMethod, mode?: BalancingMode): string {
  if (mode === "psi" && resource.name === "pressure") return `${wordOf(method)} pressure`;
  if (resource.name === "cpu") return "CPU";
  // The word of the mode: `--mode assigned` levels what is assigned.
  return resource.name.replace("configured", "assigned");
}

/** What is levelled, in a sentence. */
export function levelled({ resources, settings }: Model): string {
  return nameOf(resources.level, settings.method, settings.mode);
}

/** Up to three names, and how many more there are. */
export function some(names: readonly (string | number)[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function wordOf(method: BalancingMethod | undefined): string {
  if (method === "cpu") return "CPU";
  return method === "disk" ? "I/O" : "memory";
}
