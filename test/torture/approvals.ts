import {
  APPROVAL_EVENTS,
  type ApprovalPolicy,
  DEFAULT_POLICY,
  REFUSAL_CODES,
} from "../../packages/sdk/src/approvals/index.ts";
import { STANDARD_POLICY } from "../../packages/sdk/src/approving/policy.ts";
import { fuzz } from "../../packages/sdk/test/approvals/fuzz.ts";
import { fuzzReal, TRIES } from "../../packages/sdk/test/approvals/real-fuzz.ts";
import { Dice } from "../../packages/sdk/test/balancing/dice.ts";
import type { TortureOptions } from "./main.ts";
import { printTable } from "./tally.ts";

/** So many steps of the state machine for one call of the actions. */
const STEPS_PER_CALL = 10;
/** From so many calls on each thing that is tried has to be refused, and the usual ones to happen as well. */
const MANY_CALLS = 3000;
/** Emergencies, and what is of the highest class, take so many chances at once that a seed may go without. */
const USUAL = ["request", "approve", "deny", "withdraw"] as const;
const USUAL_CLASSES = [1, 2, 3];

/**
 * Random attempts at approvals, judged by an oracle of its own: none may have an effect that it must not. First at the
 * state machine, with the policy that it has by default and with the one that holds where nothing else was said; then
 * through the actions, with a store.
 */
export async function run(options: TortureOptions): Promise<void> {
  fuzzPure("the default policy", DEFAULT_POLICY, options);
  fuzzPure("the policy that holds where nothing was said", STANDARD_POLICY, options);
  await fuzzActions(options);
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

/** Every effect that was judged is a check of its own; what was refused is none. */
async function fuzzActions({ seed, rounds = 50_000, tally }: TortureOptions): Promise<void> {
  const wanted = Math.max(1, Math.round(rounds / STEPS_PER_CALL));
  let complaints = 0;
  const report = await fuzzReal(new Dice(seed), wanted, (complaint) => {
    complaints += complaint === undefined ? 0 : 1;
    tally.check(complaint === undefined, () => complaint ?? "");
  });
  const { calls, tries, refusals, replayed, began } = report;
  console.log("Through the actions, with a store");
  printTable(
    ["Tried", "taken", "refused"],
    TRIES.map((what) => [what, tries[what].taken, tries[what].refused]),
  );
  console.log();
  printTable(["Refused with", "times"], byCount(refusals));
  console.log();
  printTable(
    ["Runs of class", "began"],
    [...began].sort(([one], [other]) => one - other),
  );
  console.log(
    `\n${calls} calls from seed ${seed}, ${replayed} answered as before, ${complaints} privileged effects`,
  );
  if (calls < MANY_CALLS) return;
  for (const what of USUAL) {
    tally.check(tries[what].taken > 0, () => `${what} never took effect`);
  }
  for (const what of TRIES) {
    tally.check(tries[what].refused > 0, () => `${what} was never refused`);
  }
  for (const risk of USUAL_CLASSES) {
    tally.check(began.has(risk), () => `no run of class ${risk} ever began`);
  }
  tally.check(replayed > 0, () => "no request was ever answered as before");
}

function byCount(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort(([, one], [, other]) => other - one);
}
