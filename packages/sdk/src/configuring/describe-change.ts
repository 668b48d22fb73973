import { isSecretKey, REDACTED } from "@kappa4/connectors";
import type { WorkDescription } from "../actions/define.ts";
import { redact } from "../audit/redact.ts";
import type { ConfigChange } from "./change.ts";
import { type Difference, differences } from "./differences.ts";

/** Says what a change of a section would do: every value that would not be what it is. */
export function describeChange({ section, after, changes }: ConfigChange): WorkDescription {
  const all = changes.flatMap(leavesOf);
  const values = `${all.length} ${all.length === 1 ? "value" : "values"}`;
  const from = after === 0 ? "" : `, made from revision ${after}`;
  return {
    sentence: `Changes ${values} of the section ${section} of the configuration${from}.`,
    facts: all.map((change) => ({ name: change.path || section, value: fromTo(change) })),
  };
}

/** A group of values that comes or goes as a whole is told value by value as well. */
function leavesOf(change: Difference): readonly Difference[] {
  const { path, before = {}, after = {} } = change;
  const parts = differences(before, after, path);
  const isWhole = parts.length === 0 || parts.some((part) => part.path === path);
  return isWhole ? [change] : parts.flatMap(leavesOf);
}

function fromTo({ path, before, after }: Difference): string {
  const isHidden = path.split(".").some(isSecretKey);
  return [before, after].map((value) => (isHidden ? REDACTED : inWords(value))).join(" → ");
}

/** What a section does not say is as the file has it. */
function inWords(value: unknown): string {
  if (value === undefined) return "as in the file";
  return typeof value === "string" ? value : JSON.stringify(redact(value));
}
