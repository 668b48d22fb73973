import type { Database } from "../engine.ts";
import { checkCatalogue } from "./catalogue.ts";
import type { Finding } from "./finding.ts";
import { probe } from "./probe.ts";

/** What a check of the store found. */
export interface CheckReport {
  /** Empty when every wall holds; holes first. */
  readonly findings: readonly Finding[];
  readonly tables: number;
  /** Statements tried against rows of another organisation. */
  readonly attempts: number;
}

/** Looks for holes in the walls between organisations: in the catalogue, and by trying. Leaves no row behind. */
export async function checkDatabase(database: Database): Promise<CheckReport> {
  const catalogue = await checkCatalogue(database);
  const { findings, attempts, tables } = await probe(database);
  const all = [...catalogue, ...findings];
  const holes = all.filter(({ severity }) => severity === "hole");
  const advice = all.filter(({ severity }) => severity === "advice");
  return { findings: [...holes, ...advice], tables, attempts };
}
