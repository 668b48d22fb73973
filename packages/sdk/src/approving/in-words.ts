import { redactText } from "@kappa4/connectors";
import type { RunAction, WorkDescription } from "../actions/define.ts";
import { type Approval, type RiskFacts, riskOf, whyOf } from "../approvals/index.ts";
import type { StoredPlan } from "../store/index.ts";

/** Says what a stored piece of work would do; what looks like a secret stays hidden, as it does on the record. */
export function describeWork(
  action: RunAction<unknown, unknown>,
  { content, connection }: Pick<StoredPlan, "content" | "connection">,
): WorkDescription {
  const { sentence, facts } = action.describe(content, { connection });
  return {
    sentence: inOneLine(sentence),
    facts: facts.map(({ name, value }) => ({ name: inOneLine(name), value: inOneLine(value) })),
  };
}

/** Says that this version does not know what a stored piece of work would do. */
export function describeUnknown({
  action,
  cluster,
}: Pick<StoredPlan, "action" | "cluster">): WorkDescription {
  const sentence = `Carries out ${action} on ${cluster}, which this version of Kappa4 does not know: update it to see what that does, and to approve it.`;
  return { sentence, facts: [] };
}

/** A name that somebody chose must not look like a fact of its own. */
function inOneLine(text: string): string {
  return redactText(text).replaceAll(/\s+/g, " ");
}

/** Says what makes an approval of its class; `facts` are those of the work alone, for one that was asked for before that was kept. */
export function whyOfClass({ risk, risen, why }: Approval, facts: RiskFacts | undefined): string {
  const kept = risen?.why ?? why;
  if (kept !== undefined) return kept;
  if (facts === undefined) return "the version of Kappa4 that it was asked with knows why";
  if (riskOf(facts) === risk) return whyOf(facts);
  return "moves that nobody had voted on, or what was found in the cluster, counted with it";
}
