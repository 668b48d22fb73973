import { type Issue, Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { issuesIn, parseInput } from "../actions/parse.ts";
import { applySchema, approvalsSchema, balancingSchema } from "../config/index.ts";
import { findSection, SECTIONS, type Section } from "../settings/sections.ts";
import type { OrgTransaction } from "../store/index.ts";

/** Which part of the configuration. */
export interface SectionInput {
  readonly section: Section;
}

/** The field of {@link SectionInput}. */
export const sectionField: z.ZodType<Section> = z
  .enum(SECTIONS)
  .describe("Which part of the configuration.");

/** A revision by its number. */
export const revisionField: z.ZodType<number> = z
  .int()
  .min(0)
  .describe("A revision by its number; 0: before the first, when nothing was changed.");

const SCHEMAS: Readonly<Record<Section, z.ZodType>> = {
  balancing: balancingSchema,
  apply: applySchema,
  approvals: approvalsSchema,
};

/** Lists what is wrong with a section. */
export function problemsOfSection(section: Section, value: unknown): readonly Issue[] {
  return issuesIn(SCHEMAS[section], value);
}

/** Returns a section as it is stored: checked, as plain data. Throws `invalid_argument` with every problem. */
export function checkedSection(
  section: Section,
  value: unknown,
): Readonly<Record<string, unknown>> {
  const checked = parseInput(SCHEMAS[section], value, `The section ${section}`);
  return JSON.parse(JSON.stringify(checked));
}

/** Returns what a section said in a revision; before the first it said nothing. Throws `not_found`. */
export async function sectionAt(
  tx: OrgTransaction,
  section: Section,
  revision: number,
): Promise<unknown> {
  if (revision === 0) return {};
  const found = await findSection(tx, section, revision);
  if (found !== undefined) return found.value;
  const message = `There is no revision ${revision} of ${section}; config.history lists them.`;
  throw new Kappa4Error("not_found", message);
}
