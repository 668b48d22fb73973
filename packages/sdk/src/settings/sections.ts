import type { RebalanceOptions } from "../balancing/index.ts";
import type { ApplySettings } from "../config/index.ts";
import type { OrgTransaction, StoredDocument } from "../store/index.ts";

/** The parts of a configuration that can be changed while Kappa4 runs. */
export const SECTIONS = ["balancing", "apply", "approvals"] as const;

/** One of {@link SECTIONS}. */
export type Section = (typeof SECTIONS)[number];

/** Where each is kept; what governs approvals has one place, whoever writes it. */
const KEYS = {
  balancing: "config.balancing",
  apply: "config.apply",
  approvals: "approvals",
} as const satisfies Readonly<Record<Section, string>>;

/** All documents of the organisation as a whole. */
const SCOPE = "org";

/** Returns the last revision of a section, or the one asked for; undefined where nothing is stored. */
export function findSection(
  tx: OrgTransaction,
  section: Section,
  revision?: number,
): Promise<StoredDocument | undefined> {
  return tx.documents.find(SCOPE, KEYS[section], revision);
}

/** Returns what a section was, the newest first. */
export function sectionHistory(
  tx: OrgTransaction,
  section: Section,
  limit?: number,
): Promise<readonly StoredDocument[]> {
  return tx.documents.history(SCOPE, KEYS[section], limit);
}

/** What a section becomes. */
export interface SectionChange extends Pick<StoredDocument, "value" | "by" | "at"> {
  readonly note: string;
  /** The revision that it was made from, 0 for none. */
  readonly after: number;
}

/** Adds a revision of a section and returns its number. Throws `conflict` when somebody else was faster. */
export function putSection(
  tx: OrgTransaction,
  section: Section,
  change: SectionChange,
): Promise<number> {
  return tx.documents.put({ ...change, scope: SCOPE, key: KEYS[section] });
}

/** What is stored of how clusters are levelled; it was checked when it was stored. */
export async function storedBalancing(tx: OrgTransaction): Promise<RebalanceOptions> {
  return ((await findSection(tx, "balancing"))?.value ?? {}) as RebalanceOptions;
}

/** What is stored of how plans are carried out; it was checked when it was stored. */
export async function storedApply(tx: OrgTransaction): Promise<ApplySettings> {
  return ((await findSection(tx, "apply"))?.value ?? {}) as ApplySettings;
}
