import type { ErrorCode } from "@kappa4/connectors";
import { Kappa4Error } from "@kappa4/connectors";
import { actorName } from "../actions/actor.ts";
import type { ReadContext, RunContext } from "../actions/context.ts";
import type { Conclusion, RunAction, RunEnd, RunOrder } from "../actions/define.ts";
import type { RiskFacts } from "../approvals/index.ts";
import { OURSELVES } from "../ourselves.ts";
import { findSection, putSection, type Section } from "../settings/sections.ts";
import { type Difference, differences } from "./differences.ts";
import type { SectionInput } from "./section.ts";

/** A change of a section before it is made, as plain data. */
export interface ConfigChange {
  readonly section: Section;
  /** All that the section will say. */
  readonly value: Readonly<Record<string, unknown>>;
  /** The revision that it was made from, 0 for none. */
  readonly after: number;
  /** What differs from that revision: what whoever approves has to look at. */
  readonly changes: readonly Difference[];
  /** What the configuration file says of the section, of the program that asked. */
  readonly file?: unknown;
  readonly note: string;
  readonly by: string;
}

/** What is asked for. */
export interface WantedChange extends Pick<ConfigChange, "section" | "value" | "note"> {
  /** The revision that it was made from. Default: the last one. */
  readonly after: number | undefined;
}

/** Works out a change. Throws `conflict` when the section is not as whoever asks has seen it. */
export function changeOrder(
  { inOrg, caller, self }: ReadContext,
  { section, value, note, after }: WantedChange,
): Promise<RunOrder<ConfigChange>> {
  if (section === "approvals" && self.config.approvals !== undefined) {
    const message =
      "The configuration file says how approvals go, and wins at each start; change them there.";
    throw new Kappa4Error("failed_precondition", message, { retryable: false });
  }
  return inOrg(async (tx) => {
    const last = await findSection(tx, section);
    const revision = last?.revision ?? 0;
    if (after !== undefined && after !== revision) {
      const message = `The section ${section} is at revision ${revision} by now, not ${after}; look at it again.`;
      throw new Kappa4Error("conflict", message, { retryable: false });
    }
    const by = actorName(caller.actor);
    const changes = differences(last?.value ?? {}, value);
    const { [section]: file = {} } = self.config;
    return { ...OURSELVES, content: { section, value, after: revision, changes, file, note, by } };
  });
}

/** What is approved: what the section says, and what it comes after. */
export function changeBinding({ section, value, after }: ConfigChange): unknown {
  return { section, value, after };
}

/** What governs approvals is of the highest class. */
export function changeRisk({ section }: ConfigChange): RiskFacts {
  if (section !== "approvals") return { kind: "edit_config" };
  return { kind: "govern", why: "it changes the rules by which approvals go" };
}

/** Who may change by which rules others approve is for Super Admins, whoever approves it. */
export const governingPolicy: Pick<
  RunAction<SectionInput, ConfigChange>,
  "further" | "judgedBesides"
> = {
  further: { permission: "system.write", when: ({ section }) => section === "approvals" },
  judgedBesides: "system.write for the section approvals",
};

/** Makes a change, once, whoever goes on with it. */
export async function makeChange(
  { clock }: RunContext,
  { section, value, after, note, by }: ConfigChange,
): Promise<Conclusion> {
  return {
    async conclude(tx) {
      const last = await findSection(tx, section);
      if ((last?.revision ?? 0) !== after) return changedMeanwhile(section);
      const at = new Date(clock.now());
      const revision = await putSection(tx, section, { value, note, by, at, after });
      return { state: "succeeded", result: { section, revision } };
    },
  };
}

function changedMeanwhile(section: Section): RunEnd {
  const code: ErrorCode = "plan_stale";
  const message = `Somebody else has changed ${section} meanwhile; look at it, then ask again.`;
  return { state: "stale", result: null, error: { code, message } };
}
