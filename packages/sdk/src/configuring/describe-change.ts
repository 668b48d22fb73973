import type { WorkDescription } from "../actions/define.ts";
import { STANDARD_POLICY } from "../approving/policy.ts";
import type { ConfigChange } from "./change.ts";
import { type Difference, differences } from "./differences.ts";

/**
 * Says what a change of a section would do: every value that would not be what it is. No section knows a key for a
 * secret: what a key looks like is the name of a node, a pool or a guest, and hides nothing.
 */
export function describeChange({ section, after, changes, file }: ConfigChange): WorkDescription {
  const usual = section === "approvals" ? STANDARD_POLICY : {};
  const unsaid = new Map([
    ...valuesOf(usual).map(([path, value]) => [path, `${value}, the usual`] as const),
    ...valuesOf(file).map(([path, value]) => [path, `${value}, as in the file`] as const),
  ]);
  const all = changes.flatMap(leavesOf);
  const values = `${all.length} ${all.length === 1 ? "value" : "values"}`;
  const from = after === 0 ? "" : `, made from revision ${after}`;
  return {
    sentence: `Changes ${values} of the section ${section} of the configuration${from}.`,
    facts: all.map((change) => ({ name: change.path || section, value: fromTo(change, unsaid) })),
  };
}

/** A group of values that comes or goes as a whole is told value by value as well. */
function leavesOf(change: Difference): readonly Difference[] {
  const { path, before = {}, after = {} } = change;
  const parts = differences(before, after, path);
  const isWhole = parts.length === 0 || parts.some((part) => part.path === path);
  return isWhole ? [change] : parts.flatMap(leavesOf);
}

/** Lists the values in a section, in words, with their paths. */
function valuesOf(section: unknown): readonly (readonly [path: string, value: string])[] {
  return leavesOf({ path: "", before: {}, after: section })
    .filter(({ after }) => after !== undefined)
    .map(({ path, after }) => [path, inWords(after)]);
}

/** What a section does not say is as the file has it, and where that says nothing either, the usual. */
function fromTo({ path, before, after }: Difference, unsaid: ReadonlyMap<string, string>): string {
  const told = (value: unknown) =>
    value === undefined ? (unsaid.get(path) ?? "the usual") : inWords(value);
  return [before, after].map(told).join(" → ");
}

function inWords(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
