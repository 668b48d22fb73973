import {
  APPROVAL_EVENTS,
  type ApprovalPolicy,
  DEFAULT_POLICY,
  REFUSAL_CODES,
} from "../../packages/sdk/src/approvals/index.ts";
import { STANDARD_POLICY } from "../../packages/sdk/src/approving/policy.ts";
import { fuzz } from "../../packages/sdk/test/approvals/fuzz.ts";
import { findHoles } from "./approvals/find-holes.ts";
import { fuzzActions } from "./approvals/fuzz-actions.ts";
import type { TortureOptions } from "./main.ts";
import { byCount, printTable } from "./tally.ts";

/**
 * Random attempts at approvals, judged by an oracle of its own: none may have an effect that it must not. First at the
 * state machine, with the policy that it has by default and with the one that holds where nothing else was said; then
 * through the actions, with a store and clusters; and last through the same with holes in it, each of which it has to find.
 */
export async function run(options: TortureOptions): Promise<void> {
  fuzzPure("the default policy", DEFAULT_POLICY, options);
  fuzzPure("the policy that holds where nothing was said", STANDARD_POLICY, options);
  await fuzzActions(options);
  await findHoles(options);
}

function fuzzPure(
  name: string,
  policy: ApprovalPolicy,
  { seed, rounds = 50_000, tally }: TortureOptions,
): void {
  const { events, refusals, complaints } = fuzz(seed, rounds, policy);
  console.log(`The state machine, with ${name}`);
  printTable(
    ["Event", "taken", "refused"],
    APPROVAL_EVENTS.map((event) => [event, events[event].taken, events[event].refused]),
  );
  console.log();
  printTable(["Refused because", "times"], byCount(refusals));

  const steps = APPROVAL_EVENTS.reduce(
    (sum, event) => sum + events[event].taken + events[event].refused,
    refusals.get("old version") ?? 0,
  );
  console.log(`\n${steps} steps from seed ${seed}, ${complaints.length} privileged effects\n`);
  for (const complaint of complaints) tally.check(false, () => complaint);
  tally.check(complaints.length === 0, () => `${complaints.length} privileged effects`);
  tally.check(steps === rounds, () => `${steps} steps were made, of ${rounds}`);
  if (rounds < 10_000) return;
  for (const event of APPROVAL_EVENTS) {
    tally.check(events[event].taken > 0, () => `${event} never happened`);
    tally.check(events[event].refused > 0, () => `${event} was never refused`);
  }
  console.log(`${refusals.size} kinds of refusal, of ${REFUSAL_CODES.length + 1}\n`);
}
